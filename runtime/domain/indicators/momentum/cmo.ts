import { z } from 'zod';
import { isZero, type Convention } from '../core/convention';
import { convention, defineIndicator, following, period, source } from '../core/define';
import { ValueLine } from '../core/indicator';
import { Rma } from '../averages/rma';
import { RollingSum } from '../core/rollingSum';

/** What gathers rises or falls: Wilder's average in TA-Lib, a plain sum in Pine. */
interface Gatherer {
  gather(change: number): number;
}

/**
 * Chande momentum oscillator: 100 (rises - falls) / (rises + falls) over `period` changes; 0 where nothing moves. Percent,
 * -100 to 100; first value at `period`. Chande 1994. TA-Lib's CMO gathers both by Wilder's average, Pine's ta.cmo by plain sums.
 */
export class Cmo extends ValueLine {
  readonly begin: number;
  private readonly rises: Gatherer;
  private readonly falls: Gatherer;
  private last = NaN;
  private seen = 0;

  constructor(options: { readonly period: number; readonly convention?: Convention }) {
    super();
    this.begin = options.period;
    const gatherer = (): Gatherer => (options.convention === 'pine' ? summing(options.period) : averaging(options.period));
    this.rises = gatherer();
    this.falls = gatherer();
  }

  next(x: number): number {
    const change = x - this.last;
    this.last = x;
    if (this.seen === 0) {
      this.seen = 1;
      return NaN;
    }
    const rises = this.rises.gather(change > 0 ? change : 0);
    const falls = this.falls.gather(change < 0 ? -change : 0);
    if (this.seen < this.begin) {
      this.seen += 1;
      return NaN;
    }
    const movement = rises + falls;
    return isZero(movement) ? 0 : (100 * (rises - falls)) / movement;
  }
}

function averaging(length: number): Gatherer {
  const average = new Rma({ period: length });
  return { gather: (change) => average.next(change) };
}

function summing(length: number): Gatherer {
  const sum = new RollingSum(length);
  return { gather: (change) => sum.push(change) };
}

export const cmo = defineIndicator({
  name: 'cmo', title: 'Chande momentum oscillator', inputs: ['source'], outputs: ['value'], units: ['percent'],
  parameters: z.object({ period: period(14, 2), source, convention }),
  build: (options) => following(options.source, new Cmo(options)),
});
