import type { Log } from '../../../domain/ports';

/** Tells everyone who listens, in order; a listener that fails is logged and ends nothing. */
export interface Broadcast<T> {
  listen(listener: (news: T) => void): () => void;
  tell(news: readonly T[]): void;
}

export function createBroadcast<T>(log: Log): Broadcast<T> {
  const listeners = new Set<{ readonly call: (news: T) => void }>();
  const call = (listener: (news: T) => void, news: T): void => {
    try {
      listener(news);
    } catch (error) {
      log.error({ err: error, news }, 'a listener of the broker failed');
    }
  };
  return {
    listen(listener) {
      const entry = { call: listener };
      listeners.add(entry);
      return () => void listeners.delete(entry);
    },
    tell(news) {
      for (const entry of news) for (const listener of [...listeners]) call(listener.call, entry);
    },
  };
}
