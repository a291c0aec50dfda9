import type { PaperAccount } from '../account';
import type { CandleColumns } from '../candle/columns';
import type { Instrument } from '../market';
import type { EpochMs } from '../time';

/** The past of one instrument in one timeframe: closed candles, oldest first, times are STARTS. Longer timeframes are made of it. */
export interface RecordedCandles {
  readonly instrument: Instrument;
  readonly timeframeMs: number;
  readonly columns: CandleColumns;
  /** What a reader of the result must know of them, as their file says: that they are nobody's prices. */
  readonly note?: string;
}

/** What a flow is walked over. Candles before `from` are warm-up: indicators see them, triggers do not fire on them. */
export interface BacktestTerms {
  /** One entry an instrument; the shortest timeframe that is known of it. */
  readonly data: readonly RecordedCandles[];
  readonly from: EpochMs;
  /** Exclusive. */
  readonly until: EpochMs;
  /** Capital, limits, slippage, participation and safety, as for a paper account. */
  readonly account: PaperAccount;
  /** exchange: charges of Indian brokers, exchanges and the state by date. none: no charges. */
  readonly charges: 'exchange' | 'none';
}
