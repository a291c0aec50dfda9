import { isSurelyClosed, isTradingDay, tradingDayOnOrBefore } from '../session/calendar';
import { addDays, isWeekend, lastDayOfMonth, nextMonth, weekdayOf, type Weekday } from '../session/days';
import type { IsoDate } from '../time';
import type { DerivativesExchange } from './exchange';

/** On which weekday contracts end, for expiries from `from` on. */
interface WeekdayRow {
  readonly from: IsoDate;
  readonly weekday: Weekday;
}

const MONDAY = 1, TUESDAY = 2, WEDNESDAY = 3, THURSDAY = 4, FRIDAY = 5;
const EVER = '2000-01-01';

/** The day on which both exchanges settled on one weekday each. */
const REFORM = '2025-09-01';

const NSE_DEFAULT: readonly WeekdayRow[] = [{ from: EVER, weekday: THURSDAY }, { from: REFORM, weekday: TUESDAY }];
const BSE_DEFAULT: readonly WeekdayRow[] = [{ from: EVER, weekday: FRIDAY }, { from: '2025-01-04', weekday: TUESDAY }, { from: REFORM, weekday: THURSDAY }];

/** Monthly expiries of the bases that once left their exchange's rule. */
const MONTHLY_WEEKDAYS: Readonly<Record<string, readonly WeekdayRow[]>> = {
  'NFO:BANKNIFTY': [{ from: EVER, weekday: THURSDAY }, { from: '2024-03-01', weekday: WEDNESDAY }, { from: '2025-01-01', weekday: THURSDAY }, { from: REFORM, weekday: TUESDAY }],
  'NFO:FINNIFTY': [{ from: EVER, weekday: TUESDAY }, { from: '2025-01-01', weekday: THURSDAY }, { from: REFORM, weekday: TUESDAY }],
  'NFO:MIDCPNIFTY': [{ from: EVER, weekday: MONDAY }, { from: '2025-01-01', weekday: THURSDAY }, { from: REFORM, weekday: TUESDAY }],
  'BFO:BANKEX': [{ from: EVER, weekday: MONDAY }, { from: '2025-01-04', weekday: TUESDAY }, { from: REFORM, weekday: THURSDAY }],
};

/** Bases with weekly contracts since 2024-11: one an exchange. */
const WEEKLY_BASES: ReadonlySet<string> = new Set(['NFO:NIFTY', 'BFO:SENSEX']);

/** Weekly options: on which weekday they ended, for expiries from `from` to `until`. Where no row holds there were none. */
const WEEKLY_WEEKDAYS: Readonly<Record<string, readonly (WeekdayRow & { readonly until?: IsoDate })[]>> = {
  'NFO:NIFTY': [{ from: '2019-02-14', until: '2025-08-31', weekday: THURSDAY }, { from: REFORM, weekday: TUESDAY }],
  'NFO:BANKNIFTY': [{ from: '2016-06-02', until: '2023-08-31', weekday: THURSDAY }, { from: '2023-09-01', until: '2024-11-13', weekday: WEDNESDAY }],
  'NFO:FINNIFTY': [{ from: '2021-10-19', until: '2024-11-19', weekday: TUESDAY }],
  'NFO:MIDCPNIFTY': [{ from: '2023-08-21', until: '2024-11-18', weekday: MONDAY }],
  'BFO:SENSEX': [{ from: '2023-05-19', until: '2025-01-03', weekday: FRIDAY }, { from: '2025-01-04', until: '2025-08-31', weekday: TUESDAY }, { from: REFORM, weekday: THURSDAY }],
  'BFO:BANKEX': [{ from: '2023-10-16', until: '2024-11-18', weekday: MONDAY }],
};

/** Weekly contracts that are listed beside the monthly ones. */
const WEEKS_AHEAD = 5;

/** No two trading days lie further apart; bounds how far a holiday can pull an expiry forward. */
const LONGEST_SHIFT_DAYS = 6;

/**
 * The last expiry of a month `YYYY-MM`: the month's last rule weekday, or the trading day before it when that is a holiday.
 * In years without a known holiday list only weekends and the holidays of fixed dates count. Undefined for currencies and commodities, whose contracts each have a rule of their own.
 */
export function monthlyExpiry(exchange: DerivativesExchange, base: string, month: string): IsoDate | undefined {
  const day = monthlyRuleDay(exchange, base, month);
  return day === undefined ? undefined : tradingDayOnOrBefore(day);
}

/** Futures months in order, the nearest first, with their expiry: the months whose contract has not expired on `on`. */
export function nearestMonthlyExpiries(exchange: DerivativesExchange, base: string, on: IsoDate, count: number): readonly IsoDate[] {
  const expiries: IsoDate[] = [];
  let month = on.slice(0, 7);
  for (let step = 0; step <= count && expiries.length < count; step += 1) {
    const expiry = monthlyExpiry(exchange, base, month);
    if (expiry !== undefined && expiry >= on) expiries.push(expiry);
    month = nextMonth(month);
  }
  return expiries;
}

/**
 * Option expiries by rule, ascending, from `on`: the weekly ones of the next weeks where the base has them on that day, and `months` monthly ones.
 * Empty for currencies and commodities.
 */
export function ruleExpiries(exchange: DerivativesExchange, base: string, on: IsoDate, months = 3): readonly IsoDate[] {
  const monthly = nearestMonthlyExpiries(exchange, base, on, months);
  const weeks = Array.from({ length: WEEKS_AHEAD + 1 }, (_, week) => weeklyExpiry(exchange, base, addDays(on, 7 * week)))
    // In the month's last week the monthly contract is the week's, also where it ends on another weekday.
    .filter((date) => date !== undefined && date >= on && !monthly.some((other) => mondayOf(other) === mondayOf(date)));
  return [...new Set([...weeks.filter((date) => date !== undefined), ...monthly])].sort();
}

/** Whether contracts of every week are listed, by rule. */
export function hasWeeklies(exchange: DerivativesExchange, base: string, on: IsoDate): boolean {
  return weeklyExpiry(exchange, base, on) !== undefined;
}

/** The weekly expiry of the week that `day` is in, moved before holidays. */
function weeklyExpiry(exchange: DerivativesExchange, base: string, day: IsoDate): IsoDate | undefined {
  const row = WEEKLY_WEEKDAYS[`${exchange}:${base}`]?.find(({ from, until }) => {
    const end = addDays(mondayOf(day), 6);
    return from <= end && (until === undefined || mondayOf(day) <= until);
  });
  if (row === undefined) return undefined;
  const date = addDays(mondayOf(day), row.weekday - 1);
  return date < row.from || (row.until !== undefined && date > row.until) ? undefined : tradingDayOnOrBefore(date);
}

function mondayOf(date: IsoDate): IsoDate {
  return addDays(date, 1 - weekdayOf(date));
}

/**
 * Whether a contract can end on `date`: the rule's day, or the trading day before it if holidays (known ones, or in unknown years any) lie between.
 * Before the reform of 2025-09 and for currencies and commodities any weekday is taken.
 */
export function isPossibleExpiry(exchange: DerivativesExchange, base: string, date: IsoDate): boolean {
  if (isWeekend(date)) return false;
  const month = date.slice(0, 7);
  const monthly = monthlyRuleDay(exchange, base, month);
  if (monthly === undefined || date < REFORM) return true;
  if (isSurelyClosed(date)) return false;
  if (isMovedFrom(monthly, date)) return true;
  return WEEKLY_BASES.has(`${exchange}:${base}`) && isMovedFrom(nextWeekday(date, weekdayOn(defaultRows(exchange), date)), date);
}

/** Whether `date` is the rule's day, or every day after it up to the rule's day may be a holiday. */
function isMovedFrom(ruleDay: IsoDate, date: IsoDate): boolean {
  if (ruleDay < date || addDays(date, LONGEST_SHIFT_DAYS) < ruleDay) return false;
  for (let day = addDays(date, 1); day <= ruleDay; day = addDays(day, 1)) {
    if (isTradingDay(day) === true) return false;
  }
  return true;
}

function monthlyRuleDay(exchange: DerivativesExchange, base: string, month: string): IsoDate | undefined {
  if (exchange !== 'NFO' && exchange !== 'BFO') return undefined;
  const last = lastDayOfMonth(month);
  const weekday = weekdayOn(MONTHLY_WEEKDAYS[`${exchange}:${base}`] ?? defaultRows(exchange), last);
  return addDays(last, -((weekdayOf(last) - weekday + 7) % 7));
}

function defaultRows(exchange: DerivativesExchange): readonly WeekdayRow[] {
  return exchange === 'BFO' ? BSE_DEFAULT : NSE_DEFAULT;
}

function weekdayOn(rows: readonly WeekdayRow[], date: IsoDate): Weekday {
  return rows.findLast((row) => row.from <= date)?.weekday ?? THURSDAY;
}

function nextWeekday(date: IsoDate, weekday: Weekday): IsoDate {
  return addDays(date, (weekday - weekdayOf(date) + 7) % 7);
}
