import { z } from 'zod';
import type { Bar, BarColumns } from '../core/bar';
import { defineIndicator, period } from '../core/define';
import { BarIndicator, type Outputs } from '../core/indicator';
import { Sma } from '../averages/sma';
import { hideUntil, RawStochastic, type StochasticValue } from './stochasticFast';

/**
 * Slow stochastic: k = simple average over `smoothing` of the fast stochastic, d = simple average of k over `signal`. Percent;
 * first value, of both, at period + smoothing + signal - 3. Lane 1950s, TA-Lib's STOCH with simple averages: a range of 0 gives 0.
 */
export class Stochastic extends BarIndicator<StochasticValue, 'k' | 'd'> {
  readonly begin: number;
  private readonly raw: RawStochastic;
  private readonly slow: Sma;
  private readonly average: Sma;
  private k = NaN;
  private d = NaN;

  constructor(options: { readonly period: number; readonly smoothing: number; readonly signal: number }) {
    super();
    this.begin = options.period + options.smoothing + options.signal - 3;
    this.raw = new RawStochastic(options.period);
    this.slow = new Sma({ period: options.smoothing });
    this.average = new Sma({ period: options.signal });
  }

  next(bar: Bar): number {
    const raw = this.raw.next(bar.high, bar.low, bar.close);
    if (Number.isNaN(raw)) return NaN;
    const slow = this.slow.next(raw);
    if (Number.isNaN(slow)) return NaN;
    this.d = this.average.next(slow);
    this.k = Number.isNaN(this.d) ? NaN : slow;
    return this.k;
  }

  protected read(): StochasticValue | undefined {
    return Number.isNaN(this.k) ? undefined : { k: this.k, d: this.d };
  }

  protected write(outputs: Outputs<'k' | 'd'>, index: number): void {
    outputs.k[index] = this.k;
    outputs.d[index] = this.d;
  }

  override batch(columns: BarColumns, { k, d }: Outputs<'k' | 'd'>): void {
    const { length } = columns;
    const raw = this.raw.nextAll(columns, d, k);
    k.fill(NaN, 0, raw);
    this.slow.batch(d.subarray(raw, length), { value: k.subarray(raw) });
    let slow = raw;
    while (slow < length && Number.isNaN(k[slow])) slow += 1;
    d.fill(NaN, 0, slow);
    this.average.batch(k.subarray(slow, length), { value: d.subarray(slow) });
    hideUntil(d, k, length);
    if (length > 0) [this.k, this.d] = [k[length - 1] ?? NaN, d[length - 1] ?? NaN];
  }
}

export const stochastic = defineIndicator({
  name: 'stochastic', title: 'Stochastic', inputs: ['high', 'low', 'close'], outputs: ['k', 'd'], units: ['percent'],
  parameters: z.object({ period: period(14), smoothing: period(3), signal: period(3) }),
  build: (options) => new Stochastic(options),
});
