import { z } from 'zod';
import { hlc3, type Bar, type BarColumns } from '../core/bar';
import { defineIndicator, factor } from '../core/define';
import type { Outputs } from '../core/indicator';
import { SessionWatch } from './sessionWatch';
import { WeightedPrice, type VwapValue } from './weightedPrice';

/**
 * Volume-weighted average price of the session: sum of typical price × volume / sum of volume since its opening, with bands of
 * `multiplier` volume-weighted standard deviations. Unit of price; first value with the session's first trade. Unknown without
 * volume (an index), without a session key, and in a session joined after its opening. Pine's ta.vwap.
 */
export class SessionVwap extends WeightedPrice {
  private readonly watch = new SessionWatch();
  /** What the watch says, at hand: asked for every candle of thousands of symbols. */
  private session = NaN;
  private whole = false;

  next(bar: Bar): number {
    if (bar.session !== this.session) this.turn(bar.time, bar.session ?? NaN);
    if (this.whole) this.take(hlc3(bar), bar.volume);
    return this.mean;
  }

  /** Another session, or none that is known. */
  private turn(time: number, session: number): void {
    if (this.watch.step(time, session) || !this.watch.whole) this.restart();
    this.session = this.watch.session;
    this.whole = this.watch.whole;
  }

  /** Session by session. */
  override batch(columns: BarColumns, outputs: Outputs<keyof VwapValue>): void {
    const { length, time, session } = columns;
    for (let from = 0; from < length;) {
      let to = from + 1;
      while (to < length && session[to] === session[from]) to += 1;
      this.turn(time[from] ?? NaN, session[from] ?? NaN);
      if (this.whole) this.takeAll(columns, from, to, outputs);
      else for (const column of [outputs.value, outputs.upper, outputs.lower]) column.fill(NaN, from, to);
      from = to;
    }
  }
}

/**
 * Volume-weighted average price since a moment: as the session's, begun with the first candle that starts at or after `anchor`
 * (epoch ms; 0: with the first candle) and never reset. Unit of price.
 */
export class AnchoredVwap extends WeightedPrice {
  constructor(private readonly options: { readonly anchor: number; readonly multiplier: number }) {
    super(options);
  }

  next(bar: Bar): number {
    if (bar.time >= this.options.anchor) this.take(hlc3(bar), bar.volume);
    return this.mean;
  }
}

export const vwap = defineIndicator({
  name: 'vwap', title: 'Volume-weighted average price', inputs: ['high', 'low', 'close', 'volume', 'session'],
  outputs: ['value', 'upper', 'lower'], units: ['price'], pauses: true,
  parameters: z.object({ multiplier: factor(1) }),
  build: (options) => new SessionVwap(options),
});

export const anchoredVwap = defineIndicator({
  name: 'anchoredVwap', title: 'Anchored volume-weighted average price', inputs: ['high', 'low', 'close', 'volume', 'time'],
  outputs: ['value', 'upper', 'lower'], units: ['price'], pauses: true,
  parameters: z.object({ anchor: z.number().int().nonnegative().default(0), multiplier: factor(1) }),
  build: (options) => new AnchoredVwap(options),
});
