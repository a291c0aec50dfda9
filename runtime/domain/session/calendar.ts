import type { IsoDate } from '../time';
import { HOLIDAYS, KNOWN_YEARS, SPECIAL_DAYS } from './data';
import { addDays, isWeekend } from './days';

/** More days in a row than any market of India rests. */
const LONGEST_REST_DAYS = 15;

/**
 * Whether the equity exchanges hold a full trading day, which is what expiries are moved by.
 * Undefined for a weekday of a year whose holidays are not known.
 */
export function isTradingDay(date: IsoDate): boolean | undefined {
  if (SPECIAL_DAYS.get(date)?.kind === 'full') return true;
  if (isWeekend(date) || HOLIDAYS.has(date)) return false;
  return KNOWN_YEARS.has(Number(date.slice(0, 4))) ? true : undefined;
}

/** `date`, or the nearest earlier day that is not known to be closed. */
export function tradingDayOnOrBefore(date: IsoDate): IsoDate {
  let day = date;
  for (let step = 0; step < LONGEST_REST_DAYS; step += 1) {
    if (isTradingDay(day) !== false) return day;
    day = addDays(day, -1);
  }
  throw new RangeError(`No trading day in the ${LONGEST_REST_DAYS} days before ${date}`);
}
