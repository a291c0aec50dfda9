import { isSameTerms, type RecordedChange } from '../../domain/orderChange';
import { adopt, hasEnded, hasNews, knownOf } from './follow';
import type { RoutedAccount, RouterPorts } from './ports';

/**
 * What became of a modification of which the answer is lost: done when the broker shows the wished terms, over when the order has ended. The terms from before
 * prove nothing, because a list may lag; so it stays open, keeps further modifications of the order out, and leaves cancelling it possible.
 */
export async function proveModify(ports: RouterPorts, account: RoutedAccount, change: RecordedChange): Promise<RecordedChange> {
  const found = await account.broker.find(change.orderId).catch((error: unknown) => {
    ports.log.warn({ orderId: change.orderId, error: String(error) }, 'the broker could not be asked about a changed order');
    return undefined;
  });
  const known = knownOf(found);
  const end = { key: change.key, happenedAt: ports.clock.now() };
  const order = await ports.store.order(change.orderId);
  if (order === undefined) throw new Error(`There is no order ${change.orderId}.`);
  const isProven = known?.terms !== undefined && isSameTerms(known.terms, change.wished);
  const proven = isProven ? await ports.store.changes.finish({ ...end, status: 'DONE' }) : change;
  const now = known !== undefined && hasNews(order, known) ? await adopt(ports, account, order, known) : order;
  if (isProven || !hasEnded(now)) return proven;
  return ports.store.changes.finish({ ...end, status: 'OVER', denial: { code: 'NOT_FOUND', message: `The order was ${now.status} before it was known whether the change was carried out.`, value: now.status } });
}
