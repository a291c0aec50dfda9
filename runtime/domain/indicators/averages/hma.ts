import { z } from 'zod';
import { defineIndicator, following, period, source } from '../core/define';
import { ValueLine } from '../core/indicator';
import { Wma } from './wma';

/**
 * Hull moving average: WMA(2 WMA(period / 2) - WMA(period)) over √period, both lengths rounded down. Unit of its source; first value
 * at period + ⌊√period⌋ - 2. Hull 2005, Pine's ta.hma.
 */
export class Hma extends ValueLine {
  readonly begin: number;
  private readonly half: Wma;
  private readonly whole: Wma;
  private readonly smooth: Wma;

  constructor(options: { readonly period: number }) {
    super();
    const root = Math.floor(Math.sqrt(options.period));
    this.begin = options.period + root - 2;
    this.half = new Wma({ period: Math.floor(options.period / 2) });
    this.whole = new Wma(options);
    this.smooth = new Wma({ period: root });
  }

  next(x: number): number {
    const half = this.half.next(x);
    const whole = this.whole.next(x);
    return Number.isNaN(whole) ? NaN : this.smooth.next(2 * half - whole);
  }
}

export const hma = defineIndicator({
  name: 'hma', title: 'Hull moving average', inputs: ['source'], outputs: ['value'], units: ['price'],
  parameters: z.object({ period: period(20, 2), source }),
  build: (options) => following(options.source, new Hma(options)),
});
