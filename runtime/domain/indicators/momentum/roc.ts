import { z } from 'zod';
import { defineIndicator, following, period, source } from '../core/define';
import { ValueLine } from '../core/indicator';
import { Window } from '../core/window';

/** Rate of change: 100 (x / x[period] - 1); 0 where the earlier value is 0. Percent; first value at `period`. TA-Lib's ROC. */
export class Roc extends ValueLine {
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
    return earlier === 0 ? 0 : (x / earlier - 1) * 100;
  }
}

export const roc = defineIndicator({
  name: 'roc', title: 'Rate of change', inputs: ['source'], outputs: ['value'], units: ['percent'],
  parameters: z.object({ period: period(10), source }),
  build: (options) => following(options.source, new Roc(options)),
});
