import type { Candle } from '../../domain/candle';
import type { CandleStore } from '../../domain/feed';
import type { InstrumentKey } from '../../domain/market';
import type { Log, Pause } from '../../domain/ports';
import type { CandleLimits } from './limits';

export interface WriteBehind {
  /** Never waits: the candle is stored when there is time. */
  add(instrument: InstrumentKey, candle: Candle): void;
  /** Resolves when nothing waits any more, written or given up. */
  close(): Promise<void>;
}

export interface WriteBehindOptions {
  readonly store: Pick<CandleStore, 'put'>;
  /** Named in the store as where the candles are from. */
  readonly source: string;
  readonly pause: Pause;
  readonly log: Log;
  readonly limits: Pick<CandleLimits, 'unwritten' | 'writeEveryMs'>;
}

/** Closed one-minute candles on their way to the store. What can not be written is given up and logged: the source still has it. */
export function createWriteBehind({ store, source, pause, log, limits }: WriteBehindOptions): WriteBehind {
  let waiting = new Map<InstrumentKey, Candle[]>();
  let count = 0;
  let givenUp = 0;
  let writing: Promise<void> = Promise.resolve();
  let running = false;
  let closed = false;

  const writeAll = async (): Promise<void> => {
    const batch = waiting;
    waiting = new Map();
    count = 0;
    for (const [instrument, candles] of batch) {
      try {
        await store.put(instrument, '1m', candles, source);
      } catch (error) {
        log.warn({ err: error, instrument, candles: candles.length }, 'candles could not be stored');
      }
    }
    if (givenUp > 0) log.warn({ givenUp }, 'the candle store does not keep up: candles were not stored');
    givenUp = 0;
  };
  const flush = (): Promise<void> => (writing = writing.then(writeAll));
  const run = async (): Promise<void> => {
    while (count > 0 && !closed) {
      await pause(limits.writeEveryMs);
      await flush();
    }
    running = false;
  };

  return {
    add(instrument, candle) {
      if (closed || count >= limits.unwritten) {
        givenUp += 1;
        return;
      }
      const known = waiting.get(instrument);
      if (known === undefined) waiting.set(instrument, [candle]);
      else known.push(candle);
      count += 1;
      if (running) return;
      running = true;
      run().catch((error: unknown) => log.error({ err: error }, 'candles are not stored any more'));
    },
    close() {
      closed = true;
      return flush();
    },
  };
}
