import { readTimeframe, timeframeMs, type Lookup, type Series, type Source } from '../condition';
import type { Candle } from '../candle/candle';
import type { SlotOf } from '../candle/slot';
import { deny, ok, type Outcome } from '../denial';
import type { Convention } from '../indicators/core/convention';
import type { FrameCandle } from './frame';
import { FrameSeries } from './frameSeries';
import { HistoryFrame } from './historyFrame';
import { higherCandles, slotsOfSessions } from './higherCandles';
import { resolveSource, type Resolved } from './resolve';
import type { SessionAt } from './session';

export interface HistoryOptions {
  /** Timeframe of the candles, `1m` for one. */
  readonly timeframe: string;
  readonly sessionAt: SessionAt;
  /** How a higher timeframe cuts time, where a calendar is at hand (`slotsOf`). Default: from the opening of each session that `sessionAt` knows. */
  readonly slots?: (timeframe: string) => SlotOf;
  /** Default `talib`. */
  readonly convention?: Convention;
}

/** Closed candles of one instrument, oldest first, and every value that conditions and expressions can read from them. Nothing is computed before it is asked for. */
export class History {
  readonly #own: HistoryFrame;
  readonly #timeframe: string;
  readonly #frames = new Map<string, HistoryFrame>();
  readonly #resolved = new WeakMap<Source, Resolved>();

  constructor(candles: readonly Candle[], private readonly options: HistoryOptions) {
    this.#timeframe = readTimeframe(options.timeframe) ?? options.timeframe;
    this.#own = new HistoryFrame(frameCandles(candles, options));
  }

  get length(): number {
    return this.#own.length;
  }

  /** Whether every timeframe that will be asked for can be made of these candles. */
  check(lookups: readonly Lookup[]): Outcome<true> {
    for (const { timeframe, text } of lookups) {
      if (timeframe === undefined) continue;
      const [wanted, own] = [timeframeMs(timeframe), timeframeMs(this.#timeframe)];
      if (wanted % own !== 0) return deny('INVALID_PARAMETER', `${text}: candles of ${timeframe} can not be made of candles of ${this.#timeframe}`, { field: 'timeframe' });
    }
    return ok(true);
  }

  /** Everything as it was known when the candle at `index` had closed. */
  at(index: number): Series {
    const moment = this.#own.until(index) ?? -Infinity;
    return new FrameSeries({ own: this.#own, moment, frame: (timeframe) => this.#frame(timeframe), resolve: (source) => this.#resolve(source) });
  }

  #frame(timeframe: string): HistoryFrame {
    if (timeframeMs(timeframe) === timeframeMs(this.#timeframe)) return this.#own;
    const known = this.#frames.get(timeframe);
    if (known !== undefined) return known;
    const candles = Array.from({ length: this.#own.length }, (_, index) => this.#own.at(index)).filter((each) => each !== undefined);
    const { sessionAt, slots = (text: string) => slotsOfSessions(sessionAt, text) } = this.options;
    const frame = new HistoryFrame(higherCandles(candles, slots(timeframe)));
    this.#frames.set(timeframe, frame);
    return frame;
  }

  #resolve(source: Source): Resolved {
    const known = this.#resolved.get(source);
    if (known !== undefined) return known;
    const resolved = resolveSource(source, this.options.convention ?? 'talib');
    this.#resolved.set(source, resolved);
    return resolved;
  }
}

/** Candles with their session and their end: the end of a candle that its session cuts short is the session's. */
function frameCandles(candles: readonly Candle[], { timeframe, sessionAt }: HistoryOptions): readonly FrameCandle[] {
  const lengthMs = timeframeMs(timeframe);
  return candles.map((candle) => {
    const session = sessionAt(candle.time);
    return { candle, session: session?.opens, incomplete: false, until: Math.min(candle.time + lengthMs, session?.closes ?? Infinity) };
  });
}
