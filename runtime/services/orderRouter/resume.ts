import { clientOf, isLive } from '../../domain/account';
import { isArmed } from '../../domain/arming';
import { stopsEntries } from '../../domain/ledger/difference';
import type { Denial } from '../../domain/denial';
import type { Order } from '../../domain/order';
import { MINUTE_MS } from '../../domain/time';
import { aboutOrder, alarm } from './alarm';
import type { BackOff } from './backOff';
import { adopt, hasNews, isInDoubt, isYoung, knownOf } from './follow';
import type { RoutedAccount, RouterPorts } from './ports';
import { send } from './send';
import { settleChanges } from './settleChanges';

export { IN_FLIGHT_MS } from './follow';

/** An order journalled longer ago than this is no longer wanted when it turns out never to have been sent. */
export const FRESH_TO_SEND_MS = MINUTE_MS;
/** An outcome that is not found by then is a person's business. It is looked for all the same, and stays UNKNOWN. */
export const RESOLVE_DEADLINE_MS = 5 * MINUTE_MS;

/**
 * Settles what an earlier life left open, by looking: the broker's word is adopted; proven absence of a fresh order means it may be sent
 * for the first time, of a stale one that it expires. Without proof nothing is sent and the order stays as it is, visible as UNKNOWN.
 * A broker that can not be asked proves nothing, and keeps no account from being opened. With `othersMaySend` another living runtime has the journal open: a young order without a trace is left to it.
 */
export async function resumeOrders(ports: RouterPorts, account: RoutedAccount, { othersMaySend }: { readonly othersMaySend: boolean }): Promise<void> {
  for (const order of await ports.store.openOrders(account.config.id)) {
    const found = await account.broker.find(order.id);
    const known = knownOf(found);
    if (known !== undefined) await adopt(ports, account, order, known);
    else if (isInDoubt(order)) await settleAbsent(ports, account, order, { maySendElsewhere: othersMaySend, unread: found?.unread });
    else if (found === undefined) ports.log.error({ orderId: order.id, status: order.status }, 'an acknowledged order is missing at the broker; it stays open until a person looks');
  }
  await settleChanges(ports, account);
}

/** The same while the account is open: for answers that could not be journalled, outcomes nobody knew, and reports that never came. What stays unknown is looked at less and less often, and told to people after a deadline. */
export async function lookAgain(ports: RouterPorts, account: RoutedAccount, backOff?: BackOff): Promise<void> {
  const open = await ports.store.openOrders(account.config.id);
  for (const order of open) {
    if (backOff?.isDue(order.id) === false) continue;
    try {
      if (!await lookAt(ports, account, order)) backOff?.postpone(order.id);
    } catch (error) {
      // One order that can not be looked at must not hide the others.
      backOff?.postpone(order.id);
      ports.log.error({ orderId: order.id, error: String(error) }, 'an open order could not be looked at');
    }
    await tellIfOverdue(ports, order.id);
  }
  const changes = await settleChanges(ports, account, backOff);
  backOff?.keep(new Set([...open.map(({ id }) => id), ...changes]));
}

/** False where nothing was found out about an order in doubt. */
async function lookAt(ports: RouterPorts, account: RoutedAccount, order: Order): Promise<boolean> {
  // Whoever sends it at this moment tells what became of it.
  if (isYoung(ports, order)) return true;
  const found = await account.broker.find(order.id);
  const known = knownOf(found);
  if (known !== undefined) {
    if (hasNews(order, known)) await adopt(ports, account, order, known);
    return true;
  }
  if (!isInDoubt(order)) return true;
  await settleAbsent(ports, account, order, { maySendElsewhere: true, unread: found?.unread });
  return false;
}

async function tellIfOverdue(ports: RouterPorts, orderId: string): Promise<void> {
  const order = await ports.store.order(orderId);
  if (order?.status !== 'UNKNOWN' || ports.clock.now() - order.createdAt <= RESOLVE_DEADLINE_MS) return;
  const keeps = order.purpose === 'exit'
    ? `Until it is known its ${order.quantity - order.filledQuantity} units are offered to no other exit; where the broker's lists prove that they are still held, it is released.`
    : 'Until it is known new risk in this instrument is kept out; exits pass.';
  await alarm(ports, {
    ...aboutOrder(order), key: `order ${order.id} unresolved`, kind: 'unknown',
    message: `Nobody has found out whether the broker has ${order.action} ${order.quantity} ${order.instrument} (order ${order.id}). ${keeps} Look into the broker's order book; "bellwether reconcile" settles it.`,
  });
}

/** What was never sent may be, while it is fresh; what was sent once and is proven absent has failed, and is not sent again. */
async function settleAbsent(ports: RouterPorts, account: RoutedAccount, order: Order, { maySendElsewhere, unread }: { readonly maySendElsewhere: boolean; readonly unread: Denial | undefined }): Promise<void> {
  if (maySendElsewhere && isYoung(ports, order)) return;
  if (unread !== undefined || !account.broker.capabilities.lookupProvesAbsence) {
    if (order.status !== 'UNKNOWN') await settle(ports, account, order, 'UNKNOWN', unread === undefined ? 'The broker does not list this order (yet).' : `The broker could not be asked: ${unread.message}`);
    return;
  }
  if (order.status === 'UNKNOWN') await settle(ports, account, order, 'EXPIRED', 'The broker has never accepted it.');
  else if (ports.clock.now() - order.createdAt > FRESH_TO_SEND_MS) await settle(ports, account, order, 'EXPIRED', 'It was never sent, and is no longer fresh.');
  else if (await isStopped(ports, account, order)) await settle(ports, account, order, 'EXPIRED', 'It was never sent, and entries have been stopped since.');
  else await send(ports, account, order);
}

/** Whoever pulled the kill switch after the order was journalled means this one too; so does whoever disarmed a live account, and its difference that nobody has explained. Exits pass. */
async function isStopped({ store }: RouterPorts, { config }: RoutedAccount, { purpose }: Order): Promise<boolean> {
  if (purpose !== 'entry') return false;
  const { killSwitch, lossLatchedAt } = await store.riskState(config.id);
  if (killSwitch || lossLatchedAt !== undefined) return true;
  if (!isLive(config)) return false;
  return !isArmed(await store.arming.state(config.id), clientOf(config)) || (await store.differences.list({ account: config.id, openOnly: true })).some(stopsEntries);
}

async function settle(ports: RouterPorts, account: RoutedAccount, order: Order, status: 'UNKNOWN' | 'EXPIRED', message: string): Promise<void> {
  const code = status === 'EXPIRED' ? 'EXPIRED_UNSENT' : 'OUTCOME_UNKNOWN';
  const now = ports.clock.now();
  await ports.store.applyUpdates({ orderId: order.id, updates: [{ kind: 'status', orderId: order.id, status, denial: { code, message }, happenedAt: now }], tradingDay: account.sessions.tradingDay(now) });
}
