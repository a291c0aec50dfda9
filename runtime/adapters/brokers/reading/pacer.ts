import type { Clock, Pause } from '../../../domain/ports';

export interface PacerOptions {
  readonly clock: Clock;
  readonly pause: Pause;
  /** Least time between two turns. */
  readonly everyMs: number;
  /** Callers that may wait at once. */
  readonly mostWaiting: number;
}

/** One turn after the other, never faster than allowed. */
export interface Pacer {
  /** Resolves to true when it is the caller's turn, and at once to false when too many wait already. */
  turn(): Promise<boolean>;
}

export function createPacer({ clock, pause, everyMs, mostWaiting }: PacerOptions): Pacer {
  let waiting = 0;
  let last: Promise<void> = Promise.resolve();
  let next = -Infinity;
  const wait = async (): Promise<void> => {
    // A clock that was set back does not prolong the wait.
    const left = Math.min(everyMs, next - clock.now());
    if (left > 0) await pause(left);
    next = clock.now() + everyMs;
  };
  return {
    async turn() {
      if (waiting >= mostWaiting) return false;
      waiting += 1;
      last = last.then(wait);
      try {
        await last;
      } finally {
        waiting -= 1;
      }
      return true;
    },
  };
}
