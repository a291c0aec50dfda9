import type { Candle, CandleColumns } from '../../domain/candle';
import type { Tick } from '../../domain/feed';
import type { Instrument, Quote, TradedUnits } from '../../domain/market';
import { toMoney } from '../../domain/money';
import { SECOND_MS, type EpochMs } from '../../domain/time';

/** Where in a candle its four prices stand, in 60ths of its length; the last one is told a second before the end. */
const STEPS = [0, 20, 40] as const;
const PARTS = 60;
export const TICKS = 4;

/** Candles of one instrument as the walk needs them: in session, in order, each with its end. */
export interface TrackData {
  readonly instrument: Instrument;
  readonly timeframeMs: number;
  readonly columns: CandleColumns;
  /** End of each candle: that of its session where that comes sooner. */
  readonly until: Float64Array;
  /** When each candle's session closes. */
  readonly closes: Float64Array;
}

/**
 * One instrument's past as ticks, read as far as the walk has come. A candle is four ticks: one that closed at or above its open is taken to have gone down first (open, low, high, close),
 * the others up first. The volume is spread evenly, what does not divide goes to the last.
 */
export class Track {
  /** Number of the newest tick that was seen; a candle has four. */
  #seen: number;
  #quote: Quote | undefined;
  #quoteOf = -1;
  readonly #first: number;
  readonly #volumes: Float64Array;

  /** `from`: no tick before it is told; the close of the last candle before it is what is known. */
  constructor(readonly data: TrackData, readonly order: number, from: EpochMs) {
    const { time, length, volume } = data.columns;
    let first = 0;
    while (first < length && (time[first] ?? Infinity) < from) first += 1;
    this.#first = first;
    this.#seen = first * TICKS - 1;
    this.#volumes = new Float64Array(length + 1);
    for (let index = 0; index < length; index += 1) this.#volumes[index + 1] = (this.#volumes[index] ?? 0) + (volume[index] ?? 0);
  }

  get key(): Instrument['key'] {
    return this.data.instrument.key;
  }

  /** Index of the first candle that is walked. */
  get firstIndex(): number {
    return this.#first;
  }

  /** When the next tick comes; Infinity at the end. */
  get nextAt(): EpochMs {
    return this.#timeOf(this.#seen + 1);
  }

  /** Passes over every tick before `at`, with `inclusive` those at it too. */
  passTo(at: EpochMs, inclusive: boolean): void {
    const { time, length } = this.data.columns;
    const isOver = (moment: number): boolean => (inclusive ? moment <= at : moment < at);
    let candle = Math.max(Math.floor(this.#seen / TICKS), this.#first);
    while (candle + 1 < length && isOver(time[candle + 1] ?? Infinity)) candle += 1;
    this.#seen = Math.max(this.#seen, candle * TICKS - 1);
    while (isOver(this.nextAt)) this.#seen += 1;
  }

  /** Takes the next tick. */
  take(): Tick | undefined {
    if (this.nextAt === Infinity) return undefined;
    this.#seen += 1;
    return this.latest();
  }

  /** The candle that begins at `start` as far as ticks have shown it; undefined where none has. */
  forming(start: EpochMs): Candle | undefined {
    const { time, open, high, low, volume } = this.data.columns;
    const newest = Math.floor(this.#seen / TICKS);
    let first = newest;
    while (first > this.#first && (time[first - 1] ?? -Infinity) >= start) first -= 1;
    if (this.#seen < this.#first * TICKS || (time[first] ?? -Infinity) < start) return undefined;
    let [top, bottom, units] = [-Infinity, Infinity, 0];
    for (let candle = first; candle < newest; candle += 1) {
      top = Math.max(top, high[candle] ?? NaN);
      bottom = Math.min(bottom, low[candle] ?? NaN);
      units += volume[candle] ?? NaN;
    }
    for (let tick = newest * TICKS; tick <= this.#seen; tick += 1) {
      top = Math.max(top, this.#priceOf(tick));
      bottom = Math.min(bottom, this.#priceOf(tick));
      units += this.#volumeOf(tick);
    }
    return { time: start, open: open[first] ?? NaN, high: top, low: bottom, close: this.#priceOf(this.#seen), volume: units, closed: false };
  }

  /** The newest tick; undefined before the first. */
  latest(): Tick | undefined {
    if (this.#seen < this.#first * TICKS) return undefined;
    const volume = this.data.columns.volume[Math.floor(this.#seen / TICKS)] ?? 0;
    const tick = { instrument: this.key, last: toMoney(this.#priceOf(this.#seen)), at: this.#timeOf(this.#seen) };
    return volume > 0 ? { ...tick, lastQuantity: this.#volumeOf(this.#seen) } : tick;
  }

  /** The newest price, as markets quote it: with the close of the last candle where no tick was seen yet. */
  quote(): Quote | undefined {
    if (this.#quoteOf === this.#seen && this.#quote !== undefined) return this.#quote;
    const candle = Math.floor(this.#seen / TICKS);
    if (candle < 0) return undefined;
    const isTick = this.#seen >= this.#first * TICKS;
    const last = toMoney(isTick ? this.#priceOf(this.#seen) : this.data.columns.close[candle] ?? NaN);
    const at = isTick ? this.#timeOf(this.#seen) : this.data.until[candle] ?? NaN;
    const traded = isTick ? this.#traded(candle) : undefined;
    this.#quote = { instrument: this.key, bid: last, ask: last, last, at, ...(traded === undefined ? {} : { traded }) };
    this.#quoteOf = this.#seen;
    return this.#quote;
  }

  /** Absent until something was traded, as where nobody counts. */
  #traded(candle: number): TradedUnits | undefined {
    const before = (this.#volumes[candle] ?? 0) - (this.#volumes[this.#first] ?? 0);
    const now = this.#volumeOf(this.#seen);
    const part = this.#seen % TICKS;
    const whole = this.data.columns.volume[candle] ?? 0;
    const total = before + (part === TICKS - 1 ? whole : Math.floor(whole / TICKS) * (part + 1));
    return total === 0 ? undefined : { total, now };
  }

  #volumeOf(tick: number): number {
    const volume = this.data.columns.volume[Math.floor(tick / TICKS)] ?? 0;
    const share = Math.floor(volume / TICKS);
    return tick % TICKS === TICKS - 1 ? volume - share * (TICKS - 1) : share;
  }

  #timeOf(tick: number): EpochMs {
    const candle = Math.floor(tick / TICKS);
    const { time, length } = this.data.columns;
    if (candle >= length) return Infinity;
    const start = time[candle] ?? NaN;
    const end = this.data.until[candle] ?? NaN;
    const step = STEPS[tick % TICKS];
    return step === undefined ? end - SECOND_MS : start + (step * (end - start)) / PARTS;
  }

  #priceOf(tick: number): number {
    const candle = Math.floor(tick / TICKS);
    const { open, high, low, close } = this.data.columns;
    const isUp = (close[candle] ?? NaN) >= (open[candle] ?? NaN);
    switch (tick % TICKS) {
      case 0: return open[candle] ?? NaN;
      case 1: return (isUp ? low : high)[candle] ?? NaN;
      case 2: return (isUp ? high : low)[candle] ?? NaN;
      default: return close[candle] ?? NaN;
    }
  }
}
