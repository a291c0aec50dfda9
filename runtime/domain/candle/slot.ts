import { readTimeframe, timeframeMs } from '../condition/timeframe';
import type { Traded, TradingCalendar, TradingSession } from '../session/tradingCalendar';
import { DAY_MS, MINUTE_MS, type EpochMs, type IsoDate } from '../time';

/** What candles have to know of trading hours. Where the calendar knows no session there are no candles. */
export type CandleCalendar = Pick<TradingCalendar, 'day' | 'sessionAt' | 'sessionBefore' | 'sessionOnOrAfter'>;

/** The time of one candle: from `start` up to, not including, `until`. */
export interface Slot {
  readonly start: EpochMs;
  readonly until: EpochMs;
}

/** The slot of the candle that a moment, or the start of a shorter candle, belongs to. Undefined outside of every session. */
export type SlotOf = (time: EpochMs) => Slot | undefined;

/** 1970-01-01 was a Thursday; weeks run from Monday. */
const DAYS_AFTER_MONDAY = 3;
/** Longer candles than a year are mistakes. */
export const MAX_CANDLE_DAYS = 366;

/** Whether candles of this timeframe can be made: whole minutes, hours, days or weeks, a year at most. */
export function isCandleTimeframe(text: string): boolean {
  return readTimeframe(text) !== undefined && timeframeMs(text) <= MAX_CANDLE_DAYS * DAY_MS;
}

/** Whether candles of this timeframe are made of whole days. */
export function isOfDays(timeframe: string): boolean {
  return /[dw]$/.test(readTimeframe(timeframe) ?? '');
}

/**
 * How a timeframe cuts time. Minutes and hours are cut from the opening of each session, so NSE's 1h runs 09:15-10:15 and its last one is short,
 * up to the close. Days hold all sessions of a day and start with the first one's opening; weeks and other multiples of days are counted from a
 * Monday and reach from the first opening to the last close in them. Throws RangeError for a text that is no such timeframe.
 */
export function slotsOf(calendar: Pick<TradingCalendar, 'day' | 'sessionAt'>, of: Traded, timeframe: string): SlotOf {
  if (!isCandleTimeframe(timeframe)) throw new RangeError(`No candles can be made of "${timeframe}"`);
  const lengthMs = timeframeMs(timeframe);
  const cut = isOfDays(timeframe)
    ? (session: TradingSession) => slotOfDays(calendar, of, { date: session.date, days: lengthMs / DAY_MS })
    : (session: TradingSession, time: EpochMs) => slotInSession(session, { time, lengthMs });
  let last: Slot | undefined;
  return (time) => {
    if (last !== undefined && time >= last.start && time < last.until && !isOfDays(timeframe)) return last;
    const session = calendar.sessionAt(of, time);
    if (session === undefined) return undefined;
    if (last === undefined || time < last.start || time >= last.until) last = cut(session, time);
    return last;
  };
}

function slotInSession({ from, until }: TradingSession, { time, lengthMs }: { readonly time: EpochMs; readonly lengthMs: number }): Slot {
  const start = from + Math.floor((time - from) / lengthMs) * lengthMs;
  return { start, until: Math.min(start + lengthMs, until) };
}

function slotOfDays(calendar: Pick<TradingCalendar, 'day'>, of: Traded, { date, days }: { readonly date: IsoDate; readonly days: number }): Slot {
  const first = Math.floor((dayNumber(date) + DAYS_AFTER_MONDAY) / days) * days - DAYS_AFTER_MONDAY;
  let start = Infinity;
  let until = -Infinity;
  for (let number = first; number < first + days; number += 1) {
    const day = calendar.day(of, isoDate(number));
    if (day.kind !== 'open') continue;
    for (const session of day.sessions) {
      start = Math.min(start, session.from);
      until = Math.max(until, session.until);
    }
  }
  return { start, until };
}

/**
 * A time from which on there are at least `count` slots before `before`, as far as the calendar reaches: where to begin reading history.
 * Instruments that do not trade in every slot have fewer candles.
 */
export function reachBack(calendar: CandleCalendar, of: Traded, { timeframe, before, count }: { readonly timeframe: string; readonly before: EpochMs; readonly count: number }): EpochMs {
  const lengthMs = timeframeMs(timeframe);
  const wanted = isOfDays(timeframe) ? count * (lengthMs / DAY_MS) : count;
  const slotsIn = (from: EpochMs, until: EpochMs): number => (isOfDays(timeframe) ? (lengthMs >= 7 * DAY_MS ? 7 / 5 : 1) : Math.ceil((until - from) / lengthMs));
  let session = calendar.sessionAt(of, before - 1);
  let found = session === undefined ? 0 : slotsIn(session.from, before);
  let from = session?.from ?? before;
  while (found < wanted) {
    session = calendar.sessionBefore(of, from);
    if (session === undefined) break;
    from = session.from;
    found += slotsIn(session.from, session.until);
  }
  return slotsOf(calendar, of, timeframe)(from)?.start ?? from;
}

/** The start of the minute that a moment is in. Sessions open and close on whole minutes. */
export function minuteOf(at: EpochMs): EpochMs {
  return Math.floor(at / MINUTE_MS) * MINUTE_MS;
}

/** Days since 1970-01-01. */
export function dayNumber(date: IsoDate): number {
  return Math.floor(Date.parse(`${date}T00:00:00Z`) / DAY_MS);
}

function isoDate(number: number): IsoDate {
  return new Date(number * DAY_MS).toISOString().slice(0, 10);
}
