import { z } from 'zod';
import type { Convention } from '../core/convention';
import { convention, defineIndicator, following, period, source } from '../core/define';
import { known, ValueIndicator, type Outputs } from '../core/indicator';
import { Ema } from '../averages/ema';
import { AveragePair } from './averagePair';

export type MacdValue = {
  /** Fast average - slow average. */
  readonly macd: number;
  /** Exponential average of `macd`; undefined until it has begun, in Pine's convention only. */
  readonly signal: number | undefined;
  /** macd - signal. */
  readonly histogram: number | undefined;
};

type Name = keyof MacdValue;

export interface MacdOptions {
  readonly fast: number;
  /** Longer than `fast`. */
  readonly slow: number;
  readonly signal: number;
  readonly convention?: Convention;
}

/**
 * Moving average convergence divergence: EMA(fast) - EMA(slow), its signal line and their difference. Unit of its source.
 * TA-Lib's MACD begins both averages together and shows nothing before the signal line does: first value at slow + signal - 2.
 * Pine's ta.macd seeds each average by itself and shows macd from slow - 1. Appel 1979.
 */
export class Macd extends ValueIndicator<MacdValue, Name> {
  readonly begin: number;
  private readonly early: boolean;
  private readonly pair: AveragePair;
  private readonly average: Ema;
  private macd = NaN;
  private signal = NaN;
  /** Candles until the slow average begins. */
  private waiting: number;

  constructor(options: MacdOptions) {
    super();
    this.early = options.convention === 'pine';
    this.begin = options.slow - 1 + (this.early ? 0 : options.signal - 1);
    this.pair = new AveragePair({ fast: options.fast, slow: options.slow, together: !this.early });
    this.average = new Ema({ period: options.signal });
    this.waiting = options.slow - 1;
  }

  next(x: number): number {
    this.pair.next(x);
    if (this.waiting > 0) {
      this.waiting -= 1;
      return NaN;
    }
    const macd = this.pair.fast - this.pair.slow;
    this.signal = this.average.next(macd);
    this.macd = this.early || !Number.isNaN(this.signal) ? macd : NaN;
    return this.macd;
  }

  protected read(): MacdValue | undefined {
    const { macd, signal } = this;
    return Number.isNaN(macd) ? undefined : { macd, signal: known(signal), histogram: known(macd - signal) };
  }

  protected write(outputs: Outputs<Name>, index: number): void {
    outputs.macd[index] = this.macd;
    outputs.signal[index] = this.signal;
    outputs.histogram[index] = this.macd - this.signal;
  }

  override batch(x: Float64Array, outputs: Outputs<Name>): void {
    const { macd, signal, histogram } = outputs;
    this.pair.nextAll(x, macd, signal);
    const waited = Math.min(x.length, this.waiting);
    this.waiting -= waited;
    for (let index = waited; index < x.length; index += 1) macd[index] = (macd[index] ?? NaN) - (signal[index] ?? NaN);
    signal.fill(NaN, 0, waited);
    this.average.batch(macd.subarray(waited, x.length), { value: signal.subarray(waited) });
    for (let index = 0; index < x.length; index += 1) {
      const line = signal[index] ?? NaN;
      if (index < waited || (!this.early && Number.isNaN(line))) macd[index] = NaN;
      histogram[index] = (macd[index] ?? NaN) - line;
    }
    this.remember(x.length, outputs);
  }

  private remember(length: number, { macd, signal }: Outputs<Name>): void {
    if (length === 0) return;
    this.macd = macd[length - 1] ?? NaN;
    this.signal = signal[length - 1] ?? NaN;
  }
}

export const macd = defineIndicator({
  name: 'macd', title: 'Moving average convergence divergence', inputs: ['source'], outputs: ['macd', 'signal', 'histogram'], units: ['price'],
  parameters: z.object({ fast: period(12, 2), slow: period(26, 2), signal: period(9), source, convention })
    .refine(({ fast, slow }) => fast < slow, { path: ['slow'], message: 'slow must be longer than fast' }),
  build: (options) => following(options.source, new Macd(options)),
});
