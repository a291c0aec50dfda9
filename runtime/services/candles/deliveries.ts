import type { SeenCandle } from '../../domain/feed';
import type { Frame } from './frame';

/** A candle that closed. */
export interface News {
  readonly frame: Frame;
  readonly seen: SeenCandle;
}

/** Promises of slow listeners that a source is given to wait for; a flow that never ends holds nobody up. */
const MOST_AWAITED = 8;

/** Tells listeners, and makes of their promises one that a recorded source can wait for. */
export class Deliveries {
  #awaited = 0;

  /** What ended first before what ended later, short candles before long ones. */
  closed(news: readonly News[]): Promise<void> | undefined {
    const inOrder = news.toSorted((a, b) => a.seen.until - b.seen.until || a.frame.lengthMs - b.frame.lengthMs);
    return this.#waitFor(inOrder.flatMap(({ frame, seen }) => [...frame.watchers].flatMap((watcher) => watcher.closed(seen) ?? [])));
  }

  /** The newest candle of each frame to those who want it; costs nothing where nobody does. */
  formed(frames: Iterable<Frame>, minutes: () => readonly SeenCandle[]): Promise<void> | undefined {
    let forming: readonly SeenCandle[] | undefined;
    let pending: Promise<void>[] | undefined;
    for (const frame of frames) {
      let seen: SeenCandle | undefined;
      for (const watcher of frame.watchers) {
        if (!watcher.wantsForming || !frame.isReady) continue;
        forming ??= minutes();
        seen ??= forming.length === 0 ? undefined : frame.candles.forming(forming);
        const promise = seen === undefined ? undefined : watcher.forming(seen);
        if (promise !== undefined) (pending ??= []).push(promise);
      }
    }
    return pending === undefined ? undefined : this.#waitFor(pending);
  }

  #waitFor(promises: readonly Promise<void>[]): Promise<void> | undefined {
    if (promises.length === 0 || this.#awaited >= MOST_AWAITED) return undefined;
    this.#awaited += 1;
    return Promise.all(promises).then(() => { this.#awaited -= 1; });
  }
}
