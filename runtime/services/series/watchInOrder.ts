import type { Log } from '../../domain/ports';

export interface InOrder {
  /** Runs `step` after those before it. Resolves when it has ended, or was left out. Never rejects: what fails is logged. */
  next(step: () => Promise<void>): Promise<void>;
  /** Nothing that has not begun yet runs any more. */
  stop(): void;
}

/** One step after the other; a listener that is too slow loses the newest ones beyond `limit`. */
export function watchInOrder({ log, limit, what }: { readonly log: Log; readonly limit: number; readonly what: string }): InOrder {
  let tail: Promise<void> = Promise.resolve();
  let waiting = 0;
  let stopped = false;
  return {
    async next(step) {
      if (stopped) return;
      if (waiting >= limit) {
        log.error({ what, waiting }, 'a flow is too slow: a closed candle was left out');
        return;
      }
      waiting += 1;
      tail = tail.then(async () => {
        if (!stopped) await step();
      }).catch((error: unknown) => log.error({ what, err: error }, 'a listener to closed candles failed')).finally(() => { waiting -= 1; });
      await tail;
    },
    stop() { stopped = true; },
  };
}
