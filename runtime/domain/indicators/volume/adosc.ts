import { z } from 'zod';
import type { Bar } from '../core/bar';
import { defineIndicator, period } from '../core/define';
import { BarLine } from '../core/indicator';
import { Ad } from './ad';

/**
 * Chaikin oscillator: fast - slow exponential average of the accumulation/distribution line, both started from its first value.
 * Unit of volume; first value at the longer period - 1. TA-Lib's ADOSC.
 */
export class Adosc extends BarLine {
  readonly begin: number;
  private readonly line = new Ad();
  private readonly fastGain: number;
  private readonly slowGain: number;
  private fast = NaN;
  private slow = NaN;
  private seen = 0;

  constructor(options: { readonly fast: number; readonly slow: number }) {
    super();
    this.begin = Math.max(options.fast, options.slow) - 1;
    this.fastGain = 2 / (options.fast + 1);
    this.slowGain = 2 / (options.slow + 1);
  }

  next(bar: Bar): number {
    const level = this.line.next(bar);
    const first = Number.isNaN(this.fast);
    this.fast = first ? level : this.fast * (1 - this.fastGain) + level * this.fastGain;
    this.slow = first ? level : this.slow * (1 - this.slowGain) + level * this.slowGain;
    if (this.seen < this.begin) {
      this.seen += 1;
      return NaN;
    }
    return this.fast - this.slow;
  }
}

export const adosc = defineIndicator({
  name: 'adosc', title: 'Chaikin oscillator', inputs: ['high', 'low', 'close', 'volume'], outputs: ['value'], units: ['volume'],
  parameters: z.object({ fast: period(3, 2), slow: period(10, 2) }),
  build: (options) => new Adosc(options),
});
