import { deny } from '../../domain/denial';
import type { Clock, Ids, Instruments, Log, Owners, Pause, Store } from '../../domain/ports';
import type { Ingress } from '../../runtime';
import { refusal } from './answer';
import { createDeliveries } from './delivery';
import { INGRESS_LIMITS, type IngressLimits } from './limits';
import { createReceive } from './receive';
import { submit } from './submit';

export interface IngressPorts {
  readonly store: Pick<Store, 'receive' | 'claimSignals' | 'claimedSignals' | 'finishSignal'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly owners: Pick<Owners, 'own' | 'isAlive'>;
  readonly log: Log;
  /** Spaces attempts and ends the patience of a detach. */
  readonly pause: Pause;
  readonly instruments: Instruments;
  /** Replaces single bounds. */
  readonly limits?: Partial<IngressLimits>;
}

export interface IngressService extends Ingress {
  /** Looks for entries that other processes journalled; a host's timer calls it every few seconds. Entries of this process need none. */
  poke(): void;
  /** Refuses further calls with 503, stops deliveries, and resolves when no call and no claim is under way. Running flows are delivered again in the next life. */
  close(): Promise<void>;
}

/** The way in. One per runtime. */
export function createIngress(ports: IngressPorts): IngressService {
  const deliveries = createDeliveries(ports);
  const receive = createReceive({ ...ports, deliveries, limits: { ...INGRESS_LIMITS, ...ports.limits } });
  const calls = new Set<Promise<unknown>>();
  let isClosed = false;
  const waitedFor = async <T>(call: Promise<T>): Promise<T> => {
    calls.add(call);
    try {
      return await call;
    } finally {
      calls.delete(call);
    }
  };

  return {
    receive: async (binding, request, handOver) => (isClosed
      ? refusal(deny('NOT_READY', 'The runtime is closing.', { remedy: 'Send again in a moment.' }).denial)
      : waitedFor(receive(binding, request, handOver))),
    submit: async (journal) => {
      if (isClosed) throw new Error('The runtime is closing.');
      return waitedFor(submit({ ...ports, deliveries }, journal));
    },
    attach: (nodeKey, deliver, options) => deliveries.attach(nodeKey, deliver, options),
    poke: () => { deliveries.poke(); },
    async close() {
      isClosed = true;
      await Promise.all([...calls]);
      await deliveries.close();
    },
  };
}
