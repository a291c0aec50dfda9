export { createApprovalDesk, type ApprovalDesk, type AnswerBinding, type Question } from './desk';
export { messagePage, PAGE_HEADERS } from './page';
export { signalOfAnswer } from './signal';
