import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { CALENDAR_FILE, createTradingCalendar, readCalendarFile, type CalendarOptions, type TradingCalendar } from '../../domain/session';

/** A larger file is a mistake, not a list of days. */
const MAX_FILE_BYTES = 5_000_000;

/**
 * The bundled calendar with the user's `calendar.json` of the state folder over it.
 * Throws when the file is there but can not be used as a whole: trading on days the user meant to correct would be worse than not starting.
 */
export function loadCalendar(home: string, options: Omit<CalendarOptions, 'overrides'> = {}): TradingCalendar {
  const file = path.join(home, CALENDAR_FILE);
  if (!existsSync(file)) return createTradingCalendar(options);
  if (statSync(file).size > MAX_FILE_BYTES) throw new Error(`${file} is larger than ${MAX_FILE_BYTES} bytes. Keep only the days and hours you want to add or correct.`);
  const overrides = readCalendarFile(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
  if (!overrides.ok) throw new Error(`${file} can not be used. ${overrides.denial.message}`);
  return createTradingCalendar({ ...options, overrides: overrides.value });
}
