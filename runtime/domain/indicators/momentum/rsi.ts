import { z } from 'zod';
import { EPSILON, isZero, type Convention } from '../core/convention';
import { convention, defineIndicator, following, period, source } from '../core/define';
import { ValueLine, type Outputs } from '../core/indicator';

/**
 * Relative strength index: 100 G / (G + L), where G and L are Wilder's averages of rises and falls, seeded with the simple average
 * of the first `period` changes. Percent, 0 to 100; first value at `period`. Wilder 1978, TA-Lib's RSI.
 * No movement at all gives 0 as TA-Lib does; Pine gives 100 where nothing fell.
 */
export class Rsi extends ValueLine {
  readonly begin: number;
  private readonly period: number;
  private readonly keep: number;
  /** Half of what a change weighs: (|change| ± change) / 2 is the rise or the fall without a branch that the price decides. */
  private readonly half: number;
  private readonly still: number;
  private last = NaN;
  private rise = 0;
  private fall = 0;
  private seen = 0;

  constructor(options: { readonly period: number; readonly convention?: Convention }) {
    super();
    this.period = options.period;
    this.begin = options.period;
    this.keep = (options.period - 1) / options.period;
    this.half = 0.5 / options.period;
    this.still = options.convention === 'pine' ? 100 : 0;
  }

  next(x: number): number {
    const change = x - this.last;
    this.last = x;
    if (this.seen > this.period) {
      const size = Math.abs(change);
      this.rise = this.rise * this.keep + (size + change) * this.half;
      this.fall = this.fall * this.keep + (size - change) * this.half;
      return strength(this.rise, this.fall, this.still);
    }
    return this.seed(change);
  }

  private seed(change: number): number {
    this.seen += 1;
    if (change > 0) this.rise += change;
    if (change < 0) this.fall -= change;
    if (this.seen <= this.period) return NaN;
    this.rise /= this.period;
    this.fall /= this.period;
    return strength(this.rise, this.fall, this.still);
  }

  override batch(x: Float64Array, { value }: Outputs): void {
    const seeding = Math.min(x.length, this.period + 1 - this.seen);
    for (let index = 0; index < seeding; index += 1) value[index] = this.next(x[index] ?? NaN);
    const { keep, half, still } = this;
    let { last, rise, fall } = this;
    for (let index = seeding; index < x.length; index += 1) {
      const now = x[index] ?? NaN;
      const change = now - last;
      last = now;
      const size = Math.abs(change);
      rise = rise * keep + (size + change) * half;
      fall = fall * keep + (size - change) * half;
      const movement = rise + fall;
      // Written out: called, it costs four times as much. Neither of the two is ever negative.
      value[index] = movement < EPSILON ? still : (100 * rise) / movement;
    }
    this.last = last;
    this.rise = rise;
    this.fall = fall;
  }
}

function strength(rise: number, fall: number, still: number): number {
  const movement = rise + fall;
  return isZero(movement) ? still : (100 * rise) / movement;
}

export const rsi = defineIndicator({
  name: 'rsi', title: 'Relative strength index', inputs: ['source'], outputs: ['value'], units: ['percent'],
  parameters: z.object({ period: period(14, 2), source, convention }),
  build: (options) => following(options.source, new Rsi(options)),
});
