import type { EpochMs } from '../../domain/time';

/** Counts what happened in the last `windowMs`; memory is bounded by `limit`. */
export interface RateWindow {
  /** True when one more is allowed now, and counts it. */
  take(now: EpochMs): boolean;
}

export function createRateWindow({ limit, windowMs }: { readonly limit: number; readonly windowMs: number }): RateWindow {
  const taken: EpochMs[] = [];
  return {
    take(now) {
      // What lies ahead was counted before the clock stepped back.
      while (taken[0] !== undefined && (taken[0] <= now - windowMs || taken[0] > now)) taken.shift();
      if (taken.length >= limit) return false;
      taken.push(now);
      return true;
    },
  };
}
