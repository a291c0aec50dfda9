export { judgeTouch, isBack, isOnLosingSide, type TouchVerdict } from './judge';
export type { GroupEntry, ReEntryTerms, ReEntryUse } from './reEntry';
export type { ReEntryStore, Touched } from './store';
