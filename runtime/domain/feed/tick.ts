import type { InstrumentKey } from '../market';
import type { Money } from '../money';
import type { EpochMs } from '../time';

/** What a source says about one instrument at one moment: a trade, a change of the best prices, or both. */
export interface Tick {
  readonly instrument: InstrumentKey;
  /** Price of the last trade; an index's value. */
  readonly last: Money;
  readonly bid?: Money;
  readonly ask?: Money;
  /** When the source says it happened (the exchange's time where it is known). Candles are cut by this time. */
  readonly at: EpochMs;
  /** When the source last said that these are the prices, where it knows that to be later than `at` (a quiet contract whose quotes keep coming). */
  readonly quotedAt?: EpochMs;
  /** Units traded since the session's start, as the exchange counts them. Absent for an index and where the source has none. */
  readonly dayVolume?: number;
  /** Units of this trade, where the source counts trades and not the day. */
  readonly lastQuantity?: number;
  /** The close of the trading day before, where the source tells it. */
  readonly previousClose?: Money;
}

/** Best prices by level, best first. */
export interface Depth {
  readonly instrument: InstrumentKey;
  readonly bids: readonly DepthLevel[];
  readonly asks: readonly DepthLevel[];
  readonly at: EpochMs;
}

export interface DepthLevel {
  readonly price: Money;
  readonly quantity: number;
  readonly orders?: number;
}
