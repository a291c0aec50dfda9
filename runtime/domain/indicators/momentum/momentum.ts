import { z } from 'zod';
import { defineIndicator, following, period, source } from '../core/define';
import { ValueLine } from '../core/indicator';
import { Window } from '../core/window';

/** Momentum: x - x[period]. Unit of its source; first value at `period`. TA-Lib's MOM. */
export class Momentum extends ValueLine {
  readonly begin: number;
  private readonly values: Window;
  private seen = 0;

  constructor(options: { readonly period: number }) {
    super();
    this.begin = options.period;
    this.values = new Window(options.period);
  }

  next(x: number): number {
    const earlier = this.values.push(x);
    if (this.seen < this.begin) {
      this.seen += 1;
      return NaN;
    }
    return x - earlier;
  }
}

export const momentum = defineIndicator({
  name: 'momentum', title: 'Momentum', inputs: ['source'], outputs: ['value'], units: ['price'],
  parameters: z.object({ period: period(10), source }),
  build: (options) => following(options.source, new Momentum(options)),
});
