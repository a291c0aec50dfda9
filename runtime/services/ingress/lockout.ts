import type { EpochMs } from '../../domain/time';
import type { IngressLimits } from './limits';

interface Source {
  /** Start of the fixed window in which failures are counted. */
  windowFrom: EpochMs;
  failures: number;
  lockedUntil: EpochMs;
}

export interface Lockout {
  /** Milliseconds that the source has to wait; 0 when it is not locked out. */
  remainingMs(source: string, now: EpochMs): number;
  /** Counts a wrong key. */
  failed(source: string, now: EpochMs): void;
  readonly size: number;
}

/**
 * Counts wrong keys by source in fixed windows and locks a source out for a while. Each trigger counts for itself: guessing at one flow
 * shuts no other. The table is bounded; a flood of sources pushes out the oldest.
 */
export function createLockout(limits: Pick<IngressLimits, 'maxWrongSecrets' | 'lockoutWindowMs' | 'lockoutMs' | 'maxSources'>): Lockout {
  const sources = new Map<string, Source>();

  function current(source: string, now: EpochMs): Source | undefined {
    const known = sources.get(source);
    if (known === undefined || now < known.lockedUntil) return known;
    // A clock that stepped back would keep an old window open for long: it starts afresh as well.
    const isOver = now >= known.windowFrom + limits.lockoutWindowMs || now < known.windowFrom || known.failures >= limits.maxWrongSecrets;
    if (!isOver) return known;
    sources.delete(source);
    return undefined;
  }

  return {
    remainingMs(source, now) {
      const known = current(source, now);
      return known === undefined ? 0 : Math.max(0, Math.min(known.lockedUntil - now, limits.lockoutMs));
    },
    failed(source, now) {
      const known = current(source, now) ?? { windowFrom: now, failures: 0, lockedUntil: 0 };
      known.failures += 1;
      if (known.failures >= limits.maxWrongSecrets) known.lockedUntil = now + limits.lockoutMs;
      sources.set(source, known);
      const oldest = sources.keys().next().value;
      if (sources.size > limits.maxSources && oldest !== undefined) sources.delete(oldest);
    },
    get size() {
      return sources.size;
    },
  };
}
