import type { Denial } from '../../domain/denial';
import type { PlaceResult } from '../../domain/nodeContext';
import type { Order } from '../../domain/order';
import type { BrokerUpdate, PlaceOutcome } from '../../domain/ports';
import type { RoutedAccount, RouterPorts } from './ports';
import { orderView } from './views';

/** Sends an order that has just been journalled, or is proven never to have been sent; whatever the broker does, the outcome is journalled too. */
export async function send(ports: RouterPorts, account: RoutedAccount, order: Order): Promise<Order> {
  const outcome = await account.broker.place(order).catch((error: unknown): PlaceOutcome => ({ kind: 'unknown', reason: error instanceof Error ? error.message : String(error) }));
  if (outcome.kind === 'unknown') ports.log.error({ orderId: order.id, reason: outcome.reason }, 'the outcome of an order is unknown');
  const brokerOrderId = outcome.kind === 'accepted' ? { brokerOrderId: outcome.brokerOrderId } : {};
  return ports.store.applyUpdates({ orderId: order.id, ...brokerOrderId, updates: updatesOf(order, outcome, ports.clock.now()), tradingDay: account.sessions.tradingDay(ports.clock.now()) });
}

function updatesOf(order: Order, outcome: PlaceOutcome, now: number): readonly BrokerUpdate[] {
  switch (outcome.kind) {
    case 'accepted': return [{ kind: 'status', orderId: order.id, status: 'ACCEPTED', happenedAt: now }, ...outcome.updates];
    case 'rejected': return [{ kind: 'status', orderId: order.id, status: 'REJECTED', denial: outcome.denial, happenedAt: now }];
    case 'unknown': return [{ kind: 'status', orderId: order.id, status: 'UNKNOWN', denial: { code: 'OUTCOME_UNKNOWN', message: outcome.reason }, happenedAt: now }];
  }
}

/** What a placement is to whoever asked for it. */
export function resultOf(order: Order, duplicate: boolean): PlaceResult {
  const view = orderView(order, duplicate);
  const never = order.status === 'REJECTED' || order.denial?.code === 'EXPIRED_UNSENT';
  if (!never) return { kind: 'placed', order: view };
  return { kind: 'refused', denial: order.denial ?? unexplained(order.intentKey), order: view };
}

export function unexplained(key: string): Denial {
  return { code: 'ORDER_REJECTED', message: `The order of intent ${key} was refused without a reason.` };
}
