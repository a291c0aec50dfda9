import type { SeenCandle } from '../feed/candleBook';
import type { EpochMs } from '../time';

const FIELDS = 8;
const FIRST_CAPACITY = 16;

/** The newest closed candles of one timeframe, as numbers side by side: 64 bytes each. The oldest one goes when it is full. */
export class CandleRing {
  readonly #most: number;
  #cells = new Float64Array(FIRST_CAPACITY * FIELDS);
  /** Position of the oldest candle. */
  #first = 0;
  #size = 0;

  constructor(most: number) {
    if (!Number.isInteger(most) || most < 1) throw new RangeError(`A ring holds at least one candle, not ${most}`);
    this.#most = most;
  }

  get size(): number {
    return this.#size;
  }

  /** Start of the oldest candle. */
  get oldest(): EpochMs | undefined {
    return this.#size === 0 ? undefined : this.#cell(0, 0);
  }

  at(index: number): SeenCandle | undefined {
    if (index < 0 || index >= this.#size) return undefined;
    const cell = (field: number): number => this.#cell(index, field);
    return { candle: { time: cell(0), open: cell(1), high: cell(2), low: cell(3), close: cell(4), volume: cell(5), closed: true }, until: cell(6), incomplete: cell(7) === 1 };
  }

  /** Adds a candle at its place; one with the same start is replaced and returned. */
  put(seen: SeenCandle): SeenCandle | undefined {
    const index = this.#firstFrom(seen.candle.time);
    const known = this.at(index);
    if (known?.candle.time === seen.candle.time) {
      this.#write(index, seen);
      return known;
    }
    if (index < this.#size) this.#rebuild([...this.all().slice(0, index), seen, ...this.all().slice(index)]);
    else this.#push(seen);
    return undefined;
  }

  /** Puts older candles before all others, as far as there is room. */
  prepend(older: readonly SeenCandle[]): void {
    this.#rebuild([...older, ...this.all()]);
  }

  all(): readonly SeenCandle[] {
    return this.between(-Infinity, Infinity);
  }

  /** The candles that start in [from, until), oldest first. */
  between(from: EpochMs, until: EpochMs): readonly SeenCandle[] {
    const end = this.#firstFrom(until);
    const found: SeenCandle[] = [];
    for (let index = this.#firstFrom(from); index < end; index += 1) {
      const seen = this.at(index);
      if (seen !== undefined) found.push(seen);
    }
    return found;
  }

  /** The `limit` newest candles that were closed at `asOf`, oldest first. */
  closedAt(asOf: EpochMs, limit: number): readonly SeenCandle[] {
    let end = this.#size;
    while (end > 0 && this.#cell(end - 1, 6) > asOf) end -= 1;
    const found: SeenCandle[] = [];
    for (let index = Math.max(0, end - limit); index < end; index += 1) {
      const seen = this.at(index);
      if (seen !== undefined) found.push(seen);
    }
    return found;
  }

  #push(seen: SeenCandle): void {
    if (this.#size === this.#capacity && this.#size < this.#most) this.#grow();
    if (this.#size === this.#capacity || this.#size === this.#most) this.#first = (this.#first + 1) % this.#capacity;
    else this.#size += 1;
    this.#write(this.#size - 1, seen);
  }

  #rebuild(candles: readonly SeenCandle[]): void {
    this.#first = 0;
    this.#size = 0;
    for (const seen of candles.slice(-this.#most)) this.#push(seen);
  }

  #grow(): void {
    const larger = new Float64Array(Math.min(this.#most, this.#capacity * 2) * FIELDS);
    larger.set(this.#cells.subarray(this.#first * FIELDS));
    larger.set(this.#cells.subarray(0, this.#first * FIELDS), (this.#capacity - this.#first) * FIELDS);
    this.#cells = larger;
    this.#first = 0;
  }

  get #capacity(): number {
    return this.#cells.length / FIELDS;
  }

  /** Index of the first candle that starts at `time` or later. */
  #firstFrom(time: EpochMs): number {
    let low = 0;
    let high = this.#size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#cell(middle, 0) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #cell(index: number, field: number): number {
    return this.#cells[((this.#first + index) % this.#capacity) * FIELDS + field] ?? NaN;
  }

  #write(index: number, { candle, until, incomplete }: SeenCandle): void {
    const start = ((this.#first + index) % this.#capacity) * FIELDS;
    const { time, open, high, low, close, volume } = candle;
    this.#cells.set([time, open, high, low, close, volume, until, incomplete ? 1 : 0], start);
  }
}
