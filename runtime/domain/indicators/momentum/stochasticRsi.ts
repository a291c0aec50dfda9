import { z } from 'zod';
import type { Convention } from '../core/convention';
import { convention, defineIndicator, following, period, source } from '../core/define';
import { ValueIndicator, type Outputs } from '../core/indicator';
import { Sma } from '../averages/sma';
import { Rsi } from './rsi';
import { RawStochastic, type StochasticValue } from './stochasticFast';

/**
 * Stochastic of the RSI: k = where the RSI lies in its own range over `stochasticPeriod`, d = simple average of k over `smoothing`.
 * Percent; first value, of both, at period + stochasticPeriod + smoothing - 2. Chande and Kroll 1994, TA-Lib's STOCHRSI.
 */
export class StochasticRsi extends ValueIndicator<StochasticValue, 'k' | 'd'> {
  readonly begin: number;
  private readonly rsi: Rsi;
  private readonly raw: RawStochastic;
  private readonly average: Sma;
  private k = NaN;
  private d = NaN;

  constructor(options: { readonly period: number; readonly stochasticPeriod: number; readonly smoothing: number; readonly convention?: Convention }) {
    super();
    this.begin = options.period + options.stochasticPeriod + options.smoothing - 2;
    this.rsi = new Rsi(options);
    this.raw = new RawStochastic(options.stochasticPeriod);
    this.average = new Sma({ period: options.smoothing });
  }

  next(x: number): number {
    const rsi = this.rsi.next(x);
    if (Number.isNaN(rsi)) return NaN;
    const raw = this.raw.next(rsi, rsi, rsi);
    if (Number.isNaN(raw)) return NaN;
    this.d = this.average.next(raw);
    this.k = Number.isNaN(this.d) ? NaN : raw;
    return this.k;
  }

  protected read(): StochasticValue | undefined {
    return Number.isNaN(this.k) ? undefined : { k: this.k, d: this.d };
  }

  protected write(outputs: Outputs<'k' | 'd'>, index: number): void {
    outputs.k[index] = this.k;
    outputs.d[index] = this.d;
  }
}

export const stochasticRsi = defineIndicator({
  name: 'stochasticRsi', title: 'Stochastic RSI', inputs: ['source'], outputs: ['k', 'd'], units: ['percent'],
  parameters: z.object({ period: period(14, 2), stochasticPeriod: period(14), smoothing: period(3), source, convention }),
  build: (options) => following(options.source, new StochasticRsi(options)),
});
