import type { SeenCandle } from '../../domain/feed';
import type { Log } from '../../domain/ports';

export type CandleListener = (seen: SeenCandle) => void | Promise<void>;

export interface Watcher {
  /** Whether candles that form are wanted too. */
  readonly wantsForming: boolean;
  /** A closed candle: each one at once, in order. A promise comes back where the listener gave one; it never rejects. */
  closed(seen: SeenCandle): Promise<void> | undefined;
  /** The candle that forms: one call at a time; what a busy listener misses is made up for by the newest. */
  forming(seen: SeenCandle): Promise<void> | undefined;
}

/** Keeps a broken listener from harming anyone. */
export function createWatcher({ listener, wantsForming, what, log }: { readonly listener: CandleListener; readonly wantsForming: boolean; readonly what: string; readonly log: Log }): Watcher {
  let busy = false;
  let next: SeenCandle | undefined;

  const failed = (error: unknown): void => log.error({ err: error, what }, 'a listener to candles failed');
  const call = (seen: SeenCandle): Promise<void> | undefined => {
    try {
      const result = listener(seen);
      return result === undefined ? undefined : result.catch(failed);
    } catch (error) {
      failed(error);
      return undefined;
    }
  };
  const form = (seen: SeenCandle): Promise<void> | undefined => {
    const pending = call(seen);
    if (pending === undefined) return undefined;
    busy = true;
    return pending.then(() => {
      busy = false;
      const waiting = next;
      next = undefined;
      return waiting === undefined ? undefined : form(waiting);
    });
  };
  return {
    wantsForming,
    closed(seen) {
      // A closed candle is newer than any state of it that still waits.
      next = undefined;
      return call(seen);
    },
    forming(seen) {
      if (!busy) return form(seen);
      next = seen;
      return undefined;
    },
  };
}
