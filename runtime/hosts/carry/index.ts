export { convertFlow } from './convert';
export type { CarryKind, CarryLine, Conversion } from './report';
