import { CandleRing, HigherCandles, slotsOf, type CandleCalendar, type SlotOf, type Span } from '../../domain/candle';
import { timeframeMs } from '../../domain/condition';
import type { SeenCandle } from '../../domain/feed';
import type { Instrument } from '../../domain/market';
import type { EpochMs } from '../../domain/time';
import type { Watcher } from './watcher';

export interface FrameOptions {
  readonly instrument: Instrument;
  readonly timeframe: string;
  readonly calendar: CandleCalendar;
  readonly kept: number;
  readonly isUnsure: (slot: Span) => boolean;
  /** From where on its closed candles will be known. */
  readonly from: EpochMs;
}

/** The candles of one instrument in one timeframe: the newest closed ones and the one that grows. */
export class Frame {
  readonly timeframe: string;
  readonly lengthMs: number;
  readonly slotOf: SlotOf;
  readonly candles: HigherCandles;
  readonly watchers = new Set<Watcher>();
  /** Resolves when the growing candle holds what came before its first tick here. */
  ready: Promise<void> = Promise.resolve();
  isReady = false;
  /** When history was last found to have no older candles. */
  exhaustedAt: EpochMs = -Infinity;
  readonly #ring: CandleRing;
  readonly #kept: number;
  #from: EpochMs;

  constructor({ instrument, timeframe, calendar, kept, isUnsure, from }: FrameOptions) {
    this.timeframe = timeframe;
    this.lengthMs = timeframeMs(timeframe);
    this.slotOf = slotsOf(calendar, instrument, timeframe);
    this.candles = new HigherCandles({ slotOf: this.slotOf, isUnsure });
    this.#ring = new CandleRing(kept);
    this.#kept = kept;
    this.#from = from;
  }

  /** Every candle that closed from here on is held. */
  get heldFrom(): EpochMs {
    return this.#ring.size < this.#kept ? this.#from : Math.max(this.#from, this.#ring.oldest ?? this.#from);
  }

  /** Nothing is held yet; candles are going to be known from here on. */
  begin(from: EpochMs): void {
    this.#from = from;
  }

  /** The candles that closed by a closed shorter one. */
  add(member: SeenCandle): readonly SeenCandle[] {
    return this.#hold(this.candles.add(member));
  }

  closeUpTo(time: EpochMs): readonly SeenCandle[] {
    return this.#hold(this.candles.closeUpTo(time));
  }

  put(seen: SeenCandle): SeenCandle | undefined {
    return this.#ring.put(seen);
  }

  /** Marks the closed candles that hold any of this time. */
  doubt({ from, until }: Span): void {
    for (const seen of this.#ring.between(from - this.lengthMs, until)) if (seen.until > from) this.#ring.put({ ...seen, incomplete: true });
  }

  between(from: EpochMs, until: EpochMs): readonly SeenCandle[] {
    return this.#ring.between(from, until);
  }

  closedAt(asOf: EpochMs, limit: number): readonly SeenCandle[] {
    return this.#ring.closedAt(asOf, limit);
  }

  /** Takes all candles before those that are held, oldest first; false where there is no room for them. */
  prepend(older: readonly SeenCandle[]): boolean {
    const [first] = older;
    if (this.#ring.size + older.length >= this.#kept) return false;
    if (first === undefined) return true;
    this.#ring.prepend(older);
    this.#from = first.candle.time;
    return true;
  }

  #hold(closed: readonly SeenCandle[]): readonly SeenCandle[] {
    for (const seen of closed) this.#ring.put(seen);
    return closed;
  }
}
