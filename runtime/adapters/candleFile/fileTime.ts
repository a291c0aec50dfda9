import { indiaTime } from '../../domain/session';
import { MINUTE_MS, SECOND_MS, type EpochMs } from '../../domain/time';

/** Numbers from here on are epoch milliseconds, smaller ones seconds: as seconds it is the year 5138, as milliseconds 1973. */
const FIRST_MILLISECONDS = 1e11;
/** The least number that is read as an epoch time (1973 in seconds); smaller ones are prices, or days written `YYYYMMDD`. */
const FIRST_EPOCH = 1e8;
const DAY = /^(\d{4})-?(\d{2})-?(\d{2})$/;
const DAY_AND_TIME = /^(\d{4})-?(\d{2})-?(\d{2})[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3})\d*)?)?$/;
const WITH_ZONE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;
const TIME_OF_DAY = /^\d{1,2}:\d{2}(:\d{2})?$/;
const EPOCH = /^\d{9,14}$/;

export const isTimeOfDay = (cell: string): boolean => TIME_OF_DAY.test(cell);
export const isDay = (cell: string): boolean => DAY.test(cell);

/**
 * A time as files write it: epoch seconds or milliseconds, ISO with or without a zone, `YYYY-MM-DD HH:mm[:ss]`, `YYYYMMDD HH:mm[:ss]`, or a day alone
 * (its midnight). Without a zone it is India's. Undefined for anything else, a day that does not exist included.
 */
export function readFileTime(text: string): EpochMs | undefined {
  if (EPOCH.test(text)) {
    const number = Number(text);
    if (number < FIRST_EPOCH) return undefined;
    return number < FIRST_MILLISECONDS ? number * SECOND_MS : number;
  }
  const parts = DAY_AND_TIME.exec(text) ?? DAY.exec(text);
  if (parts !== null) return inIndia(parts);
  if (!WITH_ZONE.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}

function inIndia([, year = '', month = '', day = '', hours = '0', minutes = '0', seconds = '0', fraction = '0']: readonly string[]): EpochMs | undefined {
  const midnight = midnightInIndia(`${year}-${month}-${day}`);
  if (midnight === undefined || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  return midnight + (Number(hours) * 60 + Number(minutes)) * MINUTE_MS + Number(seconds) * SECOND_MS + Number(fraction.padEnd(3, '0'));
}

/** Rows of one day follow each other: the zone's arithmetic is done once a day. India has no daylight saving, so every day has 24 hours. */
let lastDay: { readonly date: string; readonly midnight: EpochMs | undefined } = { date: '', midnight: undefined };

function midnightInIndia(date: string): EpochMs | undefined {
  if (lastDay.date !== date) lastDay = { date, midnight: exists(date) ? indiaTime(date, '00:00') : undefined };
  return lastDay.midnight;
}

function exists(date: string): boolean {
  const at = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(date);
}
