export { filesHistory, type HistoryFile } from './filesHistory';
export { MOST_CANDLES, openCandleStore, type CandleStoreOptions } from './openCandleStore';
