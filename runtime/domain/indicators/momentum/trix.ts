import { z } from 'zod';
import { defineIndicator, following, period, source } from '../core/define';
import { ValueLine } from '../core/indicator';
import { Ema } from '../averages/ema';
import { Roc } from './roc';

/**
 * Rate of change of a triple exponential average: 100 (e / e[1] - 1), e = EMA(EMA(EMA)). Percent; first value at 3 (period - 1) + 1.
 * Hutson 1983, TA-Lib's TRIX.
 */
export class Trix extends ValueLine {
  readonly begin: number;
  private readonly averages: readonly Ema[];
  private readonly change = new Roc({ period: 1 });

  constructor(options: { readonly period: number }) {
    super();
    this.begin = 3 * (options.period - 1) + 1;
    this.averages = [new Ema(options), new Ema(options), new Ema(options)];
  }

  next(x: number): number {
    let level = x;
    for (const average of this.averages) {
      level = average.next(level);
      if (Number.isNaN(level)) return NaN;
    }
    return this.change.next(level);
  }
}

export const trix = defineIndicator({
  name: 'trix', title: 'Triple exponential rate of change', inputs: ['source'], outputs: ['value'], units: ['percent'],
  parameters: z.object({ period: period(15), source }),
  build: (options) => following(options.source, new Trix(options)),
});
