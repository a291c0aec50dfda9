import type { Broker, BrokerOrder, BrokerUpdate, MarketData } from '../../domain/ports';
import type { EpochMs } from '../../domain/time';

export interface NextTickOptions {
  readonly broker: Broker;
  readonly market: Pick<MarketData, 'subscribe'>;
  readonly now: () => EpochMs;
  readonly dayOf: (at: EpochMs) => string;
  /** Orders that act on the price that they have just seen: stops, square-offs. */
  readonly isAtOnce: (orderId: string) => boolean;
}

interface Arriving {
  readonly order: BrokerOrder;
  readonly brokerOrderId: string;
  readonly placedAt: EpochMs;
  leave: () => void;
}

/**
 * A broker that is a tick away: what is placed now meets the next price of its instrument at the earliest. Until then it is accepted and can be cancelled; one that meets no price on its
 * day has expired.
 */
export function nextTickBroker({ broker, market, now, dayOf, isAtOnce }: NextTickOptions): Broker {
  const arriving = new Map<string, Arriving>();
  /** The ids that were told, by order: what is told later names the same. */
  const told = new Map<string, string>();
  const listeners = new Set<(update: BrokerUpdate) => void>();
  let placed = 0;

  const tell = (updates: readonly BrokerUpdate[]): void => {
    for (const update of updates) for (const listener of [...listeners]) listener(update);
  };
  const arrive = async (each: Arriving): Promise<void> => {
    const { order, placedAt } = each;
    if (!arriving.delete(order.id)) return;
    each.leave();
    const happenedAt = now();
    if (dayOf(placedAt) !== dayOf(happenedAt)) {
      tell([{ kind: 'status', orderId: order.id, status: 'EXPIRED', happenedAt }]);
      return;
    }
    const outcome = await broker.place(order);
    if (outcome.kind === 'accepted') tell(outcome.updates);
    else if (outcome.kind === 'rejected') tell([{ kind: 'status', orderId: order.id, status: 'REJECTED', denial: outcome.denial, happenedAt }]);
    else throw new Error(outcome.reason);
  };

  return {
    ...broker,
    place(order) {
      if (isAtOnce(order.id)) return broker.place(order);
      placed += 1;
      const each: Arriving = { order, brokerOrderId: `n${placed}`, placedAt: now(), leave: () => undefined };
      told.set(order.id, each.brokerOrderId);
      arriving.set(order.id, each);
      each.leave = market.subscribe(order.instrument, () => arrive(each));
      return Promise.resolve({ kind: 'accepted', brokerOrderId: each.brokerOrderId, updates: [] });
    },
    cancel(orderId) {
      const each = arriving.get(orderId);
      if (each === undefined) return broker.cancel(orderId);
      arriving.delete(orderId);
      each.leave();
      tell([{ kind: 'status', orderId, status: 'CANCELLED', happenedAt: now() }]);
      return Promise.resolve({ ok: true });
    },
    async find(orderId) {
      const brokerOrderId = told.get(orderId);
      if (arriving.has(orderId)) return brokerOrderId === undefined ? undefined : { brokerOrderId, updates: [] };
      const known = await broker.find(orderId);
      return known === undefined || brokerOrderId === undefined ? known : { ...known, brokerOrderId };
    },
    onUpdate(listener) {
      const own = (update: BrokerUpdate): void => listener(update);
      listeners.add(own);
      const leave = broker.onUpdate(own);
      return () => {
        listeners.delete(own);
        leave();
      };
    },
  };
}
