import type { Clock, Ids } from '../../domain/ports';
import type { EpochMs } from '../../domain/time';

export interface ManualClock extends Clock {
  set(at: EpochMs): void;
  advance(durationMs: number): void;
}

/** A clock that stands still until it is told to move: tests and replay. */
export function manualClock(startsAt: EpochMs): ManualClock {
  let now = startsAt;
  return {
    now: () => now,
    set: (at) => { now = at; },
    advance: (durationMs) => { now += durationMs; },
  };
}

/** `prefix1`, `prefix2`, …: the same identifiers in every run. Keep the prefix short: an order id has at most 20 characters of [a-z0-9]. */
export function countingIds(prefix = 'id'): Ids {
  let count = 0;
  return { next: () => `${prefix}${++count}` };
}
