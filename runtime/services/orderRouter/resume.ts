import { canMove, type Order } from '../../domain/order';
import type { BrokerOrderState } from '../../domain/ports';
import { MINUTE_MS, SECOND_MS } from '../../domain/time';
import { send, type RoutedAccount, type RouterPorts } from './router';

/** An order journalled longer ago than this is no longer wanted when it turns out never to have been sent. */
export const FRESH_TO_SEND_MS = MINUTE_MS;
/** A younger order may be on its way at this very moment; no broker of ours takes longer to answer. */
export const IN_FLIGHT_MS = 10 * SECOND_MS;

/**
 * Settles what an earlier life left open, by looking: the broker's word is adopted; proven absence of a fresh order means it may be sent
 * for the first time, of a stale one that it expires. Without proof nothing is sent and the order stays as it is, visible as UNKNOWN.
 * With `othersMaySend` another living runtime has the journal open: a young order without a trace is left to it.
 */
export async function resumeOrders(ports: RouterPorts, account: RoutedAccount, { othersMaySend }: { readonly othersMaySend: boolean }): Promise<void> {
  for (const order of await ports.store.openOrders(account.config.id)) {
    const known = await account.broker.find(order.id);
    if (known !== undefined) await adopt(ports, account, order, known);
    else if (isInDoubt(order)) await settleAbsent(ports, account, order, othersMaySend);
    else ports.log.error({ orderId: order.id, status: order.status }, 'an acknowledged order is missing at the broker; it stays open until a person looks');
  }
}

/** The same while the account is open: for answers that could not be journalled, outcomes nobody knew, and reports that never came. */
export async function lookAgain(ports: RouterPorts, account: RoutedAccount): Promise<void> {
  for (const order of await ports.store.openOrders(account.config.id)) {
    const known = await account.broker.find(order.id);
    if (known === undefined && isInDoubt(order)) await settleAbsent(ports, account, order, true);
    else if (known !== undefined && hasNews(order, known) && !isYoung(ports, order)) await adopt(ports, account, order, known);
  }
}

/** True while the broker has not acknowledged the order. */
function isInDoubt({ status }: Order): boolean {
  return status === 'SUBMITTING' || status === 'UNKNOWN';
}

function isYoung({ clock }: RouterPorts, order: Order): boolean {
  return order.status === 'SUBMITTING' && clock.now() - order.createdAt < IN_FLIGHT_MS;
}

function hasNews(order: Order, { updates }: BrokerOrderState): boolean {
  if (isInDoubt(order)) return true;
  const filled = updates.reduce((sum, update) => sum + (update.kind === 'fill' ? update.fill.quantity : 0), 0);
  return filled > order.filledQuantity || updates.some((update) => update.kind === 'status' && canMove(order.status, update.status));
}

async function adopt(ports: RouterPorts, account: RoutedAccount, order: Order, known: BrokerOrderState): Promise<void> {
  const tradingDay = account.sessions.tradingDay(ports.clock.now());
  const accepted = { kind: 'status', orderId: order.id, status: 'ACCEPTED', happenedAt: ports.clock.now() } as const;
  await ports.store.applyUpdates({ orderId: order.id, brokerOrderId: known.brokerOrderId, updates: order.status === 'SUBMITTING' ? [accepted, ...known.updates] : known.updates, tradingDay });
}

async function settleAbsent(ports: RouterPorts, account: RoutedAccount, order: Order, maySendElsewhere: boolean): Promise<void> {
  if (maySendElsewhere && isYoung(ports, order)) return;
  if (!account.broker.capabilities.lookupProvesAbsence) {
    if (order.status !== 'UNKNOWN') await settle(ports, account, order, 'UNKNOWN', 'The broker does not list this order (yet).');
    return;
  }
  if (ports.clock.now() - order.createdAt > FRESH_TO_SEND_MS) await settle(ports, account, order, 'EXPIRED', 'It was never sent, and is no longer fresh.');
  else if (await isStopped(ports, account, order)) await settle(ports, account, order, 'EXPIRED', 'It was never sent, and entries have been stopped since.');
  else await send(ports, account, order);
}

/** Whoever pulled the kill switch after the order was journalled means this one too. Exits pass. */
async function isStopped({ store }: RouterPorts, { config }: RoutedAccount, { purpose }: Order): Promise<boolean> {
  const { killSwitch, lossLatchedAt } = await store.riskState(config.id);
  return purpose === 'entry' && (killSwitch || lossLatchedAt !== undefined);
}

async function settle(ports: RouterPorts, account: RoutedAccount, order: Order, status: 'UNKNOWN' | 'EXPIRED', message: string): Promise<void> {
  const code = status === 'EXPIRED' ? 'EXPIRED_UNSENT' : 'OUTCOME_UNKNOWN';
  const now = ports.clock.now();
  await ports.store.applyUpdates({ orderId: order.id, updates: [{ kind: 'status', orderId: order.id, status, denial: { code, message }, happenedAt: now }], tradingDay: account.sessions.tradingDay(now) });
}
