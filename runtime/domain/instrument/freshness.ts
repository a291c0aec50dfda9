import { isTradingDay } from '../session/calendar';
import { addDays, indiaDate, indiaTime } from '../session/days';
import { DAY_MS, type EpochMs, type IsoDate } from '../time';
import type { MasterSnapshot } from './master';

/** When brokers have the day's list ready, in India. Earlier in the day yesterday's is still the newest there is. */
export const MASTER_READY = '08:30';

/** More days in a row than any market of India rests. */
const LONGEST_REST_DAYS = 15;

/**
 * How far the master can be trusted. `none`: there is none, bundled rules serve. `fresh`: of the newest trading day.
 * `stale`: older; it stays in use, and contracts it does not list are looked up in the bundled rules.
 */
export type Freshness =
  | { readonly state: 'none' }
  | { readonly state: 'fresh' | 'stale'; readonly asOf: EpochMs; readonly day: IsoDate; readonly ageDays: number; readonly source: string; readonly instruments: number };

/** The time from which on a master is of the trading day that `at` belongs to. */
export function freshSince(at: EpochMs): EpochMs {
  let day = indiaDate(at);
  for (let step = 0; step <= LONGEST_REST_DAYS; step += 1) {
    const ready = indiaTime(day, MASTER_READY);
    if (ready <= at && isTradingDay(day) !== false) return ready;
    day = addDays(day, -1);
  }
  return indiaTime(day, MASTER_READY);
}

/** Of several sources the oldest counts: what it alone lists is that old. */
export function freshnessOf(snapshots: readonly MasterSnapshot[], at: EpochMs): Freshness {
  const oldest = snapshots.reduce<MasterSnapshot | undefined>((found, one) => (found === undefined || one.asOf < found.asOf ? one : found), undefined);
  if (oldest === undefined) return { state: 'none' };
  const { asOf, source } = oldest;
  return {
    state: asOf >= freshSince(at) ? 'fresh' : 'stale', asOf, source, day: indiaDate(asOf), ageDays: Math.max(0, Math.floor((at - asOf) / DAY_MS)),
    instruments: snapshots.reduce((sum, { rows }) => sum + rows, 0),
  };
}
