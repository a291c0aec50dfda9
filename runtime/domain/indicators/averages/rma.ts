import { z } from 'zod';
import { defineIndicator, following, period, source } from '../core/define';
import { ValueLine } from '../core/indicator';

/**
 * Wilder's moving average: r = r (period - 1) / period + x / period, seeded with the simple average of the first `period` values.
 * Unit of its source; first value at `period - 1`. Pine's ta.rma; inside TA-Lib's RSI and ATR. Wilder 1978.
 */
export class Rma extends ValueLine {
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
    this.gain = 1 / options.period;
    this.keep = (options.period - 1) / options.period;
  }

  next(x: number): number {
    if (this.seen >= this.period) return (this.level = this.level * this.keep + x * this.gain);
    this.level += x;
    this.seen += 1;
    return this.seen < this.period ? NaN : (this.level /= this.period);
  }
}

export const rma = defineIndicator({
  name: 'rma', title: 'Wilder\'s moving average', inputs: ['source'], outputs: ['value'], units: ['price'],
  parameters: z.object({ period: period(14), source }),
  build: (options) => following(options.source, new Rma(options)),
});
