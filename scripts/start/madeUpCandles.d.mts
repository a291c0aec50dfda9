/** Five-minute candles of the given days (`2026-06-29`) as CSV, times of India: a walk without memory from a fixed seed. */
export function madeUpCandles(days: readonly string[]): string;
