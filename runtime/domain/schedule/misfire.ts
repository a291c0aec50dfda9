import type { TradingCalendar } from '../session/tradingCalendar';
import { addDays, indiaDate, indiaTime } from '../session/days';
import type { EpochMs } from '../time';
import { nextAfter, sessionsOfDay } from './nextAfter';
import type { Schedule } from './schedule';

/**
 * What becomes of a moment that was slept through. skip: nothing; right where entries follow.
 * once: fires late, once for all that were missed. exits: fires late, but what follows may only reduce positions.
 */
export type CatchUp = 'skip' | 'once' | 'exits';

/** A planned moment and when the process came to it. */
export interface Wake {
  readonly planned: EpochMs;
  readonly now: EpochMs;
  /** Up to this late it counts as in time. */
  readonly graceMs: number;
  readonly catchUp: CatchUp;
  /** Of several moments that are due only the newest fires. Default true. */
  readonly coalesce?: boolean;
}

export interface Misfire extends Wake {
  /** The schedule's moment after `planned`. */
  readonly following?: EpochMs;
  /** From this time on it is too late to catch up: what was planned has lost its sense. */
  readonly catchUpUntil: EpochMs;
}

/** What to do about a planned moment. `lateMs` is never negative. */
export type Verdict =
  /** The clock stands before the moment: it was put back. Wake again at `planned`. */
  | { readonly kind: 'wait' }
  /** `caughtUp`: later than the grace. `exitsOnly`: orders that would open or enlarge a position must not follow. */
  | { readonly kind: 'fire'; readonly lateMs: number; readonly caughtUp: boolean; readonly exitsOnly: boolean }
  | { readonly kind: 'skip'; readonly lateMs: number; readonly why: 'late' | 'coalesced' | 'sessionOver' };

/** Judges one moment by the numbers alone. */
export function judgeMisfire({ planned, now, graceMs, catchUp, coalesce = true, following, catchUpUntil }: Misfire): Verdict {
  if (now < planned) return { kind: 'wait' };
  const lateMs = now - planned;
  if (coalesce && following !== undefined && following <= now) return { kind: 'skip', lateMs, why: 'coalesced' };
  if (lateMs <= graceMs) return { kind: 'fire', lateMs, caughtUp: false, exitsOnly: false };
  if (catchUp === 'skip') return { kind: 'skip', lateMs, why: 'late' };
  if (now >= catchUpUntil) return { kind: 'skip', lateMs, why: 'sessionOver' };
  return { kind: 'fire', lateMs, caughtUp: true, exitsOnly: catchUp === 'exits' };
}

/** Judges a moment of a schedule: a newer one that is due takes its place, and a session's moment is not caught up after that day's close. */
export function judgeWake(schedule: Schedule, calendar: TradingCalendar, wake: Wake): Verdict {
  const following = nextAfter(schedule, calendar, wake.planned);
  return judgeMisfire({ ...wake, catchUpUntil: catchUpEnds(schedule, calendar, wake.planned), ...(following === undefined ? {} : { following }) });
}

/** The close of the last session of the moment's day; for a moment after it, or on a day without one, the end of the day in India. */
export function catchUpEnds(schedule: Schedule, calendar: TradingCalendar, planned: EpochMs): EpochMs {
  const date = indiaDate(planned);
  const close = sessionsOfDay(schedule, calendar, date)?.at(-1)?.until;
  return close !== undefined && planned < close ? close : indiaTime(addDays(date, 1), '00:00');
}
