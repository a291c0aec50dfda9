import { z } from 'zod';
import type { Convention } from '../core/convention';
import { convention, defineIndicator, following, period, source } from '../core/define';
import { ValueIndicator, type Outputs } from '../core/indicator';

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
  private readonly fastPeriod: number;
  private readonly slowPeriod: number;
  private readonly signalPeriod: number;
  private readonly fastGain: number;
  private readonly slowGain: number;
  private readonly signalGain: number;
  /** Numbers that the fast average leaves out, so that both averages begin together. */
  private readonly skipped: number;
  /** Numbers after which no average is being seeded any more. */
  private readonly warm: number;
  /** Numbers taken, up to `warm`. */
  private seen = 0;
  /** Levels of the three averages, sums while they are being seeded. Plain numbers of one object: thousands of symbols are a matter of memory. */
  private fast = 0;
  private slow = 0;
  private signal = 0;

  constructor(options: MacdOptions) {
    super();
    this.early = options.convention === 'pine';
    this.begin = options.slow - 1 + (this.early ? 0 : options.signal - 1);
    this.fastPeriod = options.fast;
    this.slowPeriod = options.slow;
    this.signalPeriod = options.signal;
    this.fastGain = gainOf(options.fast);
    this.slowGain = gainOf(options.slow);
    this.signalGain = gainOf(options.signal);
    this.skipped = this.early ? 0 : options.slow - options.fast;
    this.warm = options.slow + options.signal - 1;
  }

  next(x: number): number {
    if (this.seen < this.warm) return this.seed(x);
    const fast = stepped(this.fast, x, this.fastGain);
    const slow = stepped(this.slow, x, this.slowGain);
    this.fast = fast;
    this.slow = slow;
    this.signal = stepped(this.signal, fast - slow, this.signalGain);
    return fast - slow;
  }

  protected read(): MacdValue | undefined {
    if (this.seen <= this.begin) return undefined;
    const macd = this.fast - this.slow;
    if (this.seen < this.warm) return { macd, signal: undefined, histogram: undefined };
    return { macd, signal: this.signal, histogram: macd - this.signal };
  }

  protected write({ macd, signal, histogram }: Outputs<Name>, index: number): void {
    const line = this.fast - this.slow;
    macd[index] = this.seen > this.begin ? line : NaN;
    signal[index] = this.seen < this.warm ? NaN : this.signal;
    histogram[index] = this.seen < this.warm ? NaN : line - this.signal;
  }

  override batch(x: Float64Array, outputs: Outputs<Name>): void {
    const seeding = Math.min(x.length, this.warm - this.seen);
    for (let index = 0; index < seeding; index += 1) {
      this.seed(x[index] ?? NaN);
      this.write(outputs, index);
    }
    const { fastGain, slowGain, signalGain } = this;
    let { fast, slow, signal } = this;
    for (let index = seeding; index < x.length; index += 1) {
      const value = x[index] ?? NaN;
      fast = stepped(fast, value, fastGain);
      slow = stepped(slow, value, slowGain);
      const line = fast - slow;
      signal = stepped(signal, line, signalGain);
      outputs.macd[index] = line;
      outputs.signal[index] = signal;
      outputs.histogram[index] = line - signal;
    }
    this.fast = fast;
    this.slow = slow;
    this.signal = signal;
  }

  /** The first numbers: each average begins with a simple mean. */
  private seed(x: number): number {
    this.seen += 1;
    const { seen, slowPeriod, skipped } = this;
    this.slow = begun(this.slow, x, seen, slowPeriod, this.slowGain);
    if (seen > skipped) this.fast = begun(this.fast, x, seen - skipped, this.fastPeriod, this.fastGain);
    const macd = this.fast - this.slow;
    if (seen >= slowPeriod) this.signal = begun(this.signal, macd, seen - slowPeriod + 1, this.signalPeriod, this.signalGain);
    return seen > this.begin ? macd : NaN;
  }
}

function gainOf(period: number): number {
  return 2 / (period + 1);
}

/** The very bits of `Ema`, as all three averages are. */
function stepped(level: number, x: number, gain: number): number {
  return level * (1 - gain) + x * gain;
}

/** An average that has seen `seen` numbers with this one. */
function begun(level: number, x: number, seen: number, period: number, gain: number): number {
  if (seen > period) return stepped(level, x, gain);
  return seen === period ? (level + x) / period : level + x;
}

export const macd = defineIndicator({
  name: 'macd', title: 'Moving average convergence divergence', inputs: ['source'], outputs: ['macd', 'signal', 'histogram'], units: ['price'],
  parameters: z.object({ fast: period(12, 2), slow: period(26, 2), signal: period(9), source, convention })
    .refine(({ fast, slow }) => fast < slow, { path: ['slow'], message: 'slow must be longer than fast' }),
  build: (options) => following(options.source, new Macd(options)),
});
