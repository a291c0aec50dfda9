import { z } from 'zod';
import type { Convention } from '../core/convention';
import type { Bar } from '../core/bar';
import { convention, defineIndicator, period } from '../core/define';
import { BarLine } from '../core/indicator';
import { Window } from '../core/window';
import { Adx } from './adx';

/** ADX rating: mean of the ADX now and period - 1 candles ago. Percent; first value at 3 period - 2. Wilder 1978, TA-Lib's ADXR. */
export class Adxr extends BarLine {
  readonly begin: number;
  private readonly adx: Adx;
  private readonly values: Window;
  private seen = 0;

  constructor(private readonly options: { readonly period: number; readonly convention?: Convention }) {
    super();
    this.begin = 3 * options.period - 2;
    this.adx = new Adx(options);
    this.values = new Window(options.period - 1);
  }

  next(bar: Bar): number {
    const now = this.adx.next(bar);
    if (Number.isNaN(now)) return NaN;
    const earlier = this.values.push(now);
    if (this.seen === this.options.period - 1) return (now + earlier) / 2;
    this.seen += 1;
    return NaN;
  }
}

export const adxr = defineIndicator({
  name: 'adxr', title: 'Average directional index rating', inputs: ['high', 'low', 'close'], outputs: ['value'], units: ['percent'],
  parameters: z.object({ period: period(14, 2), convention }),
  build: (options) => new Adxr(options),
});
