import type { Clock } from '../../domain/ports';
import { MINUTE_MS, SECOND_MS } from '../../domain/time';

const FIRST_WAIT_MS = 10 * SECOND_MS;
const LONGEST_WAIT_MS = 5 * MINUTE_MS;

/** When each of many things is looked at again: after 10 s, 20 s, 40 s … and at the latest every `longestMs` (default: five minutes). Kept in memory: a new life begins anew. */
export interface BackOff {
  isDue(id: string): boolean;
  /** A look that found nothing out: the next one waits longer. */
  postpone(id: string): void;
  /** Forgets all but these. */
  keep(ids: ReadonlySet<string>): void;
}

export function createBackOff(clock: Clock, longestMs = LONGEST_WAIT_MS): BackOff {
  const waits = new Map<string, { readonly ms: number; readonly until: number }>();
  return {
    isDue: (id) => clock.now() >= (waits.get(id)?.until ?? -Infinity),
    postpone(id) {
      const ms = Math.min((waits.get(id)?.ms ?? FIRST_WAIT_MS / 2) * 2, longestMs);
      waits.set(id, { ms, until: clock.now() + ms });
    },
    keep(ids) {
      for (const id of [...waits.keys()]) if (!ids.has(id)) waits.delete(id);
    },
  };
}
