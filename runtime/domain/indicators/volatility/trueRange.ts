import { z } from 'zod';
import type { Convention } from '../core/convention';
import type { Bar } from '../core/bar';
import { convention, defineIndicator } from '../core/define';
import { BarLine } from '../core/indicator';

/** The largest of high - low, |high - last close| and |low - last close|: the reach of the candle and the last close together. */
export function trueRangeOf(high: number, low: number, lastClose: number): number {
  const top = lastClose > high ? lastClose : high;
  const bottom = lastClose < low ? lastClose : low;
  return top - bottom;
}

/**
 * True range: the largest of high - low, |high - last close|, |low - last close|. Unit of price. TA-Lib's TRANGE begins at 1;
 * in Pine's convention (ta.tr(true)) the first candle counts with high - low, so it begins at 0. Wilder 1978.
 */
export class TrueRange extends BarLine {
  readonly begin: number;
  private lastClose = NaN;

  constructor(options: { readonly convention?: Convention }) {
    super();
    this.begin = options.convention === 'pine' ? 0 : 1;
  }

  next(bar: Bar): number {
    const { lastClose } = this;
    this.lastClose = bar.close;
    if (Number.isNaN(lastClose)) return this.begin === 0 ? bar.high - bar.low : NaN;
    return trueRangeOf(bar.high, bar.low, lastClose);
  }
}

export const trueRange = defineIndicator({
  name: 'trueRange', title: 'True range', inputs: ['high', 'low', 'close'], outputs: ['value'], units: ['price'],
  parameters: z.object({ convention }),
  build: (options) => new TrueRange(options),
});
