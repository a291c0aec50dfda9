import { z } from 'zod';
import { defineIndicator, following, period, source } from '../core/define';
import { ValueLine, type Outputs } from '../core/indicator';

/**
 * Exponential moving average: e = e (1 - k) + x k with k = 2 / (period + 1), seeded with the simple average of the first `period`
 * values. Unit of its source; first value at `period - 1`. As TA-Lib's EMA with an unstable period of 0; Pine's ta.ema agrees.
 */
export class Ema extends ValueLine {
  readonly begin: number;
  private readonly period: number;
  private readonly gain: number;
  private readonly keep: number;
  private seen = 0;
  private level = 0;

  constructor(options: { readonly period: number }) {
    super();
    this.period = options.period;
    this.begin = options.period - 1;
    this.gain = 2 / (options.period + 1);
    this.keep = 1 - this.gain;
  }

  next(x: number): number {
    if (this.seen >= this.period) return (this.level = this.level * this.keep + x * this.gain);
    this.level += x;
    this.seen += 1;
    return this.seen < this.period ? NaN : (this.level /= this.period);
  }

  override batch(x: Float64Array, { value }: Outputs): void {
    const seeding = Math.min(x.length, this.period - this.seen);
    for (let index = 0; index < seeding; index += 1) value[index] = this.next(x[index] ?? NaN);
    const { gain, keep } = this;
    let { level } = this;
    for (let index = seeding; index < x.length; index += 1) {
      level = level * keep + (x[index] ?? NaN) * gain;
      value[index] = level;
    }
    this.level = level;
  }
}

export const ema = defineIndicator({
  name: 'ema', title: 'Exponential moving average', inputs: ['source'], outputs: ['value'], units: ['price'],
  parameters: z.object({ period: period(20), source }),
  build: (options) => following(options.source, new Ema(options)),
});
