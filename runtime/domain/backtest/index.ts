export { allRefused } from './allRefused';
export type { AlertMark, BacktestResult, BacktestWarning, EquityColumns, NodeLane, Refusal, Trade, TradeReason } from './result';
export type { BacktestTerms, RecordedCandles } from './terms';
export { tradesOf, type ReasonedFill } from './trades';
export type { BacktestReport, BacktestWish } from './wish';
