import { z } from 'zod';
import type { EpochMs } from '../time';

/** What happened to a price from `time` on, for one timeframe. Prices are floats in currency units, as indicators take them. */
export interface Candle {
  /** START of the candle. */
  readonly time: EpochMs;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** Units traded; 0 where nothing traded and for an index, which has no volume. */
  readonly volume: number;
  /** False while the candle still forms. */
  readonly closed: boolean;
}

const price = z.number();

/** Reads a candle from outside: finite numbers, a range that holds open and close, no negative volume. */
export const CandleSchema: z.ZodType<Candle> = z.object({
  time: z.number().int(),
  open: price,
  high: price,
  low: price,
  close: price,
  volume: z.number().nonnegative(),
  closed: z.boolean(),
}).refine(({ open, high, low, close }) => high >= Math.max(open, close, low) && low <= Math.min(open, close), { message: 'high and low must hold open and close' });
