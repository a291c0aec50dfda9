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
  return cut(ticks, sessionAt) ?? cut(inOrder(ticks), sessionAt) ?? new Output(0).columns();
}

/** Undefined where a tick is older than the one before it: nearly all histories are in order, and looking costs a walk. */
function cut(ticks: TickColumns, sessionAt: SessionAt): CandleColumns | undefined {
  const { length, at } = ticks;
  const out = new Output(length);
  const minute = new MinuteRange();
  while (minute.until < length) {
    const first = at[minute.until] ?? NaN;
    const session = sessionAt(first);
    const start = minuteOf(first);
    if (!minute.moveOn(at, length, start + MINUTE_MS)) return undefined;
    if (session === undefined) continue;
    const candle = out.next(start, session.from);
    if (minute.hasTies) foldApart(ticks, minute, candle);
    else fold(ticks, minute, candle);
  }
  return out.columns();
}

interface Range {
  readonly from: number;
  readonly until: number;
}

/** The ticks of one minute, which lie side by side. */
class MinuteRange implements Range {
  from = 0;
  until = 0;
  /** Whether two of them have the same time. */
  hasTies = false;

  /** Goes to the ticks that follow, up to the first one at `end` or later; false where they are out of order. */
  moveOn(at: Float64Array, length: number, end: EpochMs): boolean {
    let index = this.until;
    let before = at[index] ?? NaN;
    this.from = index;
    this.hasTies = false;
    for (index += 1; index < length; index += 1) {
      const time = at[index] ?? NaN;
      if (!(time > before && time < end)) {
        if (time !== before) break;
        this.hasTies = true;
      }
      before = time;
    }
    this.until = index;
    return index === length || (at[index] ?? NaN) > before;
  }
}

/** One candle of the ticks in a range, all at different times. Kept free of anything else: it runs for every tick. */
function fold({ price, quantity }: TickColumns, { from, until }: Range, candle: Cell): void {
  const open = price[from] ?? NaN;
  let high = open;
  let low = open;
  let volume = 0;
  for (let index = from; index < until; index += 1) {
    const value = price[index] ?? NaN;
    high = value > high ? value : high;
    low = value < low ? value : low;
    volume += quantity[index] ?? NaN;
  }
  candle.set(open, high, low, price[until - 1] ?? NaN, volume);
}

/** The same where times repeat themselves: a tick that was there before counts once. */
function foldApart(ticks: TickColumns, { from, until }: Range, candle: Cell): void {
  const indices = Array.from({ length: until - from }, (_, index) => from + index).filter((index) => index === from || !isRepeat(ticks, index));
  const column = (cells: Float64Array): Float64Array => Float64Array.from(indices, (index) => cells[index] ?? NaN);
  fold({ length: indices.length, at: column(ticks.at), price: column(ticks.price), quantity: column(ticks.quantity) }, { from: 0, until: indices.length }, candle);
}

/** Candles of a longer timeframe from those of a shorter one, oldest first. The last one may still be forming. */
export function higherColumns(candles: CandleColumns, slotOf: SlotOf): CandleColumns {
  const { length, time } = candles;
  const out = new Output(length);
  let index = 0;
  while (index < length) {
    const first = time[index] ?? NaN;
    const slot = slotOf(first);
    let end = index + 1;
    while (slot !== undefined && end < length && (time[end] ?? NaN) < slot.until) end += 1;
    if (slot !== undefined) join(candles, { from: index, until: end }, out.next(slot.start, candles.session[index] ?? NaN));
    index = end;
  }
  return out.columns();
}

function join({ open, high, low, close, volume }: CandleColumns, { from, until }: Range, candle: Cell): void {
  let top = -Infinity;
  let bottom = Infinity;
  let sum = 0;
  for (let index = from; index < until; index += 1) {
    top = Math.max(top, high[index] ?? NaN);
    bottom = Math.min(bottom, low[index] ?? NaN);
    sum += volume[index] ?? NaN;
  }
  candle.set(open[from] ?? NaN, top, bottom, close[until - 1] ?? NaN, sum);
}

/** The candle that was begun last. */
interface Cell {
  set(open: number, high: number, low: number, close: number, volume: number): void;
}

/** Columns that grow, candle by candle. */
class Output implements Cell {
  #room: number;
  #count = 0;
  #cells: readonly Float64Array[];

  constructor(most: number) {
    this.#room = Math.max(1, Math.min(most, 1_024));
    this.#cells = Array.from({ length: 7 }, () => new Float64Array(this.#room));
  }

  next(time: EpochMs, session: EpochMs): Cell {
    if (this.#count === this.#room) this.#grow();
    this.#count += 1;
    this.#write(0, time);
    this.#write(6, session);
    return this;
  }

  set(...values: readonly [open: number, high: number, low: number, close: number, volume: number]): void {
    for (const [index, value] of values.entries()) this.#write(index + 1, value);
  }

  columns(): CandleColumns {
    const cut = (column: number): Float64Array => this.#cells[column]?.subarray(0, this.#count) ?? new Float64Array(0);
    return { length: this.#count, time: cut(0), open: cut(1), high: cut(2), low: cut(3), close: cut(4), volume: cut(5), session: cut(6) };
  }

  #write(column: number, value: number): void {
    const cells = this.#cells[column];
    if (cells !== undefined) cells[this.#count - 1] = value;
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

function inOrder({ length, at, price, quantity }: TickColumns): TickColumns {
  const order = Array.from({ length }, (_, index) => index).sort((a, b) => (at[a] ?? 0) - (at[b] ?? 0));
  const column = (cells: Float64Array): Float64Array => Float64Array.from(order, (index) => cells[index] ?? NaN);
  return { length, at: column(at), price: column(price), quantity: column(quantity) };
}
