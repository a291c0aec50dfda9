import { z } from 'zod';

/** Whose way of starting and of dividing by zero is followed: TA-Lib's, or that of TradingView's Pine built-ins. */
export const Convention = z.enum(['talib', 'pine']);
export type Convention = z.infer<typeof Convention>;

/** TA-Lib takes anything smaller for zero where it divides. */
export const EPSILON = 1e-14;

export function isZero(x: number): boolean {
  return x < EPSILON && x > -EPSILON;
}
