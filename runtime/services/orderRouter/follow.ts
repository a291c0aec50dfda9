import { canMove, TERMINAL_STATUSES, type Order } from '../../domain/order';
import type { Broker, BrokerOrderState } from '../../domain/ports';
import { SECOND_MS } from '../../domain/time';
import type { RoutedAccount, RouterPorts } from './ports';

/** A younger order may be on its way at this very moment: the longest wait for a place in the broker's budget and the longest answer of a broker are shorter together. */
export const IN_FLIGHT_MS = 20 * SECOND_MS;

/** How long one looks. */
export interface Patience {
  /** Looks after the first. */
  readonly looks: number;
  readonly everyMs: number;
}

export function hasEnded({ status }: Pick<Order, 'status'>): boolean {
  return TERMINAL_STATUSES.has(status);
}

/** True while the broker has not acknowledged the order. */
export function isInDoubt({ status }: Pick<Order, 'status'>): boolean {
  return status === 'SUBMITTING' || status === 'UNKNOWN';
}

/** True while some call may be sending the order at this very moment. */
export function isYoung({ clock }: Pick<RouterPorts, 'clock'>, order: Order): boolean {
  return order.status === 'SUBMITTING' && clock.now() - order.createdAt < IN_FLIGHT_MS;
}

/** Looks at an order until it is as wanted or patience is over: in the journal first, then at the broker, whose word is adopted. A broker that can not be asked says nothing. */
export async function follow(ports: RouterPorts, account: RoutedAccount, orderId: string, isEnough: (order: Order) => boolean, { looks, everyMs }: Patience): Promise<Order> {
  for (let look = 0; ; look += 1) {
    const order = await lookOnce(ports, account, orderId, isEnough);
    if (isEnough(order) || look >= looks) return order;
    await ports.pause(everyMs);
  }
}

async function lookOnce(ports: RouterPorts, account: RoutedAccount, orderId: string, isEnough: (order: Order) => boolean): Promise<Order> {
  const order = await ports.store.order(orderId);
  if (order === undefined) throw new Error(`There is no order ${orderId}.`);
  // An order that is being sent at this moment is told of by whoever sends it.
  if (isEnough(order) || isYoung(ports, order)) return order;
  const found = await account.broker.find(orderId).catch((error: unknown) => {
    ports.log.warn({ orderId, error: String(error) }, 'the broker could not be asked about an order');
    return undefined;
  });
  const known = knownOf(found);
  return known !== undefined && hasNews(order, known) ? adopt(ports, account, order, known) : order;
}

/** What is known of an order by the broker's word; undefined as well where it could not be asked. */
export function knownOf(found: Awaited<ReturnType<Broker['find']>>): BrokerOrderState | undefined {
  return found?.brokerOrderId === undefined ? undefined : found;
}

/** True when the broker says more of an order than is journalled. */
export function hasNews(order: Order, { updates }: BrokerOrderState): boolean {
  if (isInDoubt(order)) return true;
  const filled = updates.reduce((sum, update) => sum + (update.kind === 'fill' ? update.fill.quantity : 0), 0);
  return filled > order.filledQuantity || updates.some((update) => update.kind === 'status' && canMove(order.status, update.status));
}

/** Journals the broker's word. */
export function adopt(ports: RouterPorts, account: RoutedAccount, order: Order, known: BrokerOrderState): Promise<Order> {
  const tradingDay = account.sessions.tradingDay(ports.clock.now());
  const accepted = { kind: 'status', orderId: order.id, status: 'ACCEPTED', happenedAt: ports.clock.now() } as const;
  // A broker may know it and have said nothing of it yet: then it has accepted it.
  const updates = isInDoubt(order) && known.updates.length === 0 ? [accepted] : order.status === 'SUBMITTING' ? [accepted, ...known.updates] : known.updates;
  return ports.store.applyUpdates({ orderId: order.id, brokerOrderId: known.brokerOrderId, updates, tradingDay });
}
