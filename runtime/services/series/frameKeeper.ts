import { deny, ok, type Outcome } from '../../domain/denial';
import type { CandleBook, CandleRequest, SeenCandle } from '../../domain/feed';
import { HistoryFrame, LiveFrame, type Demand, type FrameCandle, type StudyReading } from '../../domain/series';
import type { EpochMs } from '../../domain/time';

export interface FrameKeeperOptions {
  readonly request: CandleRequest;
  readonly candles: CandleBook;
  /** When the session of a candle opened; undefined where nobody knows. */
  readonly sessionAt: (time: EpochMs) => EpochMs | undefined;
  /** Candles kept at least, of prices and of every indicator. */
  readonly kept: number;
  /** Called when a closed candle has been taken by every indicator. */
  readonly onCandle: (candle: FrameCandle) => void | Promise<void>;
}

/** Candles that history lacks because they closed while it was read: tried again this often. */
const TRIES = 3;
/** Moments further back than the newest candle that can still be answered from memory. */
const MORE_THAN_ASKED = 16;
/** Closed candles asked for to see whether one was missed. */
const CATCH_UP = 8;

/** The running indicators of one instrument in one timeframe, fed by the candle book from the first use on. */
export class FrameKeeper {
  #frame: LiveFrame | undefined;
  /** Candles that closed before there was a frame, newest last. */
  #early: FrameCandle[] = [];
  #work: Promise<unknown> = Promise.resolve();
  /** The newest candle when it was last asked whether incomplete ones are known better. */
  #lookedAt: EpochMs = -Infinity;
  readonly #unwatch: () => void;

  constructor(private readonly options: FrameKeeperOptions) {
    this.#unwatch = options.candles.watch(options.request, (seen) => this.#take(seen));
  }

  get frame(): LiveFrame | undefined {
    return this.#frame;
  }

  /** Everything that the demand needs is running. Denies where history can not be had. */
  ensure(demand: Demand): Promise<Outcome<LiveFrame>> {
    const { frame } = this;
    if (frame !== undefined && isReady(frame, demand) && !this.#isDoubtful(frame)) return Promise.resolve(ok(frame));
    const done = this.#work.then(() => this.#ensure(demand));
    // One at a time; a failure is its caller's and ends nothing.
    this.#work = done.catch(() => undefined);
    return done;
  }

  /** Takes what the book closed up to `at` and has not told yet: timeframes close in no particular order. */
  async catchUp(frame: LiveFrame, at: EpochMs): Promise<Outcome<true>> {
    if ((frame.newestCandle?.until ?? -Infinity) >= at) return ok(true);
    const closed = await this.options.candles.closed(this.options.request, { limit: CATCH_UP, asOf: at });
    if (!closed.ok) return closed;
    this.#append(frame, closed.value.map((seen) => this.#framed(seen)));
    return ok(true);
  }

  /** Everything afresh from history, as of an earlier moment: nothing is kept. */
  async past(demand: Demand, asOf: EpochMs): Promise<Outcome<HistoryFrame>> {
    const closed = await this.options.candles.closed(this.options.request, { limit: demand.history, asOf });
    return closed.ok ? ok(new HistoryFrame(closed.value.map((seen) => this.#framed(seen)))) : closed;
  }

  drop(study: string): void {
    this.#frame?.drop(study);
  }

  close(): void {
    this.#unwatch();
    this.#frame = undefined;
    this.#early = [];
  }

  /** Holds a candle with missed ticks, and a candle has closed since the book was last asked about it. */
  #isDoubtful(frame: LiveFrame): boolean {
    return frame.hasIncomplete && (frame.newestCandle?.candle.time ?? -Infinity) > this.#lookedAt;
  }

  /** A candle that was told incomplete may have been filled in from history since: then everything is computed afresh, instead of staying unknown for long. */
  async #lookAgain(): Promise<void> {
    const { frame } = this;
    if (frame === undefined || !this.#isDoubtful(frame)) return;
    this.#lookedAt = frame.newestCandle?.candle.time ?? -Infinity;
    const incomplete = new Set(frame.candles().filter((each) => each.incomplete).map(({ candle }) => candle.time));
    const closed = await this.options.candles.closed(this.options.request, { limit: frame.kept });
    const isRepaired = closed.ok && closed.value.some((seen) => !seen.incomplete && incomplete.has(seen.candle.time));
    if (isRepaired && this.#frame === frame) this.#frame = undefined;
  }

  async #ensure(demand: Demand): Promise<Outcome<LiveFrame>> {
    await this.#lookAgain();
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const { frame } = this;
      if (frame !== undefined && isReady(frame, demand)) return ok(frame);
      const kept = Math.max(frame?.kept ?? 0, this.options.kept, demand.depth + MORE_THAN_ASKED);
      const closed = await this.options.candles.closed(this.options.request, { limit: Math.max(demand.history, kept) });
      if (!closed.ok) return closed;
      this.#start(demand, kept, closed.value.map((seen) => this.#framed(seen)));
    }
    const { frame } = this;
    return frame !== undefined && isReady(frame, demand) ? ok(frame) : deny('NOT_READY', `History of ${this.options.request.instrument.key} in ${demand.timeframe} does not reach up to its newest candle.`);
  }

  /** Synchronous: no candle comes in between. Does nothing where history and frame do not meet; the caller tries again. */
  #start(demand: Demand, kept: number, history: readonly FrameCandle[]): void {
    const { frame } = this;
    if (frame === undefined || frame.kept < kept) {
      const whole = joined(history, frame?.candles() ?? this.#early, frame?.kept ?? this.options.kept);
      if (whole === undefined) return;
      const larger = new LiveFrame(kept, whole);
      for (const study of demand.studies) larger.start(study, whole);
      this.#frame = larger;
      this.#early = [];
      return;
    }
    this.#append(frame, history);
    const whole = this.#frame === frame ? joined(history, frame.candles(), frame.kept) : undefined;
    if (whole === undefined) return;
    for (const study of missing(frame, demand.studies)) frame.start(study, whole);
  }

  #append(frame: LiveFrame, candles: readonly FrameCandle[]): void {
    const newest = frame.newestCandle?.candle.time ?? -Infinity;
    const first = candles[0]?.candle.time ?? Infinity;
    const news = candles.filter(({ candle }) => candle.time > newest);
    // A hole between what is kept and what came: start afresh rather than compute over it.
    if (news.length > 0 && first > newest && frame.length > 0) this.#frame = undefined;
    else for (const candle of news) frame.push(candle);
  }

  #take(seen: SeenCandle): void | Promise<void> {
    if (!seen.candle.closed) return;
    const candle = this.#framed(seen);
    const { frame } = this;
    if (frame === undefined) this.#early = [...this.#early, candle].slice(-this.options.kept);
    else frame.push(candle);
    return this.options.onCandle(candle);
  }

  #framed({ candle, until, incomplete }: SeenCandle): FrameCandle {
    return { candle, until, incomplete, session: this.options.sessionAt(candle.time) };
  }
}

function isReady(frame: LiveFrame, { studies, depth }: Demand): boolean {
  return frame.kept > depth && missing(frame, studies).length === 0;
}

function missing(frame: LiveFrame, studies: readonly StudyReading[]): readonly StudyReading[] {
  return studies.filter(({ key }) => !frame.has(key));
}

/** History and the newer ones of what was seen behind it; undefined where what was seen is full of newer ones, so that some may be gone already. */
function joined(history: readonly FrameCandle[], seen: readonly FrameCandle[], kept: number): readonly FrameCandle[] | undefined {
  const newest = history.at(-1)?.candle.time ?? -Infinity;
  const news = seen.filter(({ candle }) => candle.time > newest);
  return history.length > 0 && news.length >= kept ? undefined : [...history, ...news];
}
