import { z } from 'zod';
import type { Bar } from '../core/bar';
import { defineIndicator } from '../core/define';
import { BarLine } from '../core/indicator';

/**
 * Parabolic stop and reverse: the stop moves towards the extreme of the trend by a share that grows by `step` with every new
 * extreme, up to `limit`; never into the last two candles; touched, it becomes the extreme and the trend turns. Unit of price;
 * first value at 1. Wilder 1978, TA-Lib's SAR: the trend starts down where the second candle's fall exceeds its rise.
 *
 * The falling trend is computed on mirrored prices (negated, high and low exchanged), so there is one rule for both.
 */
export class Sar extends BarLine {
  readonly begin = 1;
  private readonly step: number;
  private readonly limit: number;
  private rising = true;
  private stop = NaN;
  private extreme = NaN;
  private share: number;
  private lastHigh = NaN;
  private lastLow = NaN;

  constructor(options: { readonly step: number; readonly limit: number }) {
    super();
    this.step = Math.min(options.step, options.limit);
    this.limit = options.limit;
    this.share = this.step;
  }

  next(bar: Bar): number {
    const { lastHigh, lastLow } = this;
    this.lastHigh = bar.high;
    this.lastLow = bar.low;
    if (Number.isNaN(lastHigh)) return NaN;
    if (!Number.isNaN(this.stop)) return this.follow(bar.high, bar.low, lastHigh, lastLow);
    const fall = lastLow - bar.low;
    this.rising = !(fall > 0 && fall > bar.high - lastHigh);
    this.stop = this.rising ? lastLow : -lastHigh;
    this.extreme = this.rising ? bar.high : -bar.low;
    return this.follow(bar.high, bar.low, bar.high, bar.low);
  }

  private follow(high: number, low: number, lastHigh: number, lastLow: number): number {
    return this.rising ? this.trail(high, low, lastHigh, lastLow) : -this.trail(-low, -high, -lastLow, -lastHigh);
  }

  /** In a rising trend; negated prices for a falling one. Returns the stop that held for this candle. */
  private trail(high: number, low: number, lastHigh: number, lastLow: number): number {
    if (low <= this.stop) return this.turn(high, low, lastHigh);
    const held = this.stop;
    if (high > this.extreme) {
      this.extreme = high;
      this.share = Math.min(this.share + this.step, this.limit);
    }
    this.stop = Math.min(held + this.share * (this.extreme - held), lastLow, low);
    return held;
  }

  private turn(high: number, low: number, lastHigh: number): number {
    const ceiling = Math.max(lastHigh, high);
    const held = Math.max(this.extreme, ceiling);
    this.rising = !this.rising;
    this.share = this.step;
    this.extreme = -low;
    this.stop = -Math.max(held + this.share * (low - held), ceiling);
    return held;
  }
}

export const sar = defineIndicator({
  name: 'sar', title: 'Parabolic stop and reverse', inputs: ['high', 'low'], outputs: ['value'], units: ['price'],
  parameters: z.object({ step: z.number().positive().max(1).default(0.02), limit: z.number().positive().max(1).default(0.2) }),
  build: (options) => new Sar(options),
});
