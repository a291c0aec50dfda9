import type { Log } from '../../domain/ports';
import type { Firing } from '../../domain/trigger';
import type { FiringEnd } from './firings';

/** Who waits for whom: a recording for the flows it has started, the live market for nobody. */
export interface Pace {
  emit(firing: Firing): Promise<FiringEnd>;
  /** A listener of candles as its source shall call it. Live, a flow that hangs does not hold up the next candle. */
  listener<T>(listener: (seen: T) => void | Promise<void>): (seen: T) => void | Promise<void>;
  /** Resolves when every flow that was started has ended. */
  settled(): Promise<void>;
}

export function createPace({ isRecording, emit, log }: { readonly isRecording: boolean; readonly emit: (firing: Firing) => Promise<FiringEnd>; readonly log: Log }): Pace {
  const underWay = new Set<Promise<FiringEnd>>();
  return {
    emit(firing) {
      const ended = emit(firing);
      underWay.add(ended);
      void ended.finally(() => underWay.delete(ended));
      return ended;
    },
    listener: (listener) => (isRecording ? listener : (seen) => {
      Promise.resolve(listener(seen)).catch((error: unknown) => log.error({ err: error }, 'A trigger could not judge a candle.'));
    }),
    async settled() {
      await Promise.all(underWay);
    },
  };
}
