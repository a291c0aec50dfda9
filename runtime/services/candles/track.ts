import { higherCandlesOf, MinuteBuilder, minuteOf, type Candle, type CandleCalendar, type LeftOut, type Slot, type Span } from '../../domain/candle';
import { ok, type Outcome } from '../../domain/denial';
import type { SeenCandle, Tick } from '../../domain/feed';
import type { Instrument } from '../../domain/market';
import type { Clock, Log, Pause } from '../../domain/ports';
import type { EpochMs } from '../../domain/time';
import { Deliveries, type News } from './deliveries';
import { Frame } from './frame';
import type { CandleLimits } from './limits';
import type { PastCandles } from './pastCandles';
import { Repairs } from './repairs';
import { createTurns, type Turns } from './turns';
import { createWatcher, type CandleListener } from './watcher';

export interface TrackOptions {
  readonly instrument: Instrument;
  readonly calendar: CandleCalendar;
  readonly past: PastCandles;
  readonly clock: Clock;
  readonly pause: Pause;
  readonly log: Log;
  readonly limits: CandleLimits;
  /** Called with every complete one-minute candle as it closes. */
  readonly onMinute: (candle: Candle) => void;
}

/**
 * One instrument from its ticks: one-minute candles, and every other timeframe from them. All timeframes know a minute before anyone is told of it.
 * What has to wait for history is done in turn, so that candles are told in order and the growing ones have no hole and nothing double.
 */
export class Track {
  readonly #options: TrackOptions;
  readonly #builder: MinuteBuilder;
  readonly #repairs: Repairs;
  readonly #turns: Turns;
  readonly #deliveries = new Deliveries();
  readonly #minutes: Frame;
  readonly #frames = new Map<string, Frame>();
  /** The minute in which ticks began to be listened to. */
  readonly #began: EpochMs;
  /** All minutes before are closed and known to every timeframe. */
  #edge: EpochMs;
  /** When the first growing candle ends. */
  #dueAt: EpochMs = Infinity;

  constructor(options: TrackOptions) {
    const { instrument, calendar, clock, limits, log } = options;
    this.#options = options;
    const from = clock.now();
    this.#builder = new MinuteBuilder({ sessionAt: (at) => calendar.sessionAt(instrument, at), from, lateMs: limits.lateMs });
    this.#began = minuteOf(from);
    this.#edge = this.#began;
    this.#repairs = new Repairs({ ...options, unsure: this.#builder.unsure });
    this.#turns = createTurns((error) => log.error({ err: error, instrument: instrument.key }, 'a step of the candle book failed'));
    this.#minutes = this.#newFrame('1m');
    this.#minutes.isReady = true;
  }

  get leftOut(): LeftOut {
    return this.#builder.leftOut;
  }

  get isWatched(): boolean {
    for (const { watchers } of this.#frames.values()) if (watchers.size > 0) return true;
    return false;
  }

  /** When the clock has to close something. */
  get dueAt(): EpochMs {
    return Math.min(this.#builder.dueAt, this.#dueAt);
  }

  tick(tick: Tick): Promise<void> | undefined {
    const closed = this.#builder.take(tick);
    const told = closed.length > 0 || this.#builder.horizon >= this.#dueAt ? this.#advance(closed) : undefined;
    const formed = this.#turns.isIdle ? this.#deliveries.formed(this.#frames.values(), () => this.#builder.forming()) : undefined;
    return both(told, formed);
  }

  /** Closes what ended at `time` or before. */
  closeUpTo(time: EpochMs): Promise<void> | undefined {
    const closed = this.#builder.closeUpTo(time);
    return closed.length > 0 || this.#builder.horizon >= this.#dueAt ? this.#advance(closed) : undefined;
  }

  /** Ticks were missed, also of candles that are closed. What was missed before this track began is not its own. `isNews`: history is asked afresh. */
  missed(gap: Span, { isNews = true }: { readonly isNews?: boolean } = {}): void {
    const span = this.#inSession({ from: Math.max(gap.from, this.#began), until: gap.until });
    if (span === undefined) return;
    this.#builder.missed(span);
    for (const frame of this.#frames.values()) frame.doubt(span);
    if (isNews) this.#repairs.begin();
  }

  /** Asks history once more for what is missing, when it is time. */
  retry(): void {
    if (!this.#turns.isIdle || !this.#repairs.isDue({ from: -Infinity, until: this.#edge })) return;
    void this.#turns.run(async () => {
      for (const minute of await this.#repairs.ask(this.#edge)) this.#repairClosed(minute);
    });
  }

  watch(timeframe: string, listener: CandleListener, wantsForming: boolean): () => void {
    const { instrument, log } = this.#options;
    const frame = this.frame(timeframe);
    const watcher = createWatcher({ listener, wantsForming, what: `${instrument.key} ${timeframe}`, log });
    frame.watchers.add(watcher);
    return () => { frame.watchers.delete(watcher); };
  }

  /** The frame of a timeframe, which begins with what history knows of the candle that is under way. */
  frame(timeframe: string): Frame {
    const known = this.#frames.get(timeframe);
    if (known !== undefined) return known;
    const frame = this.#newFrame(timeframe);
    frame.ready = this.#turns.run(() => this.#warmUp(frame)) ?? Promise.resolve();
    return frame;
  }

  forming(timeframe: string): SeenCandle | undefined {
    const frame = this.#frames.get(timeframe);
    return frame?.isReady === true ? frame.candles.forming(this.#builder.forming()) : undefined;
  }

  /** The newest candles that were closed at `asOf`, from memory and, where that does not reach, from history. */
  async closed(frame: Frame, { asOf, limit }: { readonly asOf: EpochMs; readonly limit: number }): Promise<Outcome<readonly SeenCandle[]>> {
    const { past, instrument, clock, limits } = this.#options;
    await frame.ready;
    const held = frame.closedAt(asOf, limit);
    if (held.length >= limit || (frame.exhaustedAt + limits.askAgainMs > clock.now() && asOf >= frame.heldFrom)) return ok(held);
    const before = Math.min(frame.heldFrom, asOf);
    const count = limit - held.length;
    const older = await past.closed({ instrument, timeframe: frame.timeframe }, { before, count });
    if (before === frame.heldFrom) this.#learn(frame, { older, count });
    if (!older.ok) return held.length > 0 ? ok(held) : older;
    const newer = frame.closedAt(asOf, limit).filter(({ candle }) => candle.time >= before);
    return ok([...older.value.filter(({ candle }) => candle.time < (newer[0]?.candle.time ?? Infinity)), ...newer].slice(-limit));
  }

  /** Keeps what history said of the time before the frame. */
  #learn(frame: Frame, { older, count }: { readonly older: Outcome<readonly SeenCandle[]>; readonly count: number }): void {
    const { heldFrom } = frame;
    const candles = older.ok ? older.value : [];
    if (frame.prepend(candles) && candles.length < count) frame.exhaustedAt = this.#options.clock.now();
    if (older.ok && frame === this.#minutes) this.#repairs.doubt({ newest: candles.at(-1)?.until, until: heldFrom });
  }

  /** Without the rest around it: at night nothing can be missed, though a week goes on. */
  #inSession({ from, until }: Span): Span | undefined {
    const { calendar, instrument } = this.#options;
    const first = calendar.sessionAt(instrument, from) === undefined ? (calendar.sessionOnOrAfter(instrument, from)?.from ?? until) : from;
    const last = calendar.sessionAt(instrument, until - 1) === undefined ? (calendar.sessionBefore(instrument, until)?.until ?? from) : until;
    return first < last ? { from: first, until: last } : undefined;
  }

  #newFrame(timeframe: string): Frame {
    const { instrument, calendar, limits } = this.#options;
    const frame = new Frame({ instrument, timeframe, calendar, kept: limits.kept, from: this.#edge, isUnsure: (slot) => this.#builder.unsure.overlaps(slot) });
    this.#frames.set(timeframe, frame);
    return frame;
  }

  async #warmUp(frame: Frame): Promise<void> {
    const { instrument, calendar, past, pause, limits } = this.#options;
    const edge = this.#edge;
    const slot = frame.slotOf(edge) ?? frame.slotOf(calendar.sessionOnOrAfter(instrument, edge)?.from ?? edge);
    const start = Math.min(slot?.start ?? edge, edge);
    frame.begin(slot?.start ?? edge);
    const until = Math.min(this.#minutes.heldFrom, edge);
    if (start < until) {
      const known = await Promise.race([past.members({ instrument, timeframe: frame.timeframe }, { from: start, until }), pause(limits.warmUpPatienceMs)]);
      if (known?.ok === true) {
        for (const member of known.value) frame.add(member);
        this.#repairs.doubt({ newest: known.value.at(-1)?.until, until });
      } else {
        this.#builder.unsure.add({ from: start, until });
        this.#repairs.begin();
      }
    }
    for (const minute of this.#minutes.between(start < until ? until : start, edge)) frame.add(minute);
    frame.isReady = true;
    this.#dueAt = Math.min(this.#dueAt, frame.candles.until ?? Infinity);
  }

  #advance(closed: readonly SeenCandle[]): Promise<void> | undefined {
    const edge = minuteOf(this.#builder.horizon);
    // What is due is on its way now: further ticks need not ask for it.
    this.#dueAt = Infinity;
    let told: Promise<void> | undefined;
    const turn = this.#turns.run(() => {
      if (!this.#repairs.isDue({ from: this.#oldestClosing(closed, edge), until: edge })) {
        told = this.#take(closed, edge);
        return undefined;
      }
      return this.#repairs.ask(edge).then((known) => { told = this.#take(this.#joined(closed, known), edge); });
    });
    return turn === undefined ? told : turn.then(() => told);
  }

  /** The start of the oldest candle that closes now. */
  #oldestClosing(closed: readonly SeenCandle[], edge: EpochMs): EpochMs {
    let oldest = closed[0]?.candle.time ?? edge;
    for (const { candles, slotOf } of this.#frames.values()) {
      const { until } = candles;
      if (until !== undefined && until <= edge) oldest = Math.min(oldest, slotOf(until - 1)?.start ?? oldest);
    }
    return oldest;
  }

  /**
   * The minutes that closed, as history knows them better; older ones are put in their places. A half-seen minute that history does not have stays half:
   * something was traded in it.
   */
  #joined(closed: readonly SeenCandle[], known: readonly SeenCandle[]): readonly SeenCandle[] {
    const minutes = new Map(closed.map((seen) => [seen.candle.time, seen]));
    for (const minute of known) {
      if (minute.candle.time >= this.#edge) minutes.set(minute.candle.time, minute);
      else this.#repairClosed(minute);
    }
    return [...minutes.values()].sort((a, b) => a.candle.time - b.candle.time);
  }

  /** A minute that is closed already, known better now: the candles it is a part of follow as far as their minutes are held. */
  #repairClosed(minute: SeenCandle): void {
    const isHeld = minute.candle.time >= this.#minutes.heldFrom;
    const previous = isHeld ? this.#minutes.put(minute) : undefined;
    this.#options.onMinute(minute.candle);
    for (const frame of this.#frames.values()) {
      if (frame === this.#minutes || !frame.isReady) continue;
      frame.candles.repair(minute, previous);
      const slot = frame.slotOf(minute.candle.time);
      if (slot !== undefined && slot.until <= this.#edge && slot.start >= Math.max(this.#minutes.heldFrom, frame.heldFrom)) this.#remake(frame, slot);
    }
  }

  /** A closed candle afresh from its minutes. */
  #remake(frame: Frame, { start, until }: Slot): void {
    const isUnsure = this.#builder.unsure.overlaps({ from: start, until });
    for (const seen of higherCandlesOf(this.#minutes.between(start, until), frame.slotOf, until)) frame.put({ ...seen, incomplete: seen.incomplete || isUnsure });
  }

  /** Every timeframe takes the minutes; then all is told, what ended first before what ended later, short candles before long ones. */
  #take(closed: readonly SeenCandle[], edge: EpochMs): Promise<void> | undefined {
    const news: News[] = [];
    const frames = [...this.#frames.values()].filter(({ isReady }) => isReady);
    for (const minute of closed) {
      if (!minute.incomplete) this.#options.onMinute(minute.candle);
      for (const frame of frames) for (const seen of frame.add(minute)) news.push({ frame, seen });
    }
    for (const frame of frames) for (const seen of frame.closeUpTo(edge)) news.push({ frame, seen });
    this.#edge = Math.max(this.#edge, edge);
    this.#dueAt = Math.min(...frames.map(({ candles }) => candles.until ?? Infinity));
    return this.#deliveries.closed(news);
  }
}

function both(one: Promise<void> | undefined, other: Promise<void> | undefined): Promise<void> | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Promise.all([one, other]).then(() => undefined);
}
