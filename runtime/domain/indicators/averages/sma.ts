import { z } from 'zod';
import { defineIndicator, following, period, source } from '../core/define';
import { ValueLine, type Outputs } from '../core/indicator';
import { RollingSum } from '../core/rollingSum';

/**
 * Simple moving average: sum of the last `period` values / `period`. Unit of its source; first value at `period - 1`.
 * TA-Lib's SMA and Pine's ta.sma agree.
 */
export class Sma extends ValueLine {
  readonly begin: number;
  private readonly period: number;
  private readonly sum: RollingSum;
  private seen = 0;

  constructor(options: { readonly period: number }) {
    super();
    this.period = options.period;
    this.begin = options.period - 1;
    this.sum = new RollingSum(options.period);
  }

  next(x: number): number {
    const sum = this.sum.push(x);
    if (this.seen < this.begin) {
      this.seen += 1;
      return NaN;
    }
    return sum / this.period;
  }

  override batch(x: Float64Array, { value }: Outputs): void {
    const { period: size } = this;
    this.sum.pushAll(x, value);
    const unknown = Math.min(x.length, this.begin - this.seen);
    this.seen += unknown;
    for (let index = 0; index < unknown; index += 1) value[index] = NaN;
    for (let index = unknown; index < x.length; index += 1) value[index] = (value[index] ?? NaN) / size;
  }
}

export const sma = defineIndicator({
  name: 'sma', title: 'Simple moving average', inputs: ['source'], outputs: ['value'], units: ['price'],
  parameters: z.object({ period: period(20), source }),
  build: (options) => following(options.source, new Sma(options)),
});
