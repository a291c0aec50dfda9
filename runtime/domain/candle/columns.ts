import { MINUTE_MS, type EpochMs } from '../time';
import { minuteOf, type SlotOf } from './slot';

/** Ticks by column: time, price in currency units, units traded. All columns have `length` numbers. */
export interface TickColumns {
  readonly length: number;
  readonly at: Float64Array;
  readonly price: Float64Array;
  readonly quantity: Float64Array;
}

/** Candles by column, as the batch path of the indicators takes them; `session` is the opening of the candle's session. */
export interface CandleColumns {
  readonly length: number;
  readonly time: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
  readonly session: Float64Array;
}

type SessionAt = (at: EpochMs) => { readonly from: EpochMs; readonly until: EpochMs } | undefined;

/**
 * One-minute candles of a whole history of ticks, the same that `MinuteBuilder` makes of them one by one: ticks outside of sessions are left out, of
 * ticks at the same time with the same price and quantity one counts. Ticks out of order are sorted first. The last candle may still be forming.
 */
export function minutesOfTicks(ticks: TickColumns, sessionAt: SessionAt): CandleColumns {
  const ordered = inOrder(ticks);
  const { length, at, price, quantity } = ordered;
  const out = new Output(length);
  let from = Infinity;
  let until = -Infinity;
  let high = 0;
  let low = 0;
  let close = 0;
  let volume = 0;
  let before = NaN;
  for (let index = 0; index < length; index += 1) {
    const time = at[index] ?? NaN;
    const value = price[index] ?? NaN;
    if (time >= until || time < from) {
      out.end(high, low, close, volume);
      const session = sessionAt(time);
      if (session === undefined) {
        until = -Infinity;
        continue;
      }
      from = minuteOf(time);
      until = from + MINUTE_MS;
      out.begin(from, value, session.from);
      high = value;
      low = value;
      volume = 0;
    } else if (time === before && isRepeat(ordered, index)) continue;
    else if (value > high) high = value;
    else if (value < low) low = value;
    close = value;
    volume += quantity[index] ?? 0;
    before = time;
  }
  out.end(high, low, close, volume);
  return out.columns();
}

/** Candles of a longer timeframe from those of a shorter one, oldest first. The last one may still be forming. */
export function higherColumns(candles: CandleColumns, slotOf: SlotOf): CandleColumns {
  const out = new Output(candles.length);
  let from = Infinity;
  let until = -Infinity;
  let high = 0;
  let low = 0;
  let close = 0;
  let volume = 0;
  for (let index = 0; index < candles.length; index += 1) {
    const time = candles.time[index] ?? NaN;
    if (time >= until || time < from) {
      out.end(high, low, close, volume);
      const slot = slotOf(time);
      if (slot === undefined) {
        until = -Infinity;
        continue;
      }
      from = slot.start;
      until = slot.until;
      out.begin(from, candles.open[index] ?? NaN, candles.session[index] ?? NaN);
      high = -Infinity;
      low = Infinity;
      volume = 0;
    }
    const top = candles.high[index] ?? NaN;
    const bottom = candles.low[index] ?? NaN;
    if (top > high) high = top;
    if (bottom < low) low = bottom;
    close = candles.close[index] ?? NaN;
    volume += candles.volume[index] ?? 0;
  }
  out.end(high, low, close, volume);
  return out.columns();
}

/** Columns that grow; a candle is begun and ended. */
class Output {
  #room: number;
  #count = 0;
  #isOpen = false;
  #cells: readonly Float64Array[];

  constructor(most: number) {
    this.#room = Math.max(1, Math.min(most, 1_024));
    this.#cells = Array.from({ length: 7 }, () => new Float64Array(this.#room));
  }

  begin(time: EpochMs, open: number, session: EpochMs): void {
    if (this.#count === this.#room) this.#grow();
    this.#isOpen = true;
    this.#set(0, time);
    this.#set(1, open);
    this.#set(6, session);
  }

  end(high: number, low: number, close: number, volume: number): void {
    if (!this.#isOpen) return;
    this.#set(2, high);
    this.#set(3, low);
    this.#set(4, close);
    this.#set(5, volume);
    this.#isOpen = false;
    this.#count += 1;
  }

  columns(): CandleColumns {
    const cut = (column: number): Float64Array => this.#cells[column]?.subarray(0, this.#count) ?? new Float64Array(0);
    return { length: this.#count, time: cut(0), open: cut(1), high: cut(2), low: cut(3), close: cut(4), volume: cut(5), session: cut(6) };
  }

  #set(column: number, value: number): void {
    const cells = this.#cells[column];
    if (cells !== undefined) cells[this.#count] = value;
  }

  #grow(): void {
    this.#room *= 2;
    this.#cells = this.#cells.map((cells) => {
      const larger = new Float64Array(this.#room);
      larger.set(cells);
      return larger;
    });
  }
}

/** Whether a tick before this one, at the same time, says the same. */
function isRepeat({ at, price, quantity }: TickColumns, index: number): boolean {
  for (let other = index - 1; other >= 0 && at[other] === at[index]; other -= 1) {
    if (price[other] === price[index] && quantity[other] === quantity[index]) return true;
  }
  return false;
}

function inOrder(ticks: TickColumns): TickColumns {
  const { length, at } = ticks;
  let sorted = true;
  for (let index = 1; index < length; index += 1) {
    if ((at[index] ?? 0) < (at[index - 1] ?? 0)) {
      sorted = false;
      break;
    }
  }
  if (sorted) return ticks;
  const order = Array.from({ length }, (_, index) => index).sort((a, b) => (at[a] ?? 0) - (at[b] ?? 0));
  const cut = (column: Float64Array): Float64Array => Float64Array.from(order, (index) => column[index] ?? NaN);
  return { length, at: cut(at), price: cut(ticks.price), quantity: cut(ticks.quantity) };
}
