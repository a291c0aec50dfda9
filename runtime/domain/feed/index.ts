export type * from './candleBook';
export type * from './ports';
export { STORED_LENGTH_MS, STORED_TIMEFRAMES, storedTimeframe, type StoredTimeframe } from './storedTimeframes';
export type * from './tick';
