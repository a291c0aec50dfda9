import { z } from 'zod';
import type { EpochMs } from '../../time';

/** One candle as an indicator takes it. A `Candle` is one; session-bound indicators need `session` besides. */
export interface Bar {
  /** START of the candle. */
  readonly time: EpochMs;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  /** When the session of this candle opens: the key of the session, given by whoever knows the calendar. */
  readonly session?: EpochMs | undefined;
}

/** Candles by column, for the batch path. All columns have `length` finite numbers; `session` is NaN where it is not known. */
export interface BarColumns {
  readonly length: number;
  readonly time: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
  readonly session: Float64Array;
}

/** Which number of a candle an indicator of one series follows. */
export const Source = z.enum(['open', 'high', 'low', 'close', 'volume', 'hl2', 'hlc3', 'ohlc4']);
export type Source = z.infer<typeof Source>;

/** The typical price of a candle. */
export function hlc3(bar: Bar): number {
  return (bar.high + bar.low + bar.close) / 3;
}

export function sourceOf(bar: Bar, source: Source): number {
  switch (source) {
    case 'hl2': return (bar.high + bar.low) / 2;
    case 'hlc3': return hlc3(bar);
    case 'ohlc4': return (bar.open + bar.high + bar.low + bar.close) / 4;
    case 'open': case 'high': case 'low': case 'close': case 'volume': return bar[source];
  }
}

/** Whether every number of a candle is finite: an indicator leaves out any other. */
export function isWhole(bar: Bar): boolean {
  return Number.isFinite(bar.open + bar.high + bar.low + bar.close + bar.volume);
}
