import type { Fill, Order } from '../../runtime/domain/order';
import type { Broker, BrokerOrder, BrokerUpdate, Clock, Store } from '../../runtime/domain/ports';

export type OrderJournal = Pick<Store, 'order' | 'orders' | 'openOrders' | 'fills'>;

export interface MemoryJournal extends OrderJournal {
  /** What the router does around a placement: the order is written before it is sent, and its number afterwards. */
  routed(broker: Broker): Broker;
  /** Writes an order as one that an earlier life left behind. */
  leave(order: BrokerOrder, more?: Partial<Order>): Order;
}

/** The part of a journal that a broker's adapter reads, in memory. */
export function memoryJournal(account: string, clock: Clock): MemoryJournal {
  const orders = new Map<string, Order>();
  const fills = new Map<string, Map<string, Fill>>();
  const leave = (order: BrokerOrder, more: Partial<Order> = {}): Order => {
    const now = clock.now();
    const written: Order = {
      ...order, account, strategyId: 's', nodeKey: 'n', signalId: order.id, intentKey: order.id, purpose: 'entry', filledQuantity: 0, status: 'SUBMITTING', createdAt: now, updatedAt: now, ...more,
    };
    orders.set(order.id, written);
    return written;
  };
  const book = (updates: readonly BrokerUpdate[]): void => {
    for (const update of updates) {
      if (update.kind === 'fill') fills.set(update.fill.orderId, (fills.get(update.fill.orderId) ?? new Map<string, Fill>()).set(update.fill.tradeId, update.fill));
    }
  };
  const isOpen = ({ status }: Order): boolean => status === 'SUBMITTING' || status === 'UNKNOWN' || status === 'ACCEPTED';
  return {
    leave,
    order: (id) => Promise.resolve(orders.get(id)),
    orders: () => Promise.resolve([...orders.values()].reverse()),
    openOrders: () => Promise.resolve([...orders.values()].filter(isOpen)),
    fills: (id) => Promise.resolve([...(fills.get(id)?.values() ?? [])]),
    routed(broker) {
      broker.onUpdate((update) => book([update]));
      return {
        ...broker,
        async place(order) {
          const earlier = orders.get(order.id) ?? leave(order);
          const outcome = await broker.place(order);
          if (outcome.kind === 'accepted') {
            orders.set(order.id, { ...earlier, status: 'ACCEPTED', brokerOrderId: outcome.brokerOrderId });
            book(outcome.updates);
          } else orders.set(order.id, { ...earlier, status: outcome.kind === 'rejected' ? 'REJECTED' : 'UNKNOWN' });
          return outcome;
        },
      };
    },
  };
}
