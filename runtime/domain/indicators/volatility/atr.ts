import { z } from 'zod';
import type { Convention } from '../core/convention';
import type { Bar, BarColumns } from '../core/bar';
import { convention, defineIndicator, period } from '../core/define';
import { BarLine, type Outputs } from '../core/indicator';
import { trueRangeOf } from './trueRange';

/**
 * Average true range: Wilder's average of the true range, seeded with the simple average of the first `period` ones. Unit of price.
 * TA-Lib's ATR leaves out the first candle, which has no close before it: first value at `period`. Pine's ta.atr counts it with
 * high - low: first value at `period - 1`. Wilder 1978.
 */
export class Atr extends BarLine {
  readonly begin: number;
  private readonly period: number;
  private readonly keep: number;
  private readonly share: number;
  private lastClose = NaN;
  private level = 0;
  private seen: number;

  constructor(options: { readonly period: number; readonly convention?: Convention }) {
    super();
    const early = options.convention === 'pine';
    this.period = options.period;
    this.begin = early ? options.period - 1 : options.period;
    this.keep = (options.period - 1) / options.period;
    this.share = 1 / options.period;
    this.seen = early ? 0 : -1;
  }

  next(bar: Bar): number {
    return this.step(bar.high, bar.low, bar.close);
  }

  /** One candle by its numbers. */
  step(high: number, low: number, close: number): number {
    const { lastClose } = this;
    this.lastClose = close;
    if (this.seen === this.period) {
      return (this.level = this.level * this.keep + trueRangeOf(high, low, lastClose) * this.share);
    }
    this.seen += 1;
    if (this.seen === 0) return NaN;
    this.level += Number.isNaN(lastClose) ? high - low : trueRangeOf(high, low, lastClose);
    return this.seen < this.period ? NaN : (this.level /= this.period);
  }

  override batch(columns: BarColumns, { value }: Outputs): void {
    const { high, low, close } = columns;
    const seeding = Math.min(columns.length, this.period - this.seen);
    for (let index = 0; index < seeding; index += 1) value[index] = this.step(high[index] ?? NaN, low[index] ?? NaN, close[index] ?? NaN);
    const { keep, share } = this;
    let { level, lastClose } = this;
    for (let index = seeding; index < columns.length; index += 1) {
      level = level * keep + trueRangeOf(high[index] ?? NaN, low[index] ?? NaN, lastClose) * share;
      lastClose = close[index] ?? NaN;
      value[index] = level;
    }
    this.level = level;
    this.lastClose = lastClose;
  }
}

export const atr = defineIndicator({
  name: 'atr', title: 'Average true range', inputs: ['high', 'low', 'close'], outputs: ['value'], units: ['price'],
  parameters: z.object({ period: period(14), convention }),
  build: (options) => new Atr(options),
});
