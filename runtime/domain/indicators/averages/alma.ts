import { z } from 'zod';
import { defineIndicator, factor, following, period, source } from '../core/define';
import { ValueLine } from '../core/indicator';
import { Window } from '../core/window';

/**
 * Arnaud Legoux moving average: Gaussian weights exp(-(i - m)² / 2s²) over `period` values, i from the oldest (0),
 * m = offset (period - 1), s = period / sigma. Unit of its source; first value at `period - 1`. Legoux and Kouzis 2009, Pine's ta.alma.
 */
export class Alma extends ValueLine {
  readonly begin: number;
  private readonly weights: Float64Array;
  private readonly window: Window;
  private seen = 0;

  constructor(options: { readonly period: number; readonly offset: number; readonly sigma: number }) {
    super();
    this.begin = options.period - 1;
    this.window = new Window(options.period);
    const middle = options.offset * (options.period - 1);
    const spread = options.period / options.sigma;
    const bell = Float64Array.from({ length: options.period }, (_, place) => Math.exp(-((place - middle) ** 2) / (2 * spread * spread)));
    const total = bell.reduce((sum, weight) => sum + weight, 0);
    this.weights = bell.map((weight) => weight / total);
  }

  next(x: number): number {
    this.window.push(x);
    if (this.seen < this.begin) {
      this.seen += 1;
      return NaN;
    }
    const { weights, window: { data, start } } = this;
    let sum = 0;
    for (let place = 0; place < weights.length; place += 1) sum += (weights[place] ?? NaN) * (data[start + place] ?? NaN);
    return sum;
  }
}

export const alma = defineIndicator({
  name: 'alma', title: 'Arnaud Legoux moving average', inputs: ['source'], outputs: ['value'], units: ['price'],
  parameters: z.object({ period: period(9), offset: z.number().min(0).max(1).default(0.85), sigma: factor(6), source }),
  build: (options) => following(options.source, new Alma(options)),
});
