import { DateTime } from 'luxon';
import { indiaTime } from '../../domain/session';
import { INDIA_ZONE, MINUTE_MS, SECOND_MS, type EpochMs } from '../../domain/time';

/** Numbers from here on are epoch milliseconds, smaller ones seconds: as seconds it is the year 5138, as milliseconds 1973. */
const FIRST_MILLISECONDS = 1e11;
/** The least number that is read as an epoch time (1973 in seconds); smaller ones are prices, or days written `YYYYMMDD`. */
const FIRST_EPOCH = 1e8;
const CLOCK = '(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:\\.(\\d{1,3})\\d*)?)?';
const DAY = /^(\d{4})-?(\d{2})-?(\d{2})$/;
const DAY_AND_TIME = new RegExp(`^(\\d{4})-?(\\d{2})-?(\\d{2})[T ]${CLOCK}$`);
/** `01-06-2022 09:15`: the day first, as it is written in India; with slashes the year or the day may stand first, never the month. */
const DAY_FIRST = new RegExp(`^(\\d{1,2})[-/.](\\d{1,2})[-/.](\\d{4})(?:[T ]${CLOCK})?$`);
const YEAR_FIRST = new RegExp(`^(\\d{4})[/.](\\d{1,2})[/.](\\d{1,2})(?:[T ]${CLOCK})?$`);
const WITH_ZONE = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})$/;
const TIME_OF_DAY = /^\d{1,2}:\d{2}(:\d{2})?$/;
const EPOCH = /^\d{9,14}$/;

export const isTimeOfDay = (cell: string): boolean => TIME_OF_DAY.test(cell);
export const isDay = (cell: string): boolean => DAY.test(cell);

/** Whether times can be read in a zone of this name: `Asia/Kolkata`, `UTC`, `America/New_York`. */
export const isZone = (zone: string): boolean => DateTime.local({ zone }).isValid;

/**
 * A time as files write it: epoch seconds or milliseconds, ISO with or without a zone, `YYYY-MM-DD HH:mm[:ss]`, `YYYYMMDD HH:mm[:ss]`, `DD-MM-YYYY [HH:mm[:ss]]`, or a day alone
 * (its midnight). Without a zone of its own it is `zone`'s, India's by default. Undefined for anything else, a day that does not exist included.
 */
export function readFileTime(text: string, zone: string = INDIA_ZONE): EpochMs | undefined {
  if (EPOCH.test(text)) {
    const number = Number(text);
    if (number < FIRST_EPOCH) return undefined;
    return number < FIRST_MILLISECONDS ? number * SECOND_MS : number;
  }
  const parts = DAY_AND_TIME.exec(text) ?? DAY.exec(text) ?? YEAR_FIRST.exec(text);
  if (parts !== null) return inZone(parts, zone);
  const [whole, day = '', month = '', year = '', ...clock] = DAY_FIRST.exec(text) ?? [];
  if (whole !== undefined) return inZone([whole, year, month, day, ...clock], zone);
  const [, date, time, offset] = WITH_ZONE.exec(text) ?? [];
  const at = date === undefined ? NaN : Date.parse(`${date}T${time ?? ''}${offset ?? ''}`);
  return Number.isNaN(at) ? undefined : at;
}

function inZone([, year = '', month = '', day = '', hours = '0', minutes = '0', seconds = '0', fraction = '0']: readonly (string | undefined)[], zone: string): EpochMs | undefined {
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const start = hourOf(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`, hours, zone);
  return start === undefined ? undefined : start + Number(minutes) * MINUTE_MS + Number(seconds) * SECOND_MS + Number(fraction.padEnd(3, '0'));
}

/** Rows of one hour follow each other: the zone's arithmetic is done once an hour. */
let lastHour: { readonly key: string; readonly at: EpochMs | undefined } = { key: '', at: undefined };

function hourOf(date: string, hours: string, zone: string): EpochMs | undefined {
  const key = `${date} ${hours} ${zone}`;
  if (lastHour.key !== key) lastHour = { key, at: exists(date) ? startOfHour(date, Number(hours), zone) : undefined };
  return lastHour.at;
}

/** India has no daylight saving: its days have 24 hours. Elsewhere an hour that the clock skips is read as the one behind it. */
function startOfHour(date: string, hour: number, zone: string): EpochMs {
  if (zone === INDIA_ZONE) return indiaTime(date, '00:00') + hour * 60 * MINUTE_MS;
  return DateTime.fromISO(`${date}T${String(hour).padStart(2, '0')}:00`, { zone }).toMillis();
}

function exists(date: string): boolean {
  const at = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(date);
}
