import { z } from 'zod';
import { hlc3, type Bar, type BarColumns } from '../core/bar';
import { defineIndicator, factor } from '../core/define';
import { BarIndicator, type Outputs } from '../core/indicator';
import { SessionWatch } from './sessionWatch';
import { WeightedPrice } from './weightedPrice';

export type VwapValue = {
  readonly value: number;
  /** value ± multiplier × deviation. */
  readonly upper: number;
  readonly lower: number;
};

type Name = keyof VwapValue;

/** What both kinds share: when to start afresh is theirs. */
abstract class Vwap extends BarIndicator<VwapValue, Name> {
  readonly begin = 0;
  protected readonly price = new WeightedPrice();
  protected readonly multiplier: number;

  constructor(options: { readonly multiplier: number }) {
    super();
    this.multiplier = options.multiplier;
  }

  protected read(): VwapValue | undefined {
    const { mean: value, deviation } = this.price;
    if (Number.isNaN(value)) return undefined;
    const reach = this.multiplier * deviation;
    return { value, upper: value + reach, lower: value - reach };
  }

  protected write(outputs: Outputs<Name>, index: number): void {
    const { mean, deviation } = this.price;
    const reach = this.multiplier * deviation;
    outputs.value[index] = mean;
    outputs.upper[index] = mean + reach;
    outputs.lower[index] = mean - reach;
  }
}

/**
 * Volume-weighted average price of the session: sum of typical price × volume / sum of volume since its opening, with bands of
 * `multiplier` volume-weighted standard deviations. Unit of price; first value with the session's first trade. Unknown without
 * volume (an index), without a session key, and in a session joined after its opening. Pine's ta.vwap.
 */
export class SessionVwap extends Vwap {
  private readonly watch = new SessionWatch();

  next(bar: Bar): number {
    if (this.watch.next(bar) || !this.watch.whole) this.price.restart();
    if (this.watch.whole) this.price.next(hlc3(bar), bar.volume);
    return this.price.mean;
  }

  /** Session by session. */
  override batch(columns: BarColumns, outputs: Outputs<Name>): void {
    const { length, time, session } = columns;
    for (let from = 0; from < length;) {
      let to = from + 1;
      while (to < length && session[to] === session[from]) to += 1;
      if (this.watch.step(time[from] ?? NaN, session[from] ?? NaN) || !this.watch.whole) this.price.restart();
      if (this.watch.whole) this.price.nextAll(columns, from, to, this.multiplier, outputs);
      else for (const column of [outputs.value, outputs.upper, outputs.lower]) column.fill(NaN, from, to);
      from = to;
    }
  }
}

/**
 * Volume-weighted average price since a moment: as the session's, begun with the first candle that starts at or after `anchor`
 * (epoch ms; 0: with the first candle) and never reset. Unit of price.
 */
export class AnchoredVwap extends Vwap {
  constructor(private readonly options: { readonly anchor: number; readonly multiplier: number }) {
    super(options);
  }

  next(bar: Bar): number {
    if (bar.time >= this.options.anchor) this.price.next(hlc3(bar), bar.volume);
    return this.price.mean;
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
