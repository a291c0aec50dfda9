import { z } from 'zod';
import type { Bar } from '../core/bar';
import { defineIndicator, factor, period } from '../core/define';
import { BarIndicator, type Outputs } from '../core/indicator';
import { RollingSum } from '../core/rollingSum';

export type RangeCompressionValue = {
  /** Range of the candle / average range of the `period` candles before it. */
  readonly ratio: number;
  /** 1 while the ratio is below `fraction`, else 0. */
  readonly compressed: number;
};

type Name = keyof RangeCompressionValue;

/** Range compression: a candle much narrower than those before it. First value at `period`; unknown where those had no range at all. */
export class RangeCompression extends BarIndicator<RangeCompressionValue, Name> {
  readonly begin: number;
  private readonly fraction: number;
  private readonly ranges: RollingSum;
  private sum = 0;
  private flat = 0;
  private seen = 0;
  private ratio = NaN;

  constructor(options: { readonly period: number; readonly fraction: number }) {
    super();
    this.begin = options.period;
    this.fraction = options.fraction;
    this.ranges = new RollingSum(options.period);
  }

  next(bar: Bar): number {
    const range = bar.high - bar.low;
    this.ratio = this.seen < this.begin || this.flat >= this.begin ? NaN : (range * this.begin) / this.sum;
    this.sum = this.ranges.push(range);
    this.flat = range > 0 ? 0 : this.flat + 1;
    if (this.seen < this.begin) this.seen += 1;
    return this.ratio;
  }

  protected read(): RangeCompressionValue | undefined {
    return Number.isNaN(this.ratio) ? undefined : { ratio: this.ratio, compressed: Number(this.ratio < this.fraction) };
  }

  protected write(outputs: Outputs<Name>, index: number): void {
    outputs.ratio[index] = this.ratio;
    outputs.compressed[index] = Number.isNaN(this.ratio) ? NaN : Number(this.ratio < this.fraction);
  }
}

export const rangeCompression = defineIndicator({
  name: 'rangeCompression', title: 'Range compression', inputs: ['high', 'low'], outputs: ['ratio', 'compressed'], units: ['ratio', 'flag'], pauses: true,
  parameters: z.object({ period: period(10), fraction: factor(0.5, 1) }),
  build: (options) => new RangeCompression(options),
});
