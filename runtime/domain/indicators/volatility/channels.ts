import { z } from 'zod';
import { sourceOf, type Bar, type Source } from '../core/bar';
import type { Convention } from '../core/convention';
import { convention, defineIndicator, factor, period, source } from '../core/define';
import { BarIndicator, type Outputs } from '../core/indicator';
import { RollingMax, RollingMin } from '../core/rollingExtreme';
import { Ema } from '../averages/ema';
import { Atr } from './atr';
import type { BandsValue } from './bbands';

type Name = keyof BandsValue;

/** A channel of three lines that a candle sets. */
abstract class Channel extends BarIndicator<BandsValue, Name> {
  protected upper = NaN;
  protected middle = NaN;
  protected lower = NaN;

  protected read(): BandsValue | undefined {
    const { upper, middle, lower } = this;
    return Number.isNaN(upper) ? undefined : { upper, middle, lower };
  }

  protected write(outputs: Outputs<Name>, index: number): void {
    outputs.upper[index] = this.upper;
    outputs.middle[index] = this.middle;
    outputs.lower[index] = this.lower;
  }
}

/**
 * Donchian channel: highest high and lowest low of the last `period` candles, the current one included, and their middle. Unit of
 * price; first value at `period - 1`. For a break-out compare with the previous value: `donchian(20).upper[1]`. Donchian 1960s.
 */
export class Donchian extends Channel {
  readonly begin: number;
  private readonly highest: RollingMax;
  private readonly lowest: RollingMin;
  private missing: number;

  constructor(options: { readonly period: number }) {
    super();
    this.begin = options.period - 1;
    this.missing = options.period;
    this.highest = new RollingMax(options.period);
    this.lowest = new RollingMin(options.period);
  }

  next(bar: Bar): number {
    const highest = this.highest.push(bar.high);
    const lowest = this.lowest.push(bar.low);
    if (this.missing > 0) this.missing -= 1;
    if (this.missing > 0) return NaN;
    this.middle = (highest + lowest) / 2;
    this.lower = lowest;
    return (this.upper = highest);
  }
}

export interface KeltnerOptions {
  readonly period: number;
  readonly multiplier: number;
  readonly atrPeriod: number;
  readonly source: Source;
  readonly convention?: Convention;
}

/**
 * Keltner channel: EMA(period) ± multiplier × ATR(atrPeriod). Unit of price; first value when both have begun. Keltner 1960 as
 * changed by Raschke; the convention is that of the ATR.
 */
export class Keltner extends Channel {
  readonly begin: number;
  private readonly average: Ema;
  private readonly range: Atr;

  constructor(private readonly options: KeltnerOptions) {
    super();
    this.average = new Ema(options);
    this.range = new Atr({ period: options.atrPeriod, convention: options.convention ?? 'talib' });
    this.begin = Math.max(this.average.begin, this.range.begin);
  }

  next(bar: Bar): number {
    const middle = this.average.next(sourceOf(bar, this.options.source));
    const reach = this.options.multiplier * this.range.next(bar);
    if (Number.isNaN(middle + reach)) return NaN;
    this.middle = middle;
    this.lower = middle - reach;
    return (this.upper = middle + reach);
  }
}

export const donchian = defineIndicator({
  name: 'donchian', title: 'Donchian channel', inputs: ['high', 'low'], outputs: ['upper', 'middle', 'lower'], units: ['price'],
  parameters: z.object({ period: period(20) }),
  build: (options) => new Donchian(options),
});

export const keltner = defineIndicator({
  name: 'keltner', title: 'Keltner channel', inputs: ['source', 'high', 'low', 'close'], outputs: ['upper', 'middle', 'lower'], units: ['price'],
  parameters: z.object({ period: period(20), multiplier: factor(2), atrPeriod: period(10), source, convention }),
  build: (options) => new Keltner(options),
});
