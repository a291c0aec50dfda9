import { z } from 'zod';
import { defineIndicator, following, period, source } from '../core/define';
import { ValueLine } from '../core/indicator';
import { Ema } from './ema';

/**
 * Double exponential moving average: 2 EMA - EMA(EMA). Unit of its source; first value at 2 (period - 1). Mulloy 1994, TA-Lib's DEMA.
 */
export class Dema extends ValueLine {
  readonly begin: number;
  private readonly first: Ema;
  private readonly second: Ema;

  constructor(options: { readonly period: number }) {
    super();
    this.begin = 2 * (options.period - 1);
    this.first = new Ema(options);
    this.second = new Ema(options);
  }

  next(x: number): number {
    const first = this.first.next(x);
    if (Number.isNaN(first)) return NaN;
    return 2 * first - this.second.next(first);
  }
}

export const dema = defineIndicator({
  name: 'dema', title: 'Double exponential moving average', inputs: ['source'], outputs: ['value'], units: ['price'],
  parameters: z.object({ period: period(20), source }),
  build: (options) => following(options.source, new Dema(options)),
});
