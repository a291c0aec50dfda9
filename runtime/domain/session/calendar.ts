import type { IsoDate } from '../time';
import { createTradingCalendar } from './createTradingCalendar';
import { addDays, isWeekend } from './days';

/** More days in a row than any market of India rests. */
const LONGEST_REST_DAYS = 15;

/** Expiries follow the bundled days: a contract's dates must not differ from machine to machine. */
const bundled = createTradingCalendar();

/**
 * Whether the equity exchanges hold a full trading day, which is what expiries are moved by.
 * Undefined for a weekday of a year whose holidays are not known.
 */
export function isTradingDay(date: IsoDate): boolean | undefined {
  const day = bundled.day({ exchange: 'NFO', group: 'equityDerivatives' }, date);
  if (day.kind === 'unknown') return isWeekend(date) ? false : undefined;
  return day.kind === 'open' && !day.ceremonial;
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
