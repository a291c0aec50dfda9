import { z } from 'zod';
import type { Convention } from '../core/convention';
import type { Bar } from '../core/bar';
import { convention, defineIndicator, factor, period } from '../core/define';
import { BarIndicator, type Outputs } from '../core/indicator';
import { RollingMax, RollingMin } from '../core/rollingExtreme';
import { Atr } from './atr';

export type ChandelierValue = {
  /** Stop of a long position: highest high - multiplier × ATR. */
  readonly long: number;
  /** Stop of a short position: lowest low + multiplier × ATR. */
  readonly short: number;
};

type Name = keyof ChandelierValue;

/** Chandelier exit over `period` candles. Unit of price; begins with the ATR, whose convention it follows. Le Beau 1990s. */
export class ChandelierExit extends BarIndicator<ChandelierValue, Name> {
  readonly begin: number;
  private readonly multiplier: number;
  private readonly highest: RollingMax;
  private readonly lowest: RollingMin;
  private readonly range: Atr;
  private long = NaN;
  private short = NaN;

  constructor(options: { readonly period: number; readonly multiplier: number; readonly convention?: Convention }) {
    super();
    this.multiplier = options.multiplier;
    this.highest = new RollingMax(options.period);
    this.lowest = new RollingMin(options.period);
    this.range = new Atr(options);
    this.begin = this.range.begin;
  }

  next(bar: Bar): number {
    const reach = this.multiplier * this.range.next(bar);
    this.long = this.highest.push(bar.high) - reach;
    this.short = this.lowest.push(bar.low) + reach;
    return this.long;
  }

  protected read(): ChandelierValue | undefined {
    return Number.isNaN(this.long) ? undefined : { long: this.long, short: this.short };
  }

  protected write(outputs: Outputs<Name>, index: number): void {
    outputs.long[index] = this.long;
    outputs.short[index] = this.short;
  }
}

export const chandelierExit = defineIndicator({
  name: 'chandelierExit', title: 'Chandelier exit', inputs: ['high', 'low', 'close'], outputs: ['long', 'short'], units: ['price'],
  parameters: z.object({ period: period(22), multiplier: factor(3), convention }),
  build: (options) => new ChandelierExit(options),
});
