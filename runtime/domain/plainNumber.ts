const GROUPED = new Map<number, Intl.NumberFormat>();

/** Whole numbers of so many digits are times (epoch milliseconds), not amounts. */
const SMALLEST_TIME = 1e11;

/**
 * A number as people read it: `17,38,542`, `812.35`, `0.029`. Grouped as in India, rounded: two decimals from 100 on; below that up to four where they are exact (a currency's 83.2525), else two,
 * and of less than one the first two digits that say something. Times stay as they are.
 */
export function plainNumber(value: number): string {
  if (!Number.isFinite(value) || (Number.isInteger(value) && Math.abs(value) >= SMALLEST_TIME)) return String(value);
  const digits = decimalsOf(value);
  const format = GROUPED.get(digits) ?? new Intl.NumberFormat('en-IN', { maximumFractionDigits: digits });
  GROUPED.set(digits, format);
  const text = format.format(value);
  return text === '-0' ? '0' : text;
}

/** The same rounding as a number, for data that a program may read. */
export function roundedNumber(value: number): number {
  return Number.isFinite(value) ? Number(value.toFixed(decimalsOf(value))) : value;
}

function decimalsOf(value: number): number {
  const size = Math.abs(value);
  if (Number.isInteger(value)) return 0;
  if (size >= 100) return 2;
  if (Math.abs(Math.round(size * 10_000) - size * 10_000) < 1e-6) return 4;
  return size >= 1 ? 2 : Math.min(10, 1 - Math.floor(Math.log10(size)));
}
