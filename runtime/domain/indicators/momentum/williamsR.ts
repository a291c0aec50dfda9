import { z } from 'zod';
import type { Bar } from '../core/bar';
import { defineIndicator, period } from '../core/define';
import { BarLine } from '../core/indicator';
import { RollingMax, RollingMin } from '../core/rollingExtreme';

/**
 * Williams %R: -100 (highest - close) / (highest - lowest) over `period` candles; 0 where the range is. Percent, -100 to 0; first
 * value at `period - 1`. Williams 1973, TA-Lib's WILLR.
 */
export class WilliamsR extends BarLine {
  readonly begin: number;
  private readonly highest: RollingMax;
  private readonly lowest: RollingMin;
  private seen = 0;

  constructor(options: { readonly period: number }) {
    super();
    this.begin = options.period - 1;
    this.highest = new RollingMax(options.period);
    this.lowest = new RollingMin(options.period);
  }

  next(bar: Bar): number {
    const highest = this.highest.push(bar.high);
    const lowest = this.lowest.push(bar.low);
    if (this.seen < this.begin) {
      this.seen += 1;
      return NaN;
    }
    const range = (highest - lowest) / -100;
    return range === 0 ? 0 : (highest - bar.close) / range;
  }
}

export const williamsR = defineIndicator({
  name: 'williamsR', title: 'Williams %R', inputs: ['high', 'low', 'close'], outputs: ['value'], units: ['percent'],
  parameters: z.object({ period: period(14, 2) }),
  build: (options) => new WilliamsR(options),
});
