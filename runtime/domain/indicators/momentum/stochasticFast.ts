import { z } from 'zod';
import type { Bar, BarColumns } from '../core/bar';
import { defineIndicator, period } from '../core/define';
import { BarIndicator, type Outputs } from '../core/indicator';
import { RollingMax, RollingMin } from '../core/rollingExtreme';
import { Sma } from '../averages/sma';

export type StochasticValue = {
  readonly k: number;
  readonly d: number;
};

/** Where `close` lies between the lowest and the highest of the last `period` candles, 0 to 100; 0 where they are one. */
export class RawStochastic {
  private readonly highest: RollingMax;
  private readonly lowest: RollingMin;
  private seen = 0;

  constructor(private readonly period: number) {
    this.highest = new RollingMax(period);
    this.lowest = new RollingMin(period);
  }

  next(high: number, low: number, close: number): number {
    const highest = this.highest.push(high);
    const lowest = this.lowest.push(low);
    if (this.seen < this.period - 1) {
      this.seen += 1;
      return NaN;
    }
    return place(close, lowest, highest);
  }

  /** Takes many candles and writes the value after each, with `scratch` to work in; returns how many of them are not known yet. */
  nextAll({ length, high, low, close }: BarColumns, values: Float64Array, scratch: Float64Array): number {
    const unknown = Math.min(length, this.period - 1 - this.seen);
    this.seen += unknown;
    this.highest.pushAll(high, values);
    this.lowest.pushAll(low, scratch);
    values.fill(NaN, 0, unknown);
    for (let index = unknown; index < length; index += 1) values[index] = place(close[index] ?? NaN, scratch[index] ?? NaN, values[index] ?? NaN);
    return unknown;
  }
}

function place(close: number, lowest: number, highest: number): number {
  const range = (highest - lowest) / 100;
  return range === 0 ? 0 : (close - lowest) / range;
}

/**
 * Fast stochastic: k = 100 (close - lowest) / (highest - lowest) over `period` candles, d = simple average of k over `smoothing`.
 * Percent; first value, of both, at period + smoothing - 2. Lane 1950s, TA-Lib's STOCHF: a range of 0 gives 0.
 */
export class StochasticFast extends BarIndicator<StochasticValue, 'k' | 'd'> {
  readonly begin: number;
  private readonly raw: RawStochastic;
  private readonly average: Sma;
  private k = NaN;
  private d = NaN;

  constructor(options: { readonly period: number; readonly smoothing: number }) {
    super();
    this.begin = options.period + options.smoothing - 2;
    this.raw = new RawStochastic(options.period);
    this.average = new Sma({ period: options.smoothing });
  }

  next(bar: Bar): number {
    const raw = this.raw.next(bar.high, bar.low, bar.close);
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

  override batch(columns: BarColumns, { k, d }: Outputs<'k' | 'd'>): void {
    const { length } = columns;
    const unknown = this.raw.nextAll(columns, k, d);
    d.fill(NaN, 0, unknown);
    this.average.batch(k.subarray(unknown, length), { value: d.subarray(unknown) });
    hideUntil(d, k, length);
    if (length > 0) [this.k, this.d] = [k[length - 1] ?? NaN, d[length - 1] ?? NaN];
  }
}

/** Takes away the values of `k` where `d` is not known yet: TA-Lib shows both or none. */
export function hideUntil(d: Float64Array, k: Float64Array, length: number): void {
  for (let index = 0; index < length && Number.isNaN(d[index]); index += 1) k[index] = NaN;
}

export const stochasticFast = defineIndicator({
  name: 'stochasticFast', title: 'Fast stochastic', inputs: ['high', 'low', 'close'], outputs: ['k', 'd'], units: ['percent'],
  parameters: z.object({ period: period(14), smoothing: period(3) }),
  build: (options) => new StochasticFast(options),
});
