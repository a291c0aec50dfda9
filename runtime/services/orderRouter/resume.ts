import type { Order } from '../../domain/order';
import type { BrokerOrderState } from '../../domain/ports';
import { MINUTE_MS } from '../../domain/time';
import { send, type RoutedAccount, type RouterPorts } from './router';

/** An order journalled longer ago than this is no longer wanted when it turns out never to have been sent. */
export const FRESH_TO_SEND_MS = MINUTE_MS;

/**
 * Settles what an earlier life left open, by looking: the broker's word is adopted; proven absence of a fresh order means it may be sent
 * for the first time, of a stale one that it expires. Without proof nothing is sent and the order stays as it is, visible as UNKNOWN.
 */
export async function resumeOrders(ports: RouterPorts, account: RoutedAccount): Promise<void> {
  for (const order of await ports.store.openOrders(account.config.id)) {
    const known = await account.broker.find(order.id);
    if (known !== undefined) await adopt(ports, account, order, known);
    else if (account.broker.capabilities.lookupProvesAbsence) await settleUnsent(ports, account, order);
    else await settle(ports, account, order, 'UNKNOWN', 'The broker does not list this order (yet).');
  }
}

async function adopt(ports: RouterPorts, account: RoutedAccount, order: Order, known: BrokerOrderState): Promise<void> {
  const tradingDay = account.sessions.tradingDay(ports.clock.now());
  const accepted = { kind: 'status', orderId: order.id, status: 'ACCEPTED', happenedAt: ports.clock.now() } as const;
  await ports.store.applyUpdates({ orderId: order.id, brokerOrderId: known.brokerOrderId, updates: order.status === 'SUBMITTING' ? [accepted, ...known.updates] : known.updates, tradingDay });
}

async function settleUnsent(ports: RouterPorts, account: RoutedAccount, order: Order): Promise<void> {
  if (order.status !== 'SUBMITTING' && order.status !== 'UNKNOWN') {
    ports.log.error({ orderId: order.id, status: order.status }, 'an acknowledged order is missing at the broker; it stays open until a person looks');
    return;
  }
  if (ports.clock.now() - order.createdAt <= FRESH_TO_SEND_MS) await send(ports, account, order);
  else await settle(ports, account, order, 'EXPIRED', 'Never sent before the restart, and no longer fresh.');
}

async function settle(ports: RouterPorts, account: RoutedAccount, order: Order, status: 'UNKNOWN' | 'EXPIRED', message: string): Promise<void> {
  const code = status === 'EXPIRED' ? 'EXPIRED_UNSENT' : 'OUTCOME_UNKNOWN';
  const now = ports.clock.now();
  await ports.store.applyUpdates({ orderId: order.id, updates: [{ kind: 'status', orderId: order.id, status, denial: { code, message }, happenedAt: now }], tradingDay: account.sessions.tradingDay(now) });
}
