import { z } from 'zod';
import { isZero, type Convention } from '../core/convention';
import type { Bar } from '../core/bar';
import { convention, defineIndicator, period } from '../core/define';
import { BarLine } from '../core/indicator';
import { Atr } from './atr';

/** Normalised average true range: 100 ATR / close; 0 where the close is. Percent; begins with the ATR. TA-Lib's NATR. */
export class Natr extends BarLine {
  readonly begin: number;
  private readonly atr: Atr;

  constructor(options: { readonly period: number; readonly convention?: Convention }) {
    super();
    this.atr = new Atr(options);
    this.begin = this.atr.begin;
  }

  next(bar: Bar): number {
    const range = this.atr.next(bar);
    if (Number.isNaN(range)) return NaN;
    return isZero(bar.close) ? 0 : (range / bar.close) * 100;
  }
}

export const natr = defineIndicator({
  name: 'natr', title: 'Normalised average true range', inputs: ['high', 'low', 'close'], outputs: ['value'], units: ['percent'],
  parameters: z.object({ period: period(14), convention }),
  build: (options) => new Natr(options),
});
