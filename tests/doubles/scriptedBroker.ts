import { ZERO_MONEY, toMoney } from '../../runtime/domain/money';
import type { Broker, BrokerOrder, BrokerOrderState, BrokerUpdate, PlaceOutcome } from '../../runtime/domain/ports';

export interface ScriptedBroker extends Broker {
  /** Ids of the orders it was sent, in order: one entry a send. */
  readonly sent: string[];
  readonly cancelled: string[];
  /** What it says it knows of an order. */
  readonly known: Map<string, BrokerOrderState>;
  /** Says something about an order, as a report that comes later. */
  tell(update: BrokerUpdate): void;
  listeners(): number;
  closed: number;
}

export interface BrokerScript {
  place?(order: BrokerOrder): Promise<PlaceOutcome>;
  cancel?: Broker['cancel'];
  find?: Broker['find'];
  readonly lookupProvesAbsence?: boolean;
  /** Absent: the broker can not modify. */
  modify?: Broker['modify'];
  /** Time of what it reports by itself. */
  now?(): number;
}

/** A broker that does what the test says; without a word it accepts every order and lets it rest. */
export function scriptedBroker(script: BrokerScript = {}): ScriptedBroker {
  const sent: string[] = [];
  const cancelled: string[] = [];
  const known = new Map<string, BrokerOrderState>();
  const listeners = new Set<(update: BrokerUpdate) => void>();
  return {
    sent, cancelled, known,
    closed: 0,
    capabilities: { lookupProvesAbsence: script.lookupProvesAbsence ?? true },
    place(order) {
      sent.push(order.id);
      return script.place?.(order) ?? Promise.resolve({ kind: 'accepted', brokerOrderId: `b-${order.id}`, updates: [] });
    },
    cancel(orderId) {
      cancelled.push(orderId);
      return (script.cancel?.(orderId) ?? Promise.resolve({ ok: true } as const)).then((result) => {
        // What was cancelled is shown as cancelled, unless the test says what is shown.
        if (result.ok && !known.has(orderId)) known.set(orderId, { brokerOrderId: `b-${orderId}`, updates: [{ kind: 'status', orderId, status: 'CANCELLED', happenedAt: script.now?.() ?? 0 }] });
        return result;
      });
    },
    ...(script.modify === undefined ? {} : { modify: script.modify }),
    find: script.find ?? ((orderId) => Promise.resolve(known.get(orderId))),
    funds: () => Promise.resolve({ available: toMoney(1_000_000), used: ZERO_MONEY }),
    marginPerUnit: (_instrument, _product, price) => price,
    onUpdate(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    tell: (update) => {
      for (const listener of [...listeners]) listener(update);
    },
    listeners: () => listeners.size,
    close() {
      this.closed += 1;
      return Promise.resolve();
    },
  };
}
