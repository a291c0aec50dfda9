import type { Clock, Log } from '../../domain/ports';
import type { Firing } from '../../domain/trigger';
import type { HandedSignal, SourceBinding } from '../../runtime';
import { signalOf, type FiringEnd } from './firings';
import { MAX_LANES, PASSING_CONCURRENCY } from './limits';

interface Waiting {
  readonly firing: Firing;
  readonly end: (end: FiringEnd) => void;
}

/** Signals that pass by: not journalled, and of each instrument only the newest waits while the flow is busy. */
export interface Passing {
  /** Resolves to `expired` for one that a newer one of its instrument took the place of. Never rejects. */
  emit(firing: Firing): Promise<FiringEnd>;
  close(): void;
}

export function createPassing({ clock, log }: { readonly clock: Clock; readonly log: Log }, binding: SourceBinding, handOver: (signal: HandedSignal) => Promise<void>): Passing {
  /** In the order in which they came; one a lane. */
  const waiting = new Map<string, Waiting>();
  const busy = new Set<string>();
  let isClosed = false;

  function startNext(): void {
    for (const [lane, next] of waiting) {
      if (busy.size >= PASSING_CONCURRENCY) return;
      if (busy.has(lane)) continue;
      waiting.delete(lane);
      busy.add(lane);
      void run(next).finally(() => {
        busy.delete(lane);
        startNext();
      });
    }
  }

  async function run({ firing, end }: Waiting): Promise<void> {
    const { goodForMs, happenedAt } = firing;
    if (goodForMs !== undefined && clock.now() > happenedAt + goodForMs) { end('expired'); return; }
    try {
      await handOver(signalOf(binding, firing));
      end('done');
    } catch (error) {
      log.warn({ err: error, nodeKey: binding.nodeKey, key: firing.key }, 'A flow did not take a tick.');
      end('failed');
    }
  }

  return {
    emit(firing) {
      if (isClosed) return Promise.resolve('failed');
      const lane = `${firing.item.exchange ?? ''}:${firing.item.symbol ?? ''}`;
      waiting.get(lane)?.end('expired');
      if (!waiting.has(lane) && waiting.size >= MAX_LANES) return Promise.resolve('expired');
      return new Promise((resolve) => {
        waiting.set(lane, { firing, end: resolve });
        startNext();
      });
    },
    close() {
      isClosed = true;
      for (const { end } of waiting.values()) end('failed');
      waiting.clear();
    },
  };
}
