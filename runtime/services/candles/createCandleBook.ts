import { isCandleTimeframe, type CandleCalendar, type LeftOut } from '../../domain/candle';
import { readTimeframe } from '../../domain/condition';
import { deny, type Denial } from '../../domain/denial';
import type { CandleBook, CandleRequest, CandleStore, Feed, History } from '../../domain/feed';
import type { Instrument, InstrumentKey } from '../../domain/market';
import type { Clock, Log, Pause } from '../../domain/ports';
import type { EpochMs } from '../../domain/time';
import { closeByClock } from './closeByClock';
import { CANDLE_LIMITS, type CandleLimits } from './limits';
import { createPastCandles } from './pastCandles';
import { Track } from './track';
import { createWriteBehind } from './writeBehind';

export interface CandleBookOptions {
  readonly feed: Pick<Feed, 'tap' | 'onGap' | 'status'>;
  readonly calendar: CandleCalendar;
  /** Candles of the past, from a broker or a recording. Without it only the store knows any. */
  readonly history?: History;
  /** Closed one-minute candles are written to it, and read where `history` lacks them. Give one only for a source of real prices: what is simulated has no place in it. */
  readonly store?: Pick<CandleStore, 'candles' | 'put'>;
  /** Named in the store as where candles are from. Default `live`. */
  readonly source?: string;
  /** The time the feed lives in: the machine's, or a recording's own. */
  readonly clock: Clock;
  /** Real waits, whatever clock is used. */
  readonly pause: Pause;
  readonly log: Log;
  /**
   * Does work at a time of the clock: for a recording, whose time does not pass by itself. Candles then close at their end to the millisecond,
   * before any tick of that time, in every run alike. Without it the clock is looked at every `lookMs`.
   */
  readonly atTime?: (due: EpochMs, work: () => void | Promise<void>) => () => void;
  readonly limits?: Partial<CandleLimits>;
}

/** A candle book that can be ended, and what it left out. */
export interface OpenCandleBook extends CandleBook {
  /** Ticks of an instrument that made no candle, since it is watched. */
  leftOut(instrument: InstrumentKey): LeftOut | undefined;
  /** Ends all building; resolves when what was to be stored is. */
  close(): Promise<void>;
}

interface Tracked {
  readonly track: Track;
  readonly instrument: Instrument;
  readonly untap: () => void;
  /** When it was last asked for. */
  usedAt: EpochMs;
  alarm: { readonly due: EpochMs; readonly cancel: () => void } | undefined;
}

/** A recording gives its ticks in order: nothing is waited for. */
const IN_ORDER = { lateMs: 0, graceMs: 0 };
const CLOSING = deny('NOT_READY', 'The runtime is closing.');

/**
 * Candles of every instrument that anyone wants, built once for all flows: from the first watch, or the first question about now, until nobody has wanted
 * them for `lingerMs`. `watch` throws RangeError for a timeframe that is none; `closed` denies it.
 */
export function createCandleBook(options: CandleBookOptions): OpenCandleBook {
  const { feed, calendar, history, store, clock, pause, log, atTime } = options;
  const limits: CandleLimits = { ...CANDLE_LIMITS, ...(atTime === undefined ? {} : IN_ORDER), ...options.limits };
  const past = createPastCandles({ calendar, sources: [history, store].filter((source) => source !== undefined), log, limits });
  const writer = store === undefined ? undefined : createWriteBehind({ store, source: options.source ?? 'live', pause, log, limits });
  const tracked = new Map<InstrumentKey, Tracked>();
  let closed = false;

  const arm = (each: Tracked): void => {
    if (atTime === undefined) return;
    const due = each.track.dueAt + limits.graceMs;
    if (each.alarm?.due === due) return;
    each.alarm?.cancel();
    each.alarm = due === Infinity ? undefined : { due, cancel: atTime(due, async () => {
      each.alarm = undefined;
      await each.track.closeUpTo(due - limits.graceMs);
      arm(each);
    }) };
  };
  const begin = (instrument: Instrument): Tracked => {
    const track = new Track({ instrument, calendar, past, clock, pause, log, limits, onMinute: (candle) => writer?.add(instrument.key, candle) });
    const untap = feed.tap(instrument.key, (tick) => {
      const told = track.tick(tick);
      arm(made);
      return told;
    });
    const made: Tracked = { track, instrument, untap, usedAt: clock.now(), alarm: undefined };
    tracked.set(instrument.key, made);
    if (tracked.size === 1) clockwork.start();
    return made;
  };
  const trackOf = (instrument: Instrument): Track => {
    const known = tracked.get(instrument.key) ?? begin(instrument);
    known.usedAt = clock.now();
    return known.track;
  };
  /**
   * In a recording what has ended by now counts, whether its own appointment came before the question's or comes after it. The flows that hear of it are waited for before the recording goes on;
   * the question does not wait, because it may be theirs.
   */
  const closeByQuestion = (track: Track | undefined, now: EpochMs): void => {
    const told = atTime === undefined ? undefined : track?.closeUpTo(now);
    if (told !== undefined) atTime?.(now, () => told);
  };
  const drop = (each: Tracked): void => {
    each.untap();
    each.alarm?.cancel();
    tracked.delete(each.instrument.key);
  };
  const clockwork = closeByClock({
    feed, clock, pause, log, limits, isRecorded: atTime !== undefined,
    tracks: () => [...tracked.values()].map(({ track }) => track),
    onLook: (now) => {
      for (const each of tracked.values()) {
        if (each.track.isWatched) each.usedAt = now;
        else if (now - each.usedAt > limits.lingerMs) drop(each);
      }
    },
  });
  const stopGaps = feed.onGap((gap) => tracked.get(gap.instrument)?.track.missed(gap));
  const refusal = (request: CandleRequest): { readonly ok: false; readonly denial: Denial } | undefined => {
    if (closed) return CLOSING;
    if (!isCandleTimeframe(request.timeframe)) return deny('INVALID_PARAMETER', `"${request.timeframe}" is no timeframe of candles.`, { field: 'timeframe', remedy: 'Write 1m, 5m, 15m, 1h, 1d, 1w or any whole multiple, at most a year.' });
    if (!tracked.has(request.instrument.key) && tracked.size >= limits.instruments) return deny('TOO_MANY_SYMBOLS', `Candles of ${limits.instruments} instruments are being built already.`, { limit: limits.instruments });
    return undefined;
  };

  return {
    watch(request, listener, { forming = false } = {}) {
      const refused = refusal(request);
      if (refused?.denial.code === 'INVALID_PARAMETER') throw new RangeError(refused.denial.message);
      if (refused !== undefined) {
        log.error({ instrument: request.instrument.key, denial: refused.denial }, 'candles can not be watched');
        return () => undefined;
      }
      const unwatch = trackOf(request.instrument).watch(canonical(request.timeframe), listener, forming);
      return () => {
        unwatch();
        const each = tracked.get(request.instrument.key);
        if (each !== undefined) each.usedAt = clock.now();
      };
    },
    async closed(request, { limit, asOf }) {
      const refused = refusal(request);
      if (refused !== undefined) return refused;
      if (!Number.isInteger(limit) || limit < 1 || limit > limits.answer) return deny('INVALID_PARAMETER', `Between 1 and ${limits.answer} candles can be asked for, not ${limit}.`, { field: 'limit', limit: limits.answer });
      const now = clock.now();
      const moment = Math.min(asOf ?? now, now);
      const timeframe = canonical(request.timeframe);
      const track = moment === now ? trackOf(request.instrument) : tracked.get(request.instrument.key)?.track;
      closeByQuestion(track, now);
      const found = track === undefined
        ? await past.closed({ instrument: request.instrument, timeframe }, { before: moment, count: limit })
        : await track.closed(track.frame(timeframe), { asOf: moment, limit });
      return closed ? CLOSING : found;
    },
    forming(request) {
      return refusal(request) === undefined ? tracked.get(request.instrument.key)?.track.forming(canonical(request.timeframe)) : undefined;
    },
    leftOut: (instrument) => tracked.get(instrument)?.track.leftOut,
    async close() {
      if (closed) return;
      closed = true;
      clockwork.stop();
      stopGaps();
      for (const each of tracked.values()) drop(each);
      await writer?.close();
    },
  };
}

function canonical(timeframe: string): string {
  return readTimeframe(timeframe) ?? timeframe;
}
