import { z } from 'zod';
import { defineIndicator, following, period, source } from '../core/define';
import { ValueLine } from '../core/indicator';
import { Sma } from './sma';

/**
 * Triangular moving average: the simple average of a simple average, both about half as long, so that the middle weighs most.
 * Unit of its source; first value at `period - 1`. TA-Lib's TRIMA.
 */
export class Trima extends ValueLine {
  readonly begin: number;
  private readonly inner: Sma;
  private readonly outer: Sma;

  constructor(options: { readonly period: number }) {
    super();
    const half = Math.ceil(options.period / 2);
    this.begin = options.period - 1;
    this.inner = new Sma({ period: half });
    this.outer = new Sma({ period: options.period + 1 - half });
  }

  next(x: number): number {
    const inner = this.inner.next(x);
    return Number.isNaN(inner) ? NaN : this.outer.next(inner);
  }
}

export const trima = defineIndicator({
  name: 'trima', title: 'Triangular moving average', inputs: ['source'], outputs: ['value'], units: ['price'],
  parameters: z.object({ period: period(20), source }),
  build: (options) => following(options.source, new Trima(options)),
});
