import { z } from 'zod';
import { defineIndicator, following, period, source } from '../core/define';
import { ValueLine } from '../core/indicator';
import { RollingDeviation } from './deviation';

/** Standard deviation of the whole window (population, divisor `period`). Unit of its source; first value at `period - 1`. TA-Lib's STDDEV. */
export class Stddev extends ValueLine {
  readonly begin: number;
  private readonly rolling: RollingDeviation;

  constructor(options: { readonly period: number }) {
    super();
    this.begin = options.period - 1;
    this.rolling = new RollingDeviation(options.period);
  }

  next(x: number): number {
    return this.rolling.push(x);
  }
}

export const stddev = defineIndicator({
  name: 'stddev', title: 'Standard deviation', inputs: ['source'], outputs: ['value'], units: ['price'],
  parameters: z.object({ period: period(20, 2), source }),
  build: (options) => following(options.source, new Stddev(options)),
});
