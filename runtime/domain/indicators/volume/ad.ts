import { z } from 'zod';
import type { Bar } from '../core/bar';
import { defineIndicator } from '../core/define';
import { BarLine } from '../core/indicator';

/**
 * Accumulation/distribution line: running sum of volume × ((close - low) - (high - close)) / (high - low); a candle without range
 * adds nothing. Unit of volume; first value at 0. Chaikin, TA-Lib's AD.
 */
export class Ad extends BarLine {
  readonly begin = 0;
  private level = 0;

  next(bar: Bar): number {
    const range = bar.high - bar.low;
    if (range > 0) this.level += ((bar.close - bar.low - (bar.high - bar.close)) / range) * bar.volume;
    return this.level;
  }
}

export const ad = defineIndicator({
  name: 'ad', title: 'Accumulation/distribution', inputs: ['high', 'low', 'close', 'volume'], outputs: ['value'], units: ['volume'],
  parameters: z.object({}),
  build: () => new Ad(),
});
