import type { Pause } from '../../../domain/ports';

export interface WatchOptions {
  /** One look. `failed` makes the next one wait longer, `news` makes it come soon. */
  readonly look: () => Promise<'news' | 'nothing' | 'failed'>;
  /** False while nothing is waited for: then nobody is asked. */
  readonly isWanted: () => boolean;
  readonly pause: Pause;
  /** Between two looks while things move. */
  readonly fastMs: number;
  /** Between two looks after a long quiet, and after failures. */
  readonly slowMs: number;
}

/** Looks again and again while something is waited for: soon after news, seldom in quiet times and when looking fails. */
export interface Watch {
  /** One look that begins after the call; calls at the same time share it. False when it failed. */
  lookNow(): Promise<boolean>;
  /** Something may have happened: look now. */
  nudge(): void;
  /** Goes on looking where it had stopped because nothing was wanted; the first look is after a wait. */
  resume(): void;
  /** Resolves when the look under way is over. */
  close(): Promise<void>;
}

const GROWTH = 1.5;
/** However many nudges come, there is this much between two looks: brokers limit how often their lists may be read. */
const LEAST_MS = 250;

export function createWatch({ look, isWanted, pause, fastMs, slowMs }: WatchOptions): Watch {
  let closed = false;
  let current: Promise<boolean> | undefined;
  let next: Promise<boolean> | undefined;
  let loop = Promise.resolve();
  let isRunning = false;
  let waitMs = fastMs;
  let nudged = Promise.withResolvers<undefined>();

  const start = async (): Promise<boolean> => {
    const result = await look();
    waitMs = result === 'news' ? fastMs : Math.min(slowMs, waitMs * (result === 'failed' ? GROWTH * GROWTH : GROWTH));
    return result !== 'failed';
  };
  const run = (): Promise<boolean> => {
    current = start().finally(() => { current = undefined; });
    return current;
  };
  const lookNow = (): Promise<boolean> => {
    if (current === undefined) return run();
    next ??= current.catch(() => false).then(() => {
      next = undefined;
      return run();
    });
    return next;
  };
  const watch = async (first: 'look' | 'wait'): Promise<void> => {
    const goesOn = (): boolean => !closed && isWanted();
    for (let waits = first === 'wait'; goesOn(); waits = true) {
      // A nudge in the middle of a look counts: the look may have been too early.
      if (waits) await Promise.race([pause(waitMs), nudged.promise]);
      if (waits) await pause(LEAST_MS);
      nudged = Promise.withResolvers();
      if (goesOn()) await lookNow();
    }
    isRunning = false;
  };
  const begin = (first: 'look' | 'wait'): void => {
    if (closed || isRunning) return;
    isRunning = true;
    loop = watch(first);
  };
  return {
    lookNow,
    nudge() {
      if (closed) return;
      waitMs = fastMs;
      nudged.resolve(undefined);
      begin('look');
    },
    resume: () => begin('wait'),
    async close() {
      closed = true;
      nudged.resolve(undefined);
      await loop;
    },
  };
}
