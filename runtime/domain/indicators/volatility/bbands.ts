import { z } from 'zod';
import { defineIndicator, factor, following, period, source } from '../core/define';
import { ValueIndicator, type Outputs } from '../core/indicator';
import { RollingDeviation } from './deviation';

export type BandsValue = {
  readonly upper: number;
  readonly middle: number;
  readonly lower: number;
};

type Name = keyof BandsValue;

/**
 * Bollinger bands: simple average ± `multiplier` population standard deviations over `period` values. Unit of its source; first
 * value at `period - 1`. Bollinger 1980s, TA-Lib's BBANDS (whose own rounding drifts by 2e-9) and Pine's ta.bb agree.
 */
export class Bbands extends ValueIndicator<BandsValue, Name> {
  readonly begin: number;
  private readonly multiplier: number;
  private readonly rolling: RollingDeviation;

  constructor(options: { readonly period: number; readonly multiplier: number }) {
    super();
    this.begin = options.period - 1;
    this.multiplier = options.multiplier;
    this.rolling = new RollingDeviation(options.period);
  }

  next(x: number): number {
    const deviation = this.rolling.push(x);
    return this.rolling.mean + this.multiplier * deviation;
  }

  protected read(): BandsValue | undefined {
    const { mean: middle, deviation } = this.rolling;
    if (Number.isNaN(deviation)) return undefined;
    const reach = this.multiplier * deviation;
    return { upper: middle + reach, middle, lower: middle - reach };
  }

  protected write(outputs: Outputs<Name>, index: number): void {
    const { mean, deviation } = this.rolling;
    const reach = this.multiplier * deviation;
    outputs.upper[index] = mean + reach;
    outputs.middle[index] = mean;
    outputs.lower[index] = mean - reach;
  }

  override batch(x: Float64Array, { upper, middle, lower }: Outputs<Name>): void {
    const { multiplier } = this;
    this.rolling.pushAll(x, middle, upper);
    for (let index = 0; index < x.length; index += 1) {
      const mean = middle[index] ?? NaN;
      const reach = multiplier * (upper[index] ?? NaN);
      upper[index] = mean + reach;
      lower[index] = mean - reach;
    }
  }
}

export const bbands = defineIndicator({
  name: 'bbands', title: 'Bollinger bands', inputs: ['source'], outputs: ['upper', 'middle', 'lower'], units: ['price'],
  parameters: z.object({ period: period(20, 2), multiplier: factor(2), source }),
  build: (options) => following(options.source, new Bbands(options)),
});
