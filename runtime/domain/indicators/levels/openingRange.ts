import { z } from 'zod';
import type { Bar } from '../core/bar';
import { defineIndicator } from '../core/define';
import { BarIndicator, type Outputs } from '../core/indicator';
import { MINUTE_MS } from '../../time';
import { SessionWatch } from './sessionWatch';

export type OpeningRangeValue = {
  readonly high: number;
  readonly low: number;
};

/**
 * Opening range: highest and lowest price of the candles that start within the first `minutes` of the session, [09:15, 09:30) by
 * default at NSE. Frozen and known from the first candle at or after its end; compare with a CLOSE. Unit of price. Unknown in a
 * session that was joined late or had no candle within the range. Candles must divide the range: 1, 3, 5 or 15 minutes for 15.
 */
export class OpeningRange extends BarIndicator<OpeningRangeValue, 'high' | 'low'> {
  readonly begin = 1;
  private readonly lengthMs: number;
  private readonly watch = new SessionWatch();
  private highest = NaN;
  private lowest = NaN;
  private high = NaN;
  private low = NaN;

  constructor(options: { readonly minutes: number }) {
    super();
    this.lengthMs = options.minutes * MINUTE_MS;
  }

  next(bar: Bar): number {
    if (this.watch.next(bar)) this.highest = this.lowest = NaN;
    this.high = this.low = NaN;
    if (!this.watch.whole) return NaN;
    if (bar.time < this.watch.session + this.lengthMs) this.widen(bar);
    else {
      this.high = this.highest;
      this.low = this.lowest;
    }
    return this.high;
  }

  private widen(bar: Bar): void {
    const first = Number.isNaN(this.highest);
    this.highest = first ? bar.high : Math.max(this.highest, bar.high);
    this.lowest = first ? bar.low : Math.min(this.lowest, bar.low);
  }

  protected read(): OpeningRangeValue | undefined {
    return Number.isNaN(this.high) ? undefined : { high: this.high, low: this.low };
  }

  protected write(outputs: Outputs<'high' | 'low'>, index: number): void {
    outputs.high[index] = this.high;
    outputs.low[index] = this.low;
  }
}

export const openingRange = defineIndicator({
  name: 'openingRange', title: 'Opening range', inputs: ['high', 'low', 'time', 'session'], outputs: ['high', 'low'], units: ['price'], pauses: true,
  parameters: z.object({ minutes: z.number().int().min(1).max(390).default(15) }),
  build: (options) => new OpeningRange(options),
});
