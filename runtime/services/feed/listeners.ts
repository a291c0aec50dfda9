import type { FeedGap, Tick, TickTap, TapWish } from '../../domain/feed';
import type { Log } from '../../domain/ports';
import type { FeedLimits } from './limits';

/** One tap with what it still has to do. */
export interface Listener {
  /** Hands a tick over. A promise comes back only where the tap gave one and owes no earlier call; it never rejects and ends with the call. */
  give(tick: Tick): Promise<void> | undefined;
  /** Nothing is called any more; what waits is forgotten. */
  end(): void;
}

export interface ListenerOptions {
  readonly tap: TickTap;
  readonly wish: TapWish;
  readonly limits: Pick<FeedLimits, 'unfinished' | 'waiting'>;
  readonly log: Log;
  /** So many ticks were dropped; `gap` where the tap wanted every one. */
  readonly onDropped: (count: number, gap: FeedGap | undefined) => void;
}

/** Errors of one listener that are logged one by one; later ones are counted in silence, or a broken flow would write 10 lines a second for ever. */
const LOGGED_ERRORS = 5;

/**
 * Keeps a slow, broken or endless listener from harming anyone: each call is guarded, and the number of unfinished calls and of waiting ticks is bounded.
 * The usual tap returns nothing: then this costs one call and no memory.
 */
export function createListener({ tap, wish, limits, log, onDropped }: ListenerOptions): Listener {
  const mostUnfinished = wish === 'newest' ? 1 : limits.unfinished;
  const mostWaiting = wish === 'newest' ? 1 : limits.waiting;
  let waiting: Tick[] = [];
  let unfinished = 0;
  let errors = 0;
  let ended = false;
  let newestAt = -Infinity;

  const failed = (error: unknown, tick: Tick): void => {
    errors += 1;
    if (errors <= LOGGED_ERRORS) log.error({ err: error, instrument: tick.instrument, more: errors === LOGGED_ERRORS ? 'not logged' : undefined }, 'a listener to ticks failed');
  };
  const call = (tick: Tick): Promise<void> | undefined => {
    let result: void | Promise<void>;
    try {
      result = tap(tick);
    } catch (error) {
      failed(error, tick);
      return undefined;
    }
    if (result === undefined) return undefined;
    unfinished += 1;
    const finished = result.catch((error: unknown) => failed(error, tick)).then(() => {
      unfinished -= 1;
      catchUp();
    });
    return unfinished === 1 ? finished : undefined;
  };
  const catchUp = (): void => {
    while (!ended && unfinished < mostUnfinished) {
      const next = waiting.shift();
      if (next === undefined) return;
      void call(next);
    }
  };
  const keep = (tick: Tick): void => {
    const [oldest] = waiting;
    if (waiting.length >= mostWaiting && oldest !== undefined) {
      const dropped = waiting.length;
      waiting = [];
      onDropped(dropped, wish === 'newest' ? undefined : { instrument: tick.instrument, from: oldest.at, until: tick.at });
    }
    waiting.push(tick);
  };

  return {
    give(tick) {
      if (ended || (wish === 'newest' && tick.at < newestAt)) return undefined;
      newestAt = tick.at;
      if (unfinished < mostUnfinished) return call(tick);
      keep(tick);
      return undefined;
    },
    end() {
      ended = true;
      waiting = [];
    },
  };
}
