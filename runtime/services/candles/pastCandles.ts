import { higherCandlesOf, isOfDays, minuteOf, reachBack, slotsOf, type Candle, type CandleCalendar } from '../../domain/candle';
import { deny, ok, type Outcome } from '../../domain/denial';
import type { CandleRequest, History, SeenCandle } from '../../domain/feed';
import type { Instrument } from '../../domain/market';
import type { Log } from '../../domain/ports';
import { indiaDate } from '../../domain/session';
import { DAY_MS, MINUTE_MS, type EpochMs } from '../../domain/time';
import type { CandleLimits } from './limits';

export interface PastCandlesOptions {
  readonly calendar: CandleCalendar;
  /** Where candles of the past come from, the best one first. All are asked; of two candles with one start that of the better source holds. */
  readonly sources: readonly History[];
  readonly log: Log;
  readonly limits: Pick<CandleLimits, 'historyMinutes' | 'answer'>;
}

interface Stretch {
  readonly from: EpochMs;
  readonly until: EpochMs;
}

/** What history knows, cut into candles by the calendar. Candles outside of every session are left out, however a source stamps them. */
export interface PastCandles {
  /** One-minute candles that lie in [from, until), oldest first: the newest `historyMinutes` of them. */
  minutes(instrument: Instrument, stretch: Stretch): Promise<Outcome<readonly SeenCandle[]>>;
  /**
   * Closed candles that a candle of the timeframe can be made of: whole days for days and weeks with minutes for the last day, minutes for the rest.
   * Denies where any part of the stretch can not be had.
   */
  members(request: CandleRequest, stretch: Stretch): Promise<Outcome<readonly SeenCandle[]>>;
  /** The `count` newest candles that had ended at `before`, oldest first; fewer where there are no more. */
  closed(request: CandleRequest, options: { readonly before: EpochMs; readonly count: number }): Promise<Outcome<readonly SeenCandle[]>>;
}

/** Instruments that trade seldom have fewer candles than slots: so often is looked twice as far back. */
const ROUNDS = 4;

export function createPastCandles({ calendar, sources, log, limits }: PastCandlesOptions): PastCandles {
  const read = async (instrument: Instrument, timeframe: '1m' | '1d', { from, until }: Stretch): Promise<Outcome<readonly Candle[]>> => {
    if (from >= until) return ok([]);
    const answers = await Promise.all(sources.map((source) => askOne(source, { instrument: instrument.key, timeframe, from, until, limit: limits.historyMinutes }, log)));
    const known = answers.flatMap((answer) => (answer.ok ? [answer.value] : []));
    const [first] = answers;
    if (known.length === 0) return first ?? deny('NOT_SUPPORTED', 'This runtime has no history of candles.');
    return ok(merged(known).slice(-limits.historyMinutes));
  };

  const minutes = async (instrument: Instrument, stretch: Stretch): Promise<Outcome<readonly SeenCandle[]>> => {
    const found = await read(instrument, '1m', stretch);
    if (!found.ok) return found;
    const inSession = found.value.map(seenMinute).filter(({ candle, until }) => candle.time >= stretch.from && until <= stretch.until);
    return ok(higherCandlesOf(inSession, slotsOf(calendar, instrument, '1m'), Infinity));
  };

  const days = async (instrument: Instrument, stretch: Stretch): Promise<Outcome<readonly SeenCandle[]>> => {
    // Sources stamp a day with its midnight, its opening or UTC's midnight: whole days are asked for and stamped anew.
    const found = await read(instrument, '1d', { from: stretch.from - DAY_MS, until: stretch.until });
    if (!found.ok) return found;
    return ok(found.value.flatMap((candle) => seenDay(calendar, instrument, candle) ?? []).filter(({ candle, until }) => candle.time >= stretch.from && until <= stretch.until));
  };

  const members = async ({ instrument, timeframe }: CandleRequest, { from, until }: Stretch): Promise<Outcome<readonly SeenCandle[]>> => {
    if (!isOfDays(timeframe)) return minutes(instrument, { from, until });
    const opening = lastOpening(calendar, instrument, until);
    const whole = await days(instrument, { from, until });
    if (!whole.ok || (whole.value.length === 0 && from < opening)) return minutes(instrument, { from, until });
    // The last day may not be over, or not be there as a day yet.
    if ((whole.value.at(-1)?.candle.time ?? -Infinity) >= opening) return whole;
    const rest = await minutes(instrument, { from: Math.max(from, opening), until });
    return rest.ok ? ok([...whole.value, ...rest.value]) : rest;
  };

  return {
    minutes, members,
    async closed({ instrument, timeframe }, { before, count }) {
      const slotOf = slotsOf(calendar, instrument, timeframe);
      // A day or week that is not over at `before` is no part of the answer: nothing of it is read.
      const under = isOfDays(timeframe) ? slotOf(before - 1) : undefined;
      const until = under !== undefined && under.until > before ? under.start : before;
      let best: readonly SeenCandle[] = [];
      let reached = until;
      let reach = Math.min(count, limits.answer);
      for (let round = 0; round < ROUNDS; round += 1) {
        const from = reachBack(calendar, instrument, { timeframe, before: reached, count: reach });
        if (from >= reached) break;
        reached = from;
        const found = await members({ instrument, timeframe }, { from, until });
        if (!found.ok) return best.length > 0 ? ok(best) : found;
        const closed = higherCandlesOf(found.value, slotOf, before);
        // Where more was there than may be read, the first candle may be a part of itself.
        const isCut = found.value.length >= limits.historyMinutes;
        const isMore = closed.length > best.length;
        best = isCut ? closed.slice(1) : closed;
        if (best.length >= count || isCut || !isMore) break;
        reach *= 2;
      }
      return ok(best.slice(-count));
    },
  };
}

/** A source that fails is one that cannot say. */
async function askOne(source: History, request: Parameters<History['candles']>[0], log: Log): Promise<Outcome<readonly Candle[]>> {
  try {
    return await source.candles(request);
  } catch (error) {
    log.warn({ err: error, instrument: request.instrument, timeframe: request.timeframe }, 'history could not be read');
    return deny('NOT_READY', `The history of ${request.instrument} could not be read.`);
  }
}

/** When the day opened that `until` falls in, or the last one before it. */
function lastOpening(calendar: CandleCalendar, instrument: Instrument, until: EpochMs): EpochMs {
  const session = calendar.sessionAt(instrument, until - 1) ?? calendar.sessionBefore(instrument, until);
  return session === undefined ? until : (slotsOf(calendar, instrument, '1d')(session.from)?.start ?? until);
}

/** In order of time, each start once; earlier sources before later ones. */
function merged(answers: readonly (readonly Candle[])[]): readonly Candle[] {
  const [only, ...others] = answers.filter((answer) => answer.length > 0);
  if (only === undefined || others.length === 0) return only ?? [];
  const byTime = new Map<EpochMs, Candle>();
  for (const answer of [only, ...others]) for (const candle of answer) if (!byTime.has(candle.time)) byTime.set(candle.time, candle);
  return [...byTime.values()].sort((a, b) => a.time - b.time);
}

function seenMinute(candle: Candle): SeenCandle {
  return { candle: { ...candle, closed: true }, until: minuteOf(candle.time) + MINUTE_MS, incomplete: false };
}

/** Undefined for a day on which the calendar knows no session. */
function seenDay(calendar: CandleCalendar, instrument: Instrument, candle: Candle): SeenCandle | undefined {
  const day = calendar.day(instrument, indiaDate(candle.time));
  if (day.kind !== 'open') return undefined;
  const [first] = day.sessions;
  const last = day.sessions.at(-1);
  return first === undefined || last === undefined ? undefined : { candle: { ...candle, time: first.from, closed: true }, until: last.until, incomplete: false };
}
