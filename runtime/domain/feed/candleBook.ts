import type { Candle } from '../candle/candle';
import type { Condition, Lookup, Series } from '../condition';
import type { Outcome } from '../denial';
import type { Instrument } from '../market';
import type { EpochMs } from '../time';

/** Candles of one instrument in one timeframe (`1m`, `15m`, `1h`, `1d`, `1w`, or any whole multiple; see condition/timeframe). Cut from the session's open. */
export interface CandleRequest {
  readonly instrument: Instrument;
  readonly timeframe: string;
}

/** A candle with what is known of how it came about. */
export interface SeenCandle {
  readonly candle: Candle;
  /** True when ticks of it were missed and no history filled them in: nothing may be decided on it. */
  readonly incomplete: boolean;
  /** End of the candle, the time from which it is known to be closed. */
  readonly until: EpochMs;
}

/** Candles as they close, warmed up with history, shared by all flows. */
export interface CandleBook {
  /**
   * Calls the listener with every candle that closes from now on, in order; with `forming` also with the newest one on each tick (`closed: false`).
   * A returned promise slows a recorded source down.
   */
  watch(request: CandleRequest, listener: (seen: SeenCandle) => void | Promise<void>, options?: { readonly forming?: boolean }): () => void;
  /** Up to `limit` newest candles that were closed at `asOf` (default: now), oldest first, history included. */
  closed(request: CandleRequest, options: { readonly limit: number; readonly asOf?: EpochMs }): Promise<Outcome<readonly SeenCandle[]>>;
  /** The newest candle as far as ticks have shown it. */
  forming(request: CandleRequest): SeenCandle | undefined;
}

/** `talib` is the default everywhere; `pine` gives TradingView's seeding. */
export type Convention = 'talib' | 'pine';

export interface SeriesRequest extends CandleRequest {
  /** What will be asked: the plan of a condition, or the readings of an Indicator node. Nothing else can be answered. */
  readonly lookups: readonly Lookup[];
  readonly convention: Convention;
}

/** Candles, indicators and patterns of one instrument as of one closed candle. */
export interface SeriesSnapshot {
  readonly instrument: Instrument;
  /** The newest closed candle of the request's own timeframe. */
  readonly newest: SeenCandle;
  readonly series: Series;
  /** How many closed candles stand behind the values, for people. */
  readonly candles: number;
}

/** What a watch of series waits for. Whoever has the candles already may leave out those that can not matter to it: with `becomesTrue` where the condition stands as it stood before or is unknown, with `whileTrue` where it is not true. */
export interface ConditionWish {
  readonly condition: Condition;
  readonly again: 'becomesTrue' | 'whileTrue';
}

/** Indicator states, one per (instrument, timeframe, expression, convention), shared and reference-counted over all flows. */
export interface SeriesBook {
  /** As of the newest candle that was closed at `asOf` (default: now). */
  at(request: SeriesRequest, asOf?: EpochMs): Promise<Outcome<SeriesSnapshot>>;
  /** Calls the listener each time a candle of the request's own timeframe closes, when every state has taken it. */
  watch(request: SeriesRequest, listener: (snapshot: SeriesSnapshot) => void | Promise<void>, wish?: ConditionWish): () => void;
}
