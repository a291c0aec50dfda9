import type { SeenCandle } from '../feed/candleBook';
import type { Tick } from '../feed/tick';
import { MONEY_SCALE } from '../money';
import type { EpochMs, IsoDate } from '../time';
import { DayVolume, type CountedMinute } from './dayVolume';
import { Minute } from './minute';
import { Repeats } from './repeats';
import { dayNumber, minuteOf } from './slot';
import { Spans, type Span } from './spans';

export interface MinuteBuilderOptions {
  /** The session that is open at a moment. */
  readonly sessionAt: (at: EpochMs) => BuilderSession | undefined;
  /** When ticks began to be listened to. The minute that was under way then is half seen. */
  readonly from: EpochMs;
  /**
   * How much older than the newest tick one may be and still enter its candle, by the source's time. A candle stays open that long after its end.
   * Default 2,000; 0 for a recording in order.
   */
  readonly lateMs?: number;
}

export interface BuilderSession {
  readonly date: IsoDate;
  readonly from: EpochMs;
  readonly until: EpochMs;
}

/** Ticks that made no candle. */
export interface LeftOut {
  /** Too late: older than the window, or their candle was closed by the clock. */
  late: number;
  /** Outside of the session: pre-open, after the close, on a day without trading. */
  offSession: number;
  repeated: number;
}

export const DEFAULT_LATE_MS = 2_000;
const NONE: readonly SeenCandle[] = [];

/**
 * One-minute candles of one instrument from its ticks, by the source's time. Within the window the order of ticks and repeated ones change nothing.
 *
 * A tick counts when it is inside a session (from the opening up to, not including, the close). A minute without a trade has no candle: nothing is invented, the
 * gap stays visible. Ticks that say no more than the count of the day before them are quotes, no trades. Minutes in which ticks were missed are
 * `incomplete`, until `unsure` is cleared of them by whoever has history.
 */
export class MinuteBuilder {
  readonly leftOut: LeftOut = { late: 0, offSession: 0, repeated: 0 };
  /** When ticks were missed, and not made good. */
  readonly unsure = new Spans();
  readonly #options: MinuteBuilderOptions;
  readonly #lateMs: number;
  readonly #volume = new DayVolume();
  #repeats: Repeats | undefined;
  #session: BuilderSession = { date: '', from: NaN, until: NaN };
  /** Minutes that still take ticks, oldest first. */
  #open: Minute[] = [];
  /** The minute of the last tick: nearly always the next one's as well. */
  #current: Minute | undefined;
  #newestAt: EpochMs = -Infinity;
  #horizon: EpochMs;
  /** Where the last gap ended, and the last closed minute: what was counted between belongs to neither. */
  #gapUntil: EpochMs = -Infinity;
  #closedUntil: EpochMs = -Infinity;

  constructor(options: MinuteBuilderOptions) {
    this.#options = options;
    this.#lateMs = options.lateMs ?? DEFAULT_LATE_MS;
    this.#horizon = minuteOf(options.from);
    this.unsure.add({ from: this.#horizon, until: options.from });
  }

  /** Everything up to here is closed. */
  get horizon(): EpochMs {
    return this.#horizon;
  }

  /** When the oldest open minute ends; Infinity while there is none. */
  get dueAt(): EpochMs {
    return this.#open[0]?.until ?? Infinity;
  }

  /** Takes a tick; the answer is the minutes that closed by it, oldest first. */
  take(tick: Tick): readonly SeenCandle[] {
    const { at } = tick;
    const isNewest = at > this.#newestAt;
    if (isNewest) this.#newestAt = at;
    else if (at < this.#newestAt - this.#lateMs) return this.#leaveOut('late');
    const minute = this.#minuteAt(at);
    if (minute !== undefined) {
      if (tick.dayVolume === undefined && (this.#repeats ??= new Repeats()).isRepeat(tick, isNewest)) this.leftOut.repeated += 1;
      else minute.add(tick);
    }
    return isNewest ? this.closeUpTo(at - this.#lateMs) : NONE;
  }

  /** Closes what ended at `time` or before; ticks of it that still come are late. */
  closeUpTo(time: EpochMs): readonly SeenCandle[] {
    if (time <= this.#horizon) return NONE;
    this.#horizon = time;
    const [first] = this.#open;
    if (first === undefined || first.until > time) return NONE;
    const over = this.#open.filter(({ until }) => until <= time);
    this.#open = this.#open.filter(({ until }) => until > time);
    if (this.#current !== undefined && this.#current.until <= time) this.#current = undefined;
    return over.flatMap((minute) => this.#closed(minute));
  }

  /** Ticks were missed in this time. */
  missed(gap: Span): void {
    this.unsure.add(gap);
    this.#gapUntil = Math.max(this.#gapUntil, gap.until);
  }

  /** The minutes that still take ticks, as far as they have come, oldest first. */
  forming(): readonly SeenCandle[] {
    const volume = this.#open.length > 1 ? this.#volume.copy() : this.#volume;
    return this.#open.flatMap((minute, index) => {
      const seen = this.#seen(minute, { volume, closed: false });
      if (minute.countsDay && index < this.#open.length - 1) volume.take(this.#counted(minute));
      return seen ?? [];
    });
  }

  #minuteAt(at: EpochMs): Minute | undefined {
    const current = this.#current;
    if (current !== undefined && at >= current.start && at < current.until) return current;
    if (!(at >= this.#session.from && at < this.#session.until)) {
      const session = this.#options.sessionAt(at);
      if (session === undefined) {
        this.leftOut.offSession += 1;
        return undefined;
      }
      this.#session = session;
    }
    const start = minuteOf(at);
    const known = this.#open.find((minute) => minute.start === start);
    if (known !== undefined) return known;
    const minute = new Minute(start, this.#session);
    if (minute.until <= this.#horizon) {
      this.leftOut.late += 1;
      return undefined;
    }
    const isNewest = this.#open.every((other) => other.start < start);
    this.#open.push(minute);
    if (isNewest) this.#current = minute;
    else this.#open.sort((a, b) => a.start - b.start);
    return minute;
  }

  #closed(minute: Minute): readonly SeenCandle[] {
    const seen = this.#seen(minute, { volume: this.#volume, closed: true });
    if (minute.countsDay) this.#volume.take(this.#counted(minute));
    this.#closedUntil = minute.until;
    return seen === undefined ? [] : [seen];
  }

  /** Undefined where nothing was traded. */
  #seen(minute: Minute, { volume, closed }: { readonly volume: DayVolume; readonly closed: boolean }): SeenCandle | undefined {
    const { start, until, countsDay, quantity } = minute;
    const counted = this.#counted(minute);
    const range = minute.range(countsDay ? volume.before(counted) : undefined);
    if (range.count === 0) return undefined;
    return {
      until, incomplete: this.unsure.overlaps({ from: start, until }),
      candle: {
        time: start, open: range.open / MONEY_SCALE, high: range.high / MONEY_SCALE, low: range.low / MONEY_SCALE, close: range.close / MONEY_SCALE,
        volume: countsDay ? volume.volume(counted) : quantity, closed,
      },
    };
  }

  #counted({ start, until, session, lowVolume, highVolume }: Minute): CountedMinute {
    const gapSince = this.#gapUntil > this.#closedUntil && this.#gapUntil <= start;
    return {
      day: dayNumber(session.date), low: lowVolume, high: highVolume, fromOpen: this.#options.from <= session.from,
      afterGap: gapSince || this.unsure.overlaps({ from: start, until }),
    };
  }

  #leaveOut(why: keyof LeftOut): readonly SeenCandle[] {
    this.leftOut[why] += 1;
    return NONE;
  }
}
