import { z } from 'zod';
import { isZero } from '../core/convention';
import { defineIndicator, following, period, source } from '../core/define';
import { ValueLine } from '../core/indicator';
import { AveragePair } from './averagePair';

/**
 * Percentage price oscillator: 100 (EMA(fast) - EMA(slow)) / EMA(slow); 0 where the slow average is. Percent; first value at slow - 1.
 * TA-Lib's PPO with exponential averages, each seeded from the start (unlike its MACD).
 */
export class Ppo extends ValueLine {
  readonly begin: number;
  private readonly pair: AveragePair;

  constructor(options: { readonly fast: number; readonly slow: number }) {
    super();
    this.begin = options.slow - 1;
    this.pair = new AveragePair({ ...options, together: false });
  }

  next(x: number): number {
    this.pair.next(x);
    const { fast, slow } = this.pair;
    if (Number.isNaN(slow)) return NaN;
    return isZero(slow) ? 0 : ((fast - slow) / slow) * 100;
  }
}

export const ppo = defineIndicator({
  name: 'ppo', title: 'Percentage price oscillator', inputs: ['source'], outputs: ['value'], units: ['percent'],
  parameters: z.object({ fast: period(12, 2), slow: period(26, 2), source })
    .refine(({ fast, slow }) => fast < slow, { path: ['slow'], message: 'slow must be longer than fast' }),
  build: (options) => following(options.source, new Ppo(options)),
});
