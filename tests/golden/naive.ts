import type { Bar } from '../../runtime/domain/indicators/core/bar';

/** Series with undefined where nothing is known, each function straight from its textbook definition: slow, and nobody's kernel. */
export type Series = readonly (number | undefined)[];

export function overWindow(series: Series, size: number, take: (window: readonly number[]) => number | undefined): Series {
  return series.map((_, index) => {
    const window = index + 1 < size ? [] : series.slice(index + 1 - size, index + 1).filter((x) => x !== undefined);
    return window.length === size ? take(window) : undefined;
  });
}

export const sum = (values: readonly number[]): number => values.reduce((total, x) => total + x, 0);
export const mean = (values: readonly number[]): number => sum(values) / values.length;
export const smaOf = (series: Series, size: number): Series => overWindow(series, size, mean);
export const highestOf = (series: Series, size: number): Series => overWindow(series, size, (window) => Math.max(...window));
export const lowestOf = (series: Series, size: number): Series => overWindow(series, size, (window) => Math.min(...window));
export const wmaOf = (series: Series, size: number): Series =>
  overWindow(series, size, (window) => sum(window.map((x, place) => x * (place + 1))) / sum(window.map((_, place) => place + 1)));
export const deviationOf = (series: Series, size: number): Series =>
  overWindow(series, size, (window) => Math.sqrt(mean(window.map((x) => (x - mean(window)) ** 2))));

/** An average that keeps `1 - gain` of itself, seeded with the mean of the first `size` known values. */
export function smoothed(series: Series, size: number, gain: number): Series {
  const first = series.findIndex((x) => x !== undefined);
  let level: number | undefined;
  return series.map((x, index) => {
    if (x === undefined || first < 0 || index < first + size - 1) return undefined;
    level = level === undefined ? mean(series.slice(first, index + 1).map((value) => value ?? NaN)) : level + gain * (x - level);
    return level;
  });
}

export const emaOf = (series: Series, size: number): Series => smoothed(series, size, 2 / (size + 1));
export const rmaOf = (series: Series, size: number): Series => smoothed(series, size, 1 / size);

/** Both known, or nothing. */
export function combine(a: Series, b: Series, take: (x: number, y: number) => number): Series {
  return a.map((x, index) => {
    const y = b[index];
    return x === undefined || y === undefined ? undefined : take(x, y);
  });
}

export function trueRanges(bars: readonly Bar[], firstCounts: boolean): Series {
  return bars.map((bar, index) => {
    const last = bars[index - 1]?.close;
    if (last === undefined) return firstCounts ? bar.high - bar.low : undefined;
    return Math.max(bar.high, last) - Math.min(bar.low, last);
  });
}

export const atrOf = (bars: readonly Bar[], size: number, firstCounts = false): Series => rmaOf(trueRanges(bars, firstCounts), size);

export function regressionEnd(window: readonly number[]): number {
  const centre = (window.length - 1) / 2;
  const slope = sum(window.map((y, x) => (x - centre) * (y - mean(window)))) / sum(window.map((_, x) => (x - centre) ** 2));
  return mean(window) + slope * centre;
}

/** Bands as TradingView draws them: which one stands, and on which side. */
export function supertrendOf(bars: readonly Bar[], atr: Series, multiplier: number, startsRising: boolean): { readonly value: Series; readonly direction: Series } {
  const value: (number | undefined)[] = [];
  const direction: (number | undefined)[] = [];
  let [upper, lower, rising] = [NaN, NaN, startsRising];
  bars.forEach((bar, index) => {
    const range = atr[index];
    const lastClose = bars[index - 1]?.close ?? NaN;
    if (range !== undefined) {
      const [basicUpper, basicLower] = [(bar.high + bar.low) / 2 + multiplier * range, (bar.high + bar.low) / 2 - multiplier * range];
      const first = Number.isNaN(upper);
      upper = first || basicUpper < upper || lastClose > upper ? basicUpper : upper;
      lower = first || basicLower > lower || lastClose < lower ? basicLower : lower;
      if (!first && rising && bar.close < lower) rising = false;
      else if (!first && !rising && bar.close > upper) rising = true;
    }
    value.push(range === undefined ? undefined : rising ? lower : upper);
    direction.push(range === undefined ? undefined : rising ? 1 : -1);
  });
  return { value, direction };
}
