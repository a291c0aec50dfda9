import { z } from 'zod';
import { isZero } from '../core/convention';
import { defineIndicator, following, period, source } from '../core/define';
import { ValueLine } from '../core/indicator';
import { RollingSum } from '../core/rollingSum';
import { Window } from '../core/window';

const FAST = 2 / (2 + 1);
const SLOW = 2 / (30 + 1);

/**
 * Kaufman's adaptive moving average: k = k + c (x - k), c = (efficiency (2/3 - 2/31) + 2/31)², efficiency = net change over
 * `period` candles / sum of their absolute changes. Starts from the value before the first result. Unit of its source; first value
 * at `period`. Kaufman 1995, TA-Lib's KAMA: a rise as long as its path counts as efficiency 1, and so does no movement.
 */
export class Kama extends ValueLine {
  readonly begin: number;
  private readonly values: Window;
  private readonly path: RollingSum;
  private last = NaN;
  private level = NaN;
  private seen = 0;

  constructor(options: { readonly period: number }) {
    super();
    this.begin = options.period;
    this.values = new Window(options.period);
    this.path = new RollingSum(options.period);
  }

  next(x: number): number {
    const oldest = this.values.push(x);
    const { last } = this;
    this.last = x;
    if (this.seen === 0) {
      this.seen = 1;
      return NaN;
    }
    const path = this.path.push(Math.abs(x - last));
    if (this.seen < this.begin) {
      this.seen += 1;
      return NaN;
    }
    if (Number.isNaN(this.level)) this.level = last;
    const change = x - oldest;
    const efficiency = path <= change || isZero(path) ? 1 : Math.abs(change / path);
    const gain = efficiency * (FAST - SLOW) + SLOW;
    this.level += (x - this.level) * gain * gain;
    return this.level;
  }
}

export const kama = defineIndicator({
  name: 'kama', title: 'Kaufman\'s adaptive moving average', inputs: ['source'], outputs: ['value'], units: ['price'],
  parameters: z.object({ period: period(10, 2), source }),
  build: (options) => following(options.source, new Kama(options)),
});
