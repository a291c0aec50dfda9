import { DERIVATIVE_STOCKS } from '../instrument/data/derivatives';
import type { IsoDate } from '../time';
import { concerns, type CalendarData, type DayRule, type HoursRow, type SessionSpan } from './calendarData';
import { BUNDLED_CALENDAR } from './data';
import { FIXED_HOLIDAYS } from './data/expected';
import { addDays, indiaTime, isUsDaylightTime, weekdayOf } from './days';
import { rememberingCalendar } from './rememberingCalendar';
import type { CalendarDay, TradedMarket, TradingCalendar, TradingSession } from './tradingCalendar';

export interface CalendarOptions {
  /** The user's facts; they hold before the bundled ones. See `readCalendarFile`. */
  readonly overrides?: CalendarData;
  /** Whether a share has derivatives and so leaves continuous trading at 15:15 from 2026-08-03. Default: the bundled list; a share it does not know closes at 15:30. */
  readonly hasDerivatives?: (base: string) => boolean;
}

/** The exchanges' days and hours as dated data. */
export function createTradingCalendar({ overrides, hasDerivatives = (base) => DERIVATIVE_STOCKS.has(base) }: CalendarOptions = {}): TradingCalendar {
  const data = overrides === undefined ? BUNDLED_CALENDAR : joined(BUNDLED_CALENDAR, overrides);
  const years = new Set(data.years);
  const rules = byDate(data.days);
  return rememberingCalendar((market, date) => {
    const weekday = weekdayOf(date);
    const rule = rules.get(date)?.findLast((each) => concerns(each, market));
    if (rule !== undefined) return dayOfRule(rule, market, data.hours);
    if (!years.has(Number(date.slice(0, 4)))) return dayWithoutList(market, date, weekday >= 6);
    if (weekday >= 6) return { kind: 'closed', date, reason: 'Weekend' };
    return usualDay(market, date, data.hours);
  }, hasDerivatives);
}

/** A market that never closes, for demos and tests: one session from midnight to midnight, every day. Its days are India's all the same. */
export function createAlwaysOpenCalendar(): TradingCalendar {
  return rememberingCalendar((_, date) => {
    const session: TradingSession = { date, from: indiaTime(date, '00:00'), until: indiaTime(addDays(date, 1), '00:00'), kind: 'regular' };
    return { kind: 'open', date, sessions: [session], ceremonial: false };
  }, () => false);
}

/** Made while this file loads, also on a Node too old to go on with, which shall say so: nothing newer than Node 20 here. */
function byDate(days: readonly DayRule[]): ReadonlyMap<IsoDate, readonly DayRule[]> {
  const rules = new Map<IsoDate, DayRule[]>();
  for (const day of days) rules.set(day.date, [...rules.get(day.date) ?? [], day]);
  return rules;
}

function joined(bundled: CalendarData, own: CalendarData): CalendarData {
  return { years: [...bundled.years, ...own.years], days: [...bundled.days, ...own.days], hours: [...bundled.hours, ...own.hours] };
}

/** Nobody may trade on it either way; that it is a holiday can be expected of some. */
function dayWithoutList({ group }: TradedMarket, date: IsoDate, isWeekend: boolean): CalendarDay {
  const fixed = isWeekend ? undefined : FIXED_HOLIDAYS.find(({ day, commodity }) => date.endsWith(day) && (group !== 'commodity' || commodity === 'closed'));
  if (fixed !== undefined) return { kind: 'closed', date, reason: `${fixed.reason}, expected: the exchange's list of ${date.slice(0, 4)} is not known yet`, expected: true };
  return { kind: 'unknown', date, reason: `The calendar ends before ${date.slice(0, 4)}, or begins after it: add the year to calendar.json` };
}

function dayOfRule({ date, reason, then, ceremonial = false }: DayRule, market: TradedMarket, hours: readonly HoursRow[]): CalendarDay {
  if (then === 'closed' || then === 'unknown') return { kind: then, date, reason };
  if (then === 'usual') return usualDay(market, date, hours, reason);
  const usual = usualHours(market, date, hours);
  const sessions: TradingSession[] = [];
  for (const span of then) {
    const close = span.close ?? (typeof usual === 'string' ? undefined : usual.close);
    if (close === undefined) return { kind: 'unknown', date, reason: typeof usual === 'string' ? usual : reason };
    sessions.push(session(date, { ...span, close }));
  }
  return { kind: 'open', date, sessions, ceremonial, reason };
}

function usualDay(market: TradedMarket, date: IsoDate, hours: readonly HoursRow[], reason?: string): CalendarDay {
  const usual = usualHours(market, date, hours);
  if (typeof usual === 'string') return { kind: 'unknown', date, reason: usual };
  return { kind: 'open', date, sessions: [session(date, { ...usual, kind: 'regular' })], ceremonial: false, ...(reason === undefined ? {} : { reason }) };
}

/** Open and close, or why they are not known. */
function usualHours(market: TradedMarket, date: IsoDate, rows: readonly HoursRow[]): { readonly open: string; readonly close: string } | string {
  const hours = rows.findLast((row) => concerns(row, market) && date >= (row.from ?? date) && date <= (row.until ?? date))?.hours;
  if (hours === undefined || typeof hours === 'string') return hours ?? `The calendar has no hours for ${market.exchange} on ${date}`;
  const { open, close, summerClose } = hours;
  return { open, close: summerClose !== undefined && isUsDaylightTime(indiaTime(date, summerClose)) ? summerClose : close };
}

function session(date: IsoDate, { open, close, kind = 'special' }: SessionSpan & { readonly close: string }): TradingSession {
  return { date, from: indiaTime(date, open), until: indiaTime(date, close), kind };
}
