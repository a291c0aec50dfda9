import type { EquityColumns } from '../../domain/backtest';
import type { InstrumentKey } from '../../domain/market';
import { fromMoney, MONEY_SCALE, type Money } from '../../domain/money';
import type { Action, Fill } from '../../domain/order';
import type { EpochMs } from '../../domain/time';
import type { Track } from './track';

/** A fill of an instrument, whoever's. */
export interface BookedFill {
  readonly fill: Pick<Fill, 'quantity' | 'price' | 'charges' | 'happenedAt'>;
  readonly instrument: InstrumentKey;
  readonly action: Action;
}

export interface EquityRequest {
  readonly tracks: readonly Track[];
  /** In the order they happened. */
  readonly fills: readonly BookedFill[];
  readonly capital: Money;
  readonly from: EpochMs;
  readonly until: EpochMs;
}

/** The account's worth with every candle that closes while something is held, when something was filled, and with the last candle of each session. */
export function equityOf({ tracks, fills, capital, from, until }: EquityRequest): EquityColumns {
  const points = new Points();
  const places = tracks.map((track) => ({ columns: track.data.columns, ends: track.data.until, at: track.firstIndex, quantity: 0, price: firstPrice(track) }));
  const byKey = new Map(tracks.map((track, index) => [track.key, places[index]]));
  let cash: number = capital;
  let next = 0;
  let held = 0;
  points.add(from, fromMoney(capital), 0);
  for (;;) {
    let end = Infinity;
    for (const { ends, at } of places) end = Math.min(end, ends[at] ?? Infinity);
    if (end > until || end === Infinity) break;
    let isLast = false;
    for (const place of places) {
      if (place.ends[place.at] !== end) continue;
      place.price = place.columns.close[place.at] ?? place.price;
      place.at += 1;
      if (place.columns.session[place.at] !== place.columns.session[place.at - 1]) isLast = true;
    }
    let touched = held > 0;
    for (let each = fills[next]; each !== undefined && each.fill.happenedAt <= end; each = fills[next]) {
      next += 1;
      touched = true;
      const signed = each.action === 'BUY' ? each.fill.quantity : -each.fill.quantity;
      cash -= each.fill.price * signed + each.fill.charges;
      const place = byKey.get(each.instrument);
      if (place === undefined) continue;
      held += Number(place.quantity + signed !== 0) - Number(place.quantity !== 0);
      place.quantity += signed;
    }
    if (!touched && !isLast) continue;
    let worth = 0;
    let exposure = 0;
    if (held > 0) {
      for (const { quantity, price } of places) {
        worth += quantity * price;
        exposure += Math.abs(quantity) * price;
      }
    }
    points.add(end, cash / MONEY_SCALE + worth, exposure);
  }
  return points.columns();
}

function firstPrice({ data: { columns }, firstIndex }: Track): number {
  return columns.close[Math.max(0, firstIndex - 1)] ?? 0;
}

class Points {
  #at = new Float64Array(1_024);
  #equity = new Float64Array(1_024);
  #exposure = new Float64Array(1_024);
  #length = 0;

  add(at: EpochMs, equity: number, exposure: number): void {
    if (this.#length === this.#at.length) this.#grow();
    this.#at[this.#length] = at;
    this.#equity[this.#length] = equity;
    this.#exposure[this.#length] = exposure;
    this.#length += 1;
  }

  columns(): EquityColumns {
    const { length } = { length: this.#length };
    return { length, at: this.#at.slice(0, length), equity: this.#equity.slice(0, length), exposure: this.#exposure.slice(0, length) };
  }

  #grow(): void {
    const larger = (column: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> => {
      const room = new Float64Array(column.length * 2);
      room.set(column);
      return room;
    };
    this.#at = larger(this.#at);
    this.#equity = larger(this.#equity);
    this.#exposure = larger(this.#exposure);
  }
}
