import type { ChangeResult } from '../../domain/nodeContext';
import type { Origin } from '../../domain/order';
import { askCancel, concludeCancel, CANCEL_PATIENCE, type AskedCancel } from './cancel';
import { follow, hasEnded, isInDoubt, type Patience } from './follow';
import type { RoutedAccount, RouterPorts } from './ports';
import { changeKey } from './target';

/** How long an order that is just being sent is waited for, so that there is something to cancel. */
const SENDING_PATIENCE: Patience = { looks: 8, everyMs: 250 };

export interface CancelledAll {
  /** Orders that are proven to be cancelled. */
  readonly cancelled: number;
  /** One line for each that is not: `<order id>: why`. Those that are not known yet are asked for again until they are. */
  readonly failed: readonly string[];
}

/** Asks for every open order of the account, or of one strategy on it, to be cancelled; then waits for the end of each. What one does never stops the others. */
export async function cancelAll(ports: RouterPorts, account: RoutedAccount, origin: Origin, strategyId: string | undefined): Promise<CancelledAll> {
  const open = (await ports.store.openOrders(account.config.id)).filter((order) => strategyId === undefined || order.strategyId === strategyId);
  const asked: AskedCancel[] = [];
  for (const { id } of open.toSorted((a, b) => Number(isInDoubt(a)) - Number(isInDoubt(b)))) {
    const order = await follow(ports, account, id, (now) => now.status !== 'SUBMITTING', SENDING_PATIENCE);
    if (!hasEnded(order)) asked.push(await askCancel(ports, account, { key: changeKey('cancel', origin, { kind: 'order', orderId: id }), origin, order }));
  }
  const results = await Promise.all(asked.map((cancel) => concludeCancel(ports, account, cancel, CANCEL_PATIENCE)));
  return {
    cancelled: results.filter(({ kind }) => kind === 'done').length,
    failed: results.flatMap((result, index) => (result.kind === 'done' ? [] : [failure(asked[index]?.change.orderId ?? '', result)])),
  };
}

function failure(orderId: string, { denial }: Exclude<ChangeResult, { kind: 'done' }>): string {
  return `${orderId}: ${denial.message}`;
}
