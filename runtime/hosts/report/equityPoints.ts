import type { EquityColumns } from '../../domain/backtest';
import { fromMoney, type Money } from '../../domain/money';

/** Points of the curve that a page carries. */
export const MOST_POINTS = 6_000;

/** The account's worth for drawing: times in seconds, equity in rupees, drawdown in percent of the peak before (0 or negative). */
export interface EquityPoints {
  readonly time: readonly number[];
  readonly equity: readonly number[];
  readonly drawdown: readonly number[];
}

/** The curve with its beginning. Where it has more than `most` points, of each stretch its lowest, its highest, and its last one: no fall and no peak is lost. */
export function equityPoints({ length, at, equity }: EquityColumns, capital: Money, from: number, most = MOST_POINTS): EquityPoints {
  const base = fromMoney(capital);
  const points = { time: [Math.floor(from / 1_000)], equity: [base], drawdown: [0] };
  const stretch = Math.max(1, Math.ceil(length / Math.max(1, Math.floor(most / 3))));
  const drawdowns = fallsOf(equity, length, base);
  for (let start = 0; start < length; start += stretch) {
    const end = Math.min(length, start + stretch);
    for (const index of stretch < 3 ? range(start, end) : telling(equity, start, end)) {
      const time = Math.floor((at[index] ?? NaN) / 1_000);
      const last = points.time.length - 1;
      // Charts take one point a second, times ascending: of several the last one counts.
      if (time <= (points.time[last] ?? 0)) {
        points.equity[last] = equity[index] ?? NaN;
        points.drawdown[last] = drawdowns[index] ?? 0;
        continue;
      }
      points.time.push(time);
      points.equity.push(round(equity[index] ?? NaN, 2));
      points.drawdown.push(round(drawdowns[index] ?? 0, 5));
    }
  }
  return points;
}

function fallsOf(equity: Float64Array, length: number, base: number): Float64Array {
  const falls = new Float64Array(length);
  let peak = base;
  for (let index = 0; index < length; index += 1) {
    const value = equity[index] ?? NaN;
    peak = Math.max(peak, value);
    falls[index] = peak > 0 ? (value / peak - 1) * 100 : 0;
  }
  return falls;
}

function telling(equity: Float64Array, start: number, end: number): readonly number[] {
  let [low, high] = [start, start];
  for (let index = start; index < end; index += 1) {
    if ((equity[index] ?? 0) < (equity[low] ?? 0)) low = index;
    if ((equity[index] ?? 0) > (equity[high] ?? 0)) high = index;
  }
  return [...new Set([low, high, end - 1])].sort((one, other) => one - other);
}

function range(start: number, end: number): readonly number[] {
  return Array.from({ length: end - start }, (_, index) => start + index);
}

function round(value: number, decimals: number): number {
  return Math.round(value * 10 ** decimals) / 10 ** decimals;
}
