import { DateTime } from 'luxon';
import { DAY_MS, type EpochMs, type IsoDate } from '../time';

/** Monday is 1, Sunday is 7. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIME_OF_DAY = /^([01]\d|2[0-4]):([0-5]\d)(?::([0-5]\d))?$/;
/** India keeps one time all year, and has since before there were exchanges to be asked about: a date library is not needed to know it. */
const INDIA_OFFSET_MS = 19_800_000;

/** The day that was asked for last: almost every question is about the same one. */
let lastDay = { from: 0, until: 0, date: '' };

/** The calendar day in India at `at`, whatever zone the machine keeps. */
export function indiaDate(at: EpochMs): IsoDate {
  return dayOf(at).date;
}

/** Midnight in India at the beginning of the day that `at` falls on. */
export function indiaMidnight(at: EpochMs): EpochMs {
  return dayOf(at).from;
}

function dayOf(at: EpochMs): typeof lastDay {
  if (at >= lastDay.from && at < lastDay.until) return lastDay;
  const from = Math.floor((at + INDIA_OFFSET_MS) / DAY_MS) * DAY_MS - INDIA_OFFSET_MS;
  lastDay = { from, until: from + DAY_MS, date: isoOf(from + INDIA_OFFSET_MS) };
  return lastDay;
}

/** The instant of `HH:mm` (or `HH:mm:ss`) in India on `date`. */
export function indiaTime(date: IsoDate, time: string): EpochMs {
  const [, hours = '', minutes = '', seconds = '0'] = TIME_OF_DAY.exec(time) ?? [];
  const midnight = hours === '' ? undefined : knownMidnight(date);
  if (midnight === undefined) throw new RangeError(`Not a time of day: ${date} ${time}`);
  return midnight - INDIA_OFFSET_MS + ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000;
}

export function addDays(date: IsoDate, days: number): IsoDate {
  return isoOf(midnightOf(date) + days * DAY_MS);
}

export function weekdayOf(date: IsoDate): Weekday {
  // 1970-01-01 was a Thursday.
  const weekday = ((Math.floor(midnightOf(date) / DAY_MS) + 3) % 7 + 7) % 7 + 1;
  if (!isWeekday(weekday)) throw new RangeError(`Not a weekday: ${weekday}`);
  return weekday;
}

function isWeekday(value: number): value is Weekday {
  return Number.isInteger(value) && value >= 1 && value <= 7;
}

export function isWeekend(date: IsoDate): boolean {
  return weekdayOf(date) >= 6;
}

/** The last day of the month `YYYY-MM`. */
export function lastDayOfMonth(month: string): IsoDate {
  return iso(day(`${month}-01`).endOf('month'));
}

/** The month after `YYYY-MM`. */
export function nextMonth(month: string): string {
  return addDays(lastDayOfMonth(month), 1).slice(0, 7);
}

/** `YYYY-MM-DD` when the parts name a day that exists. */
export function dateOf(year: number, month: number, dayOfMonth: number): IsoDate | undefined {
  const moment = DateTime.fromObject({ year, month, day: dayOfMonth }, { zone: 'utc' });
  return moment.isValid ? iso(moment) : undefined;
}

/** Whether New York keeps daylight time at `at`: it decides when commodities close. */
export function isUsDaylightTime(at: EpochMs): boolean {
  return DateTime.fromMillis(at, { zone: 'America/New_York' }).isInDST;
}

function day(date: IsoDate): DateTime {
  return DateTime.fromMillis(midnightOf(date), { zone: 'utc' });
}

/** Midnight of the day in UTC, as a number to count with. */
function midnightOf(date: IsoDate): number {
  const midnight = knownMidnight(date);
  if (midnight === undefined) throw new RangeError(`Not a calendar day: ${date}`);
  return midnight;
}

/** Days that were asked for lately, by their text and by their number. A backtest goes over years of them, again and again. */
const MOST_KNOWN = 10_000;
const midnights = new Map<IsoDate, number | undefined>();
const texts = new Map<number, IsoDate>();

/** Undefined for a text that is no day of the calendar. */
function knownMidnight(date: IsoDate): number | undefined {
  if (midnights.has(date)) return midnights.get(date);
  const read = ISO_DATE.test(date) ? Date.parse(`${date}T00:00:00Z`) : NaN;
  const midnight = Number.isNaN(read) || isoOf(read) !== date ? undefined : read;
  if (midnights.size >= MOST_KNOWN) midnights.clear();
  midnights.set(date, midnight);
  return midnight;
}

function isoOf(utcMs: number): IsoDate {
  const number = Math.floor(utcMs / DAY_MS);
  const known = texts.get(number);
  if (known !== undefined) return known;
  const text = new Date(utcMs).toISOString().slice(0, 10);
  if (texts.size >= MOST_KNOWN) texts.clear();
  texts.set(number, text);
  return text;
}

function iso(moment: DateTime): IsoDate {
  return moment.toFormat('yyyy-MM-dd');
}
