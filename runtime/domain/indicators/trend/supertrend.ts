import { z } from 'zod';
import type { Convention } from '../core/convention';
import type { Bar, BarColumns } from '../core/bar';
import { convention, defineIndicator, factor, period } from '../core/define';
import { BarIndicator, type Outputs } from '../core/indicator';
import { Atr } from '../volatility/atr';

export type SupertrendValue = {
  /** The stop: below the price in a rising trend, above it in a falling one. Unit of price. */
  readonly value: number;
  /** 1 rising, -1 falling. */
  readonly direction: number;
};

type Name = keyof SupertrendValue;

/**
 * Supertrend: bands at (high + low) / 2 ± multiplier × ATR(period); each moves only towards the price unless the last close was
 * beyond it; a close beyond the band of the trend turns it. Begins with the ATR: at `period`, starting rising; in Pine's convention
 * (ta.supertrend, whose direction has the opposite sign) at `period - 1`, starting falling. Seban 2009. Not in TA-Lib.
 */
export class Supertrend extends BarIndicator<SupertrendValue, Name> {
  readonly begin: number;
  private readonly multiplier: number;
  private readonly atr: Atr;
  private rising: boolean;
  private upper = NaN;
  private lower = NaN;
  private lastClose = NaN;
  private value = NaN;

  constructor(options: { readonly period: number; readonly multiplier: number; readonly convention?: Convention }) {
    super();
    this.atr = new Atr(options);
    this.begin = this.atr.begin;
    this.multiplier = options.multiplier;
    this.rising = options.convention !== 'pine';
  }

  next(bar: Bar): number {
    return this.step(bar.high, bar.low, bar.close);
  }

  private step(high: number, low: number, close: number): number {
    const reach = this.multiplier * this.atr.step(high, low, close);
    const { lastClose } = this;
    this.lastClose = close;
    if (Number.isNaN(reach)) return NaN;
    const middle = (high + low) / 2;
    const upper = middle + reach;
    const lower = middle - reach;
    if (Number.isNaN(this.value)) {
      this.upper = upper;
      this.lower = lower;
    } else {
      if (upper < this.upper || lastClose > this.upper) this.upper = upper;
      if (lower > this.lower || lastClose < this.lower) this.lower = lower;
      this.rising = this.rising ? close >= this.lower : close > this.upper;
    }
    return (this.value = this.rising ? this.lower : this.upper);
  }

  protected read(): SupertrendValue | undefined {
    return Number.isNaN(this.value) ? undefined : { value: this.value, direction: this.rising ? 1 : -1 };
  }

  protected write(outputs: Outputs<Name>, index: number): void {
    outputs.value[index] = this.value;
    outputs.direction[index] = Number.isNaN(this.value) ? NaN : this.rising ? 1 : -1;
  }

  override batch({ length, high, low, close }: BarColumns, { value, direction }: Outputs<Name>): void {
    for (let index = 0; index < length; index += 1) {
      value[index] = this.step(high[index] ?? NaN, low[index] ?? NaN, close[index] ?? NaN);
      direction[index] = Number.isNaN(this.value) ? NaN : this.rising ? 1 : -1;
    }
  }
}

export const supertrend = defineIndicator({
  name: 'supertrend', title: 'Supertrend', inputs: ['high', 'low', 'close'], outputs: ['value', 'direction'], units: ['price', 'score'],
  parameters: z.object({ period: period(10), multiplier: factor(3), convention }),
  build: (options) => new Supertrend(options),
});
