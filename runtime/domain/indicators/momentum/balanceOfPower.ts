import { z } from 'zod';
import { isZero } from '../core/convention';
import type { Bar } from '../core/bar';
import { defineIndicator } from '../core/define';
import { BarLine } from '../core/indicator';

/** Balance of power: (close - open) / (high - low), 0 where the range is. Ratio, -1 to 1; first value at 0. Livshin 2001, TA-Lib's BOP. */
export class BalanceOfPower extends BarLine {
  readonly begin = 0;

  next(bar: Bar): number {
    const range = bar.high - bar.low;
    return isZero(range) || range < 0 ? 0 : (bar.close - bar.open) / range;
  }
}

export const balanceOfPower = defineIndicator({
  name: 'balanceOfPower', title: 'Balance of power', inputs: ['open', 'high', 'low', 'close'], outputs: ['value'], units: ['ratio'],
  parameters: z.object({}),
  build: () => new BalanceOfPower(),
});
