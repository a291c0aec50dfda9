import { z } from 'zod';
import { defineIndicator, following, period, source } from '../core/define';
import { ValueLine } from '../core/indicator';
import { Ema } from './ema';

/**
 * Triple exponential moving average: 3 EMA - 3 EMA² + EMA³ (EMA applied again and again). Unit of its source; first value at
 * 3 (period - 1). Mulloy 1994, TA-Lib's TEMA.
 */
export class Tema extends ValueLine {
  readonly begin: number;
  private readonly first: Ema;
  private readonly second: Ema;
  private readonly third: Ema;

  constructor(options: { readonly period: number }) {
    super();
    this.begin = 3 * (options.period - 1);
    this.first = new Ema(options);
    this.second = new Ema(options);
    this.third = new Ema(options);
  }

  next(x: number): number {
    const first = this.first.next(x);
    if (Number.isNaN(first)) return NaN;
    const second = this.second.next(first);
    if (Number.isNaN(second)) return NaN;
    return 3 * first - 3 * second + this.third.next(second);
  }
}

export const tema = defineIndicator({
  name: 'tema', title: 'Triple exponential moving average', inputs: ['source'], outputs: ['value'], units: ['price'],
  parameters: z.object({ period: period(20), source }),
  build: (options) => following(options.source, new Tema(options)),
});
