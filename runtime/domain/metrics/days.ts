import { DAY_MS, type EpochMs } from '../time';

/** India keeps one offset all year: 5 hours and a half ahead of UTC. */
const INDIA_OFFSET_MS = 19_800_000;

/** The number of the day in India, counted from 1970-01-01. A million points are asked: arithmetic instead of a date library. */
export function indiaDay(at: EpochMs): number {
  return Math.floor((at + INDIA_OFFSET_MS) / DAY_MS);
}

/** Midnight in India at the beginning of that day. */
export function startOfDay(day: number): EpochMs {
  return day * DAY_MS - INDIA_OFFSET_MS;
}

/** `YYYY-MM-DD`. */
export function dayName(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** The Monday on or before a day. 1970-01-01 was a Thursday. */
export function mondayOf(day: number): number {
  return day - ((day + 3) % 7);
}

/** The first of the month of a day. */
export function firstOfMonth(day: number): number {
  const date = new Date(day * DAY_MS);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) / DAY_MS;
}

/** The first of the month after. */
export function firstOfNextMonth(day: number): number {
  const date = new Date(day * DAY_MS);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) / DAY_MS;
}
