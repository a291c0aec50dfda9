import type { Tick } from '../../domain/feed';
import type { Log, Pause } from '../../domain/ports';

/** The limit is noticed at most this part of it late. */
const LOOKS = 4;

/**
 * A recording waits for its listeners, but not for ever: the promise that comes back is over when the work is, or when patience is.
 * One wait runs at a time, however many ticks there are.
 */
export function createPatience({ pause, log, patienceMs }: { readonly pause: Pause; readonly log: Log; readonly patienceMs: number }) {
  let waiting: { looks: number; readonly tick: Tick; readonly release: () => void } | undefined;
  let guarding = false;

  const look = (): void => {
    if (waiting === undefined || ++waiting.looks <= LOOKS) return;
    log.warn({ instrument: waiting.tick.instrument, waitedMs: patienceMs }, 'a listener took too long: the recording plays on without it');
    waiting.release();
  };
  const guard = async (): Promise<void> => {
    guarding = true;
    while (waiting !== undefined) {
      await pause(patienceMs / LOOKS);
      look();
    }
    guarding = false;
  };

  return (work: Promise<void> | undefined, tick: Tick): Promise<void> | undefined => {
    if (work === undefined) return undefined;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const release = (): void => {
      if (waiting === own) waiting = undefined;
      resolve(undefined);
    };
    const own = { looks: 0, tick, release };
    waiting = own;
    void work.then(release);
    if (!guarding) guard().catch((error: unknown) => log.error({ err: error }, 'the wait for a listener failed'));
    return promise;
  };
}
