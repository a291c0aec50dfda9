import { z } from 'zod';
import { isZero } from '../core/convention';
import type { Bar } from '../core/bar';
import { defineIndicator, period } from '../core/define';
import { BarLine } from '../core/indicator';
import { RollingSum } from '../core/rollingSum';

/** Buying pressure over true range, each summed over one period. */
class Pressure {
  private readonly pressure: RollingSum;
  private readonly range: RollingSum;

  constructor(length: number) {
    this.pressure = new RollingSum(length);
    this.range = new RollingSum(length);
  }

  next(pressure: number, range: number): number {
    const pressures = this.pressure.push(pressure);
    const ranges = this.range.push(range);
    return isZero(ranges) ? 0 : pressures / ranges;
  }
}

/**
 * Ultimate oscillator: 100 (4 a + 2 b + c) / 7, where a, b, c are sum(close - true low) / sum(true range) over the short, middle and
 * long period. Percent; first value at the longest period. Williams 1976, TA-Lib's ULTOSC: a range of 0 counts as 0.
 */
export class UltimateOscillator extends BarLine {
  readonly begin: number;
  private readonly short: Pressure;
  private readonly middle: Pressure;
  private readonly long: Pressure;
  private lastClose = NaN;
  private seen = 0;

  constructor(options: { readonly short: number; readonly middle: number; readonly long: number }) {
    super();
    const [short = 0, middle = 0, long = 0] = [options.short, options.middle, options.long].toSorted((a, b) => a - b);
    this.begin = long;
    this.short = new Pressure(short);
    this.middle = new Pressure(middle);
    this.long = new Pressure(long);
  }

  next(bar: Bar): number {
    const { lastClose } = this;
    this.lastClose = bar.close;
    this.seen += 1;
    if (this.seen === 1) return NaN;
    const pressure = bar.close - Math.min(bar.low, lastClose);
    const range = Math.max(bar.high - bar.low, Math.abs(lastClose - bar.high), Math.abs(lastClose - bar.low));
    const sum = 4 * this.short.next(pressure, range) + 2 * this.middle.next(pressure, range) + this.long.next(pressure, range);
    return this.seen > this.begin ? (sum / 7) * 100 : NaN;
  }
}

export const ultimateOscillator = defineIndicator({
  name: 'ultimateOscillator', title: 'Ultimate oscillator', inputs: ['high', 'low', 'close'], outputs: ['value'], units: ['percent'],
  parameters: z.object({ short: period(7), middle: period(14), long: period(28) }),
  build: (options) => new UltimateOscillator(options),
});
