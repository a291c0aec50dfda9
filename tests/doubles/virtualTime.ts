import { manualClock, type ManualClock } from '../../runtime/adapters/system/manual';
import type { Pause } from '../../runtime/domain/ports';
import type { EpochMs } from '../../runtime/domain/time';

export interface VirtualTime {
  readonly clock: ManualClock;
  readonly pause: Pause;
  /** Lets `ms` pass: every wait that ends within it ends at its own time, and what follows from it runs before the next one ends. */
  pass(ms: number): Promise<void>;
  /** Waits that are not over. */
  pending(): number;
}

/** A clock and the waits that go with it: hours pass in no time, in the right order. */
export function virtualTime(startsAt: EpochMs): VirtualTime {
  const clock = manualClock(startsAt);
  // Waits count on a time of their own, as timers do: a test may set the clock back or ahead and they do not care.
  let elapsed = 0;
  let waits: { readonly due: number; readonly end: () => void }[] = [];
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    clock,
    pause: (ms) => new Promise((resolve) => waits.push({ due: elapsed + ms, end: resolve })),
    pending: () => waits.length,
    async pass(ms) {
      const until = elapsed + ms;
      await settle();
      for (let next = earliest(waits, until); next !== undefined; next = earliest(waits, until)) {
        const { due } = next;
        clock.advance(due - elapsed);
        elapsed = due;
        const over = waits.filter((wait) => wait.due <= due);
        waits = waits.filter((wait) => wait.due > due);
        for (const wait of over) wait.end();
        await settle();
      }
      clock.advance(until - elapsed);
      elapsed = until;
      await settle();
    },
  };
}

function earliest<T extends { readonly due: number }>(waits: readonly T[], until: number): T | undefined {
  return waits.filter(({ due }) => due <= until).reduce<T | undefined>((first, wait) => (first === undefined || wait.due < first.due ? wait : first), undefined);
}
