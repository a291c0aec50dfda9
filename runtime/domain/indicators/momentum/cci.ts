import { z } from 'zod';
import { hlc3, type Bar, type BarColumns } from '../core/bar';
import { defineIndicator, period } from '../core/define';
import { BarLine, type Outputs } from '../core/indicator';
import { RollingSum } from '../core/rollingSum';

/** Lambert's constant: about three quarters of the values lie between -100 and 100. */
const SCALE = 0.015;

/**
 * Commodity channel index: (p - mean) / (0.015 mean absolute deviation) of the typical price p over `period` candles. First value
 * at `period - 1`. Lambert 1980, TA-Lib's CCI: 0 where there is no deviation. A window of one price is 0 exactly, whatever rounding says.
 */
export class Cci extends BarLine {
  readonly begin: number;
  private readonly period: number;
  private readonly sum: RollingSum;
  private last = NaN;
  private same = 0;
  private seen = 0;

  constructor(options: { readonly period: number }) {
    super();
    this.period = options.period;
    this.begin = options.period - 1;
    this.sum = new RollingSum(options.period);
  }

  next(bar: Bar): number {
    return this.take(hlc3(bar));
  }

  override batch({ length, high, low, close }: BarColumns, { value }: Outputs): void {
    for (let index = 0; index < length; index += 1) value[index] = this.take(((high[index] ?? NaN) + (low[index] ?? NaN) + (close[index] ?? NaN)) / 3);
  }

  private take(price: number): number {
    const { period: size, sum: { window } } = this;
    const mean = this.sum.push(price) / size;
    this.same = price === this.last ? this.same + 1 : 1;
    this.last = price;
    if (this.seen < this.begin) {
      this.seen += 1;
      return NaN;
    }
    if (this.same >= size) return 0;
    const deviation = deviationOf(window.data, window.start, size, mean) / size;
    return deviation === 0 ? 0 : (price - mean) / (SCALE * deviation);
  }
}

/** Sum of absolute distances from `mean`; four sums at once, as each addition waits for the one before. */
function deviationOf(data: Float64Array, from: number, count: number, mean: number): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  const end = from + count;
  let index = from;
  for (; index + 3 < end; index += 4) {
    a += Math.abs((data[index] ?? NaN) - mean);
    b += Math.abs((data[index + 1] ?? NaN) - mean);
    c += Math.abs((data[index + 2] ?? NaN) - mean);
    d += Math.abs((data[index + 3] ?? NaN) - mean);
  }
  for (; index < end; index += 1) a += Math.abs((data[index] ?? NaN) - mean);
  return a + b + (c + d);
}

export const cci = defineIndicator({
  name: 'cci', title: 'Commodity channel index', inputs: ['high', 'low', 'close'], outputs: ['value'], units: ['score'],
  parameters: z.object({ period: period(20, 2) }),
  build: (options) => new Cci(options),
});
