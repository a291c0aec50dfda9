import { z } from 'zod';
import { defineIndicator, following, period, source } from '../core/define';
import { ValueLine } from '../core/indicator';
import { RollingDeviation } from './deviation';

/**
 * z-score: (x - mean) / population standard deviation of the last `period` values. In deviations; first value at `period - 1`.
 * Unknown in a flat window, which deviates by nothing.
 */
export class ZScore extends ValueLine {
  readonly begin: number;
  private readonly rolling: RollingDeviation;

  constructor(options: { readonly period: number }) {
    super();
    this.begin = options.period - 1;
    this.rolling = new RollingDeviation(options.period);
  }

  next(x: number): number {
    const deviation = this.rolling.push(x);
    return deviation > 0 ? (x - this.rolling.mean) / deviation : NaN;
  }
}

export const zScore = defineIndicator({
  name: 'zScore', title: 'z-score', inputs: ['source'], outputs: ['value'], units: ['score'], pauses: true,
  parameters: z.object({ period: period(20, 2), source }),
  build: (options) => following(options.source, new ZScore(options)),
});
