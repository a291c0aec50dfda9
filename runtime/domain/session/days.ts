import { DateTime } from 'luxon';
import { INDIA_ZONE, type EpochMs, type IsoDate } from '../time';

/** Monday is 1, Sunday is 7. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;

/** The day that was asked for last: almost every question is about the same one, and a date library is slow to ask. */
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
  const moment = DateTime.fromMillis(at, { zone: INDIA_ZONE });
  const from = moment.startOf('day');
  lastDay = { from: from.toMillis(), until: from.plus({ days: 1 }).toMillis(), date: iso(moment) };
  return lastDay;
}

/** The instant of `HH:mm` in India on `date`. */
export function indiaTime(date: IsoDate, time: string): EpochMs {
  const moment = DateTime.fromISO(`${date}T${time}`, { zone: INDIA_ZONE });
  if (!moment.isValid) throw new RangeError(`Not a time of day: ${date} ${time}`);
  return moment.toMillis();
}

export function addDays(date: IsoDate, days: number): IsoDate {
  return iso(day(date).plus({ days }));
}

export function weekdayOf(date: IsoDate): Weekday {
  const { weekday } = day(date);
  if (weekday < 1 || weekday > 7) throw new RangeError(`Not a weekday: ${weekday}`);
  return weekday as Weekday;
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
  const moment = DateTime.fromISO(date, { zone: 'utc' });
  if (!ISO_DATE.test(date) || !moment.isValid) throw new RangeError(`Not a calendar day: ${date}`);
  return moment;
}

function iso(moment: DateTime): IsoDate {
  return moment.toFormat('yyyy-MM-dd');
}
