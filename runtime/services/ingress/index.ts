import { deny } from '../../domain/denial';
import type { Clock, Ids, Instruments, Log, Owners, Pause, Store } from '../../domain/ports';
import type { Ingress } from '../../runtime';
import { refusal } from './answer';
import { createDeliveries } from './delivery';
import { INGRESS_LIMITS, type IngressLimits } from './limits';
import { createReceive } from './receive';

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

  return {
    async receive(binding, request, handOver) {
      if (isClosed) return refusal(deny('NOT_READY', 'The runtime is closing.', { remedy: 'Send again in a moment.' }).denial);
      const call = receive(binding, request, handOver);
      calls.add(call);
      try {
        return await call;
      } finally {
        calls.delete(call);
      }
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
