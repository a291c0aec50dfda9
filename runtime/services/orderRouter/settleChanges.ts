import type { Denial } from '../../domain/denial';
import type { Order } from '../../domain/order';
import { isOpenChange, type RecordedChange } from '../../domain/orderChange';
import { aboutOrder, alarm } from './alarm';
import type { BackOff } from './backOff';
import { askAgain, concludeCancel } from './cancel';
import { hasEnded, IN_FLIGHT_MS } from './follow';
import { goOn } from './goOn';
import type { RoutedAccount, RouterPorts } from './ports';
import { proveModify } from './prove';
import { MINUTE_MS } from '../../domain/time';

/** A change that is not proven by then is told to people. */
export const CHANGE_DEADLINE_MS = 2 * MINUTE_MS;

/** Finds out what became of changes whose outcome is open: cancellations are asked for again until the order has ended, modifications proven by the terms that the broker shows; where a cancelled order was to be replaced, that goes on. Returns the keys of what it looked through. */
export async function settleChanges(ports: RouterPorts, account: RoutedAccount, backOff?: BackOff): Promise<readonly string[]> {
  const open = await ports.store.changes.open(account.config.id);
  for (const change of open) {
    if (backOff?.isDue(change.key) === false || isBeingAsked(ports, change)) continue;
    try {
      if (isOpenChange(await settleOne(ports, account, change))) backOff?.postpone(change.key);
    } catch (error) {
      backOff?.postpone(change.key);
      ports.log.error({ orderId: change.orderId, error: String(error) }, 'an open change of an order could not be settled');
    }
  }
  return open.map(({ key }) => key);
}

/** Whoever journalled it a moment ago is asking the broker now. */
function isBeingAsked({ clock }: RouterPorts, { status, recordedAt }: RecordedChange): boolean {
  return status === 'REQUESTED' && clock.now() - recordedAt < IN_FLIGHT_MS;
}

async function settleOne(ports: RouterPorts, account: RoutedAccount, change: RecordedChange): Promise<RecordedChange> {
  const order = await ports.store.order(change.orderId);
  if (order === undefined) throw new Error(`There is no order ${change.orderId}.`);
  if (change.kind === 'modify') {
    // Of one that an earlier life journalled nobody knows whether it was sent.
    const asked = change.status === 'REQUESTED' ? await ports.store.changes.finish({ key: change.key, status: 'UNKNOWN', happenedAt: ports.clock.now() }) : change;
    return tellIfOverdue(ports, order, await proveModify(ports, account, asked));
  }
  if (!hasEnded(order) && isOfAnotherDay(ports, account, change)) return giveUp(ports, order, change);
  const asked = hasEnded(order) ? { change } : await askAgain(ports, account, change);
  await concludeCancel(ports, account, asked, { looks: 0, everyMs: 0 }, { beforeDone: (cancelled) => goOn(ports, account, change, cancelled) });
  return tellIfOverdue(ports, order, await ports.store.changes.find(change.key) ?? change);
}

/** Orders are good for their day: what could not be cancelled by its end is compared with the broker's lists, and not asked for any more. */
function isOfAnotherDay({ clock }: RouterPorts, { sessions }: RoutedAccount, { recordedAt }: RecordedChange): boolean {
  return sessions.tradingDay(recordedAt) < sessions.tradingDay(clock.now());
}

async function giveUp(ports: RouterPorts, order: Order, change: RecordedChange): Promise<RecordedChange> {
  await tellIfOverdue(ports, order, change);
  const denial: Denial = change.denial ?? { code: 'OUTCOME_UNKNOWN', message: 'The day ended before the broker showed it as cancelled.' };
  return ports.store.changes.finish({ key: change.key, status: 'REFUSED', denial, happenedAt: ports.clock.now() });
}

async function tellIfOverdue(ports: RouterPorts, order: Order, change: RecordedChange): Promise<RecordedChange> {
  if (!isOpenChange(change) || ports.clock.now() - change.recordedAt <= CHANGE_DEADLINE_MS) return change;
  const what = change.kind === 'cancel' ? 'cancelled' : 'changed';
  await alarm(ports, {
    ...aboutOrder(order), key: `change ${change.key} unresolved`, kind: 'unknown', ...(change.denial === undefined ? {} : { denial: change.denial }),
    message: `It is not known whether order ${order.id} (${order.action} ${order.quantity} ${order.instrument}) was ${what}. Look into the broker's order book.`,
  });
  return change;
}
