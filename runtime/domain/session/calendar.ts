import type { IsoDate } from '../time';
import { createTradingCalendar } from './createTradingCalendar';
import { BUNDLED_CALENDAR } from './data';
import { addDays, isWeekend } from './days';
import type { CalendarDay } from './tradingCalendar';

/** More days in a row than any market of India rests. */
const LONGEST_REST_DAYS = 15;

/** Expiries follow the bundled days: a contract's dates must not differ from machine to machine. */
const bundled = createTradingCalendar();
const listedYears: ReadonlySet<number> = new Set(BUNDLED_CALENDAR.years);

function equityDay(date: IsoDate): CalendarDay {
  return bundled.day({ exchange: 'NFO', group: 'equityDerivatives' }, date);
}

/** Whether the exchanges' holidays of the date's year are not known: what is worked out from its days may still move. */
export function isExpected(date: IsoDate): boolean {
  return !listedYears.has(Number(date.slice(0, 4)));
}

/**
 * Whether the equity exchanges hold a full trading day, which is what expiries are moved by.
 * Undefined for a weekday of a year whose holidays are not known, but for those of a fixed date.
 */
export function isTradingDay(date: IsoDate): boolean | undefined {
  const day = equityDay(date);
  if (day.kind === 'unknown') return isWeekend(date) ? false : undefined;
  return day.kind === 'open' && !day.ceremonial;
}

/** Whether nobody can trade on `date` for sure: a holiday that is only expected may be none. */
export function isSurelyClosed(date: IsoDate): boolean {
  const day = equityDay(date);
  return isTradingDay(date) === false && !(day.kind === 'closed' && day.expected === true);
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
