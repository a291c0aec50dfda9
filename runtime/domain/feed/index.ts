export type * from './candleBook';
export type * from './ports';
export type * from './tick';
