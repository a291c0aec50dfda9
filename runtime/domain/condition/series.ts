import type { Source } from './ast';

/** A moment some closed candles ago: `candles` of `timeframe` (of the flow's own where absent) before the newest closed one. */
export interface AsOf {
  readonly candles: number;
  readonly timeframe?: string;
}

/**
 * Where values come from: candles, indicators, patterns and the item's fields, all as of one moment.
 * Duties of an implementation:
 * - `offset` counts candles of `timeframe`, or of the flow where it is undefined; 0 is the newest CLOSED one. A forming candle of a higher
 *   timeframe is never visible.
 * - `asOf` says that the value is wanted as it was known then: `offset` counts from the newest candle of `timeframe` that was closed at that moment.
 *   Set only where a comparison steps back in a finer timeframe than the source's own, as in `close crosses above ema(50)@1h`.
 * - A field of the item with an offset above 0, or an `asOf`: its earlier value where one is kept; the same value where it is a level that stands until it is
 *   changed (a stop, an average price); undefined otherwise.
 * - Undefined for whatever is not known: warming up, a gap, an absent field. Never a guess.
 */
export interface Series {
  value(source: Source, offset: number, timeframe: string | undefined, asOf?: AsOf): number | boolean | undefined;
  /** Why `value` gave nothing, for people. Absent: there is no value yet. */
  why?(source: Source, offset: number, timeframe: string | undefined, asOf?: AsOf): 'no value yet' | 'incomplete candle';
}
