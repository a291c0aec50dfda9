import { deny } from '../../domain/denial';
import type { Clock, Ids, Instruments, Log, Owners, Pause, Store } from '../../domain/ports';
import type { Ingress } from '../../runtime';
import { PAGE_HEADERS, type ApprovalDesk } from '../approvals';
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
  /** Questions to people; a way in without it takes no answers. */
  readonly approvals?: Pick<ApprovalDesk, 'answer' | 'page' | 'attach' | 'look'>;
  /** Replaces single bounds. */
  readonly limits?: Partial<IngressLimits>;
}

export interface IngressService extends Ingress {
  /** Looks for entries that other processes journalled; a host's timer calls it every few seconds. Entries of this process need none. */
  poke(): void;
  /** Refuses further calls with 503, stops deliveries, and resolves when no call and no claim is under way. Running flows are delivered again in the next life. */
  close(): Promise<void>;
}

const NOTHING_ASKED = { status: 404, html: '' } as const;

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

  const journalled: IngressService['submit'] = async (journal) => {
    if (isClosed) throw new Error('The runtime is closing.');
    return waitedFor(submit({ ...ports, deliveries }, journal));
  };
  const lookAtQuestions = (): void => {
    if (ports.approvals !== undefined && !isClosed) void waitedFor(ports.approvals.look(journalled));
  };

  return {
    receive: async (binding, request, handOver) => (isClosed
      ? refusal(deny('NOT_READY', 'The runtime is closing.', { remedy: 'Send again in a moment.' }).denial)
      : waitedFor(receive(binding, request, handOver))),
    submit: journalled,
    async page({ strategyId }, address) {
      const token = URL.canParse(address, 'http://localhost') ? new URL(address, 'http://localhost').searchParams.get('approval') : null;
      return { headers: PAGE_HEADERS, ...(ports.approvals === undefined ? NOTHING_ASKED : await ports.approvals.page({ strategyId }, token ?? '')) };
    },
    attach(nodeKey, deliver, options = {}) {
      const detach = deliveries.attach(nodeKey, deliver, options);
      const leave = options.questionsOf === undefined ? undefined : ports.approvals?.attach({ nodeKey, ...options.questionsOf });
      if (leave !== undefined) lookAtQuestions();
      return (graceMs) => {
        leave?.();
        return detach(graceMs);
      };
    },
    poke: () => {
      deliveries.poke();
      lookAtQuestions();
    },
    async close() {
      isClosed = true;
      await Promise.all([...calls]);
      await deliveries.close();
    },
  };
}
