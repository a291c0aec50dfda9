import type { ChangeResult } from '../../domain/nodeContext';
import type { Order, Origin } from '../../domain/order';
import { stepOf } from './askAnew';
import type { BackOff } from './backOff';
import { askCancel, concludeCancel, CANCEL_PATIENCE, type AskedCancel } from './cancel';
import { follow, hasEnded, isInDoubt, type Patience } from './follow';
import type { RoutedAccount, RouterPorts } from './ports';
import { changeKey } from './target';

/** How long an order that is just being sent is waited for, so that there is something to cancel. */
const SENDING_PATIENCE: Patience = { looks: 8, everyMs: 250 };
/** Asked for at the same time: what one waits for holds the others up no longer than that. */
const AT_ONCE = 10;

export interface CancelledAll {
  /** Orders that are proven to be cancelled. */
  readonly cancelled: number;
  /** One line for each that is not: `<order id>: why`. Those that are not known yet are asked for again until they are. */
  readonly failed: readonly string[];
}

export interface CancelAllOptions {
  /** Which open orders of the account. */
  readonly which: (order: Order) => boolean;
  /** Who asks: the same asker meets the same wish. */
  readonly originOf: (order: Order) => Origin;
  /** How long the ends are waited for. Default: as long as one cancel is. */
  readonly patience?: Patience;
  /** For whoever asks round after round: an order whose end was not proven is left alone until it is due again. The broker's budget is for what closes. */
  readonly backOff?: BackOff;
}

/** Asks for open orders of the account to be cancelled; then waits for the end of each, of all at the same time. What one does never stops the others. */
export async function cancelAll(ports: RouterPorts, account: RoutedAccount, { which, originOf, patience = CANCEL_PATIENCE, backOff }: CancelAllOptions): Promise<CancelledAll> {
  const open = (await ports.store.openOrders(account.config.id)).filter((order) => which(order) && backOff?.isDue(order.id) !== false);
  const asked: AskedCancel[] = [];
  const waiting = open.toSorted((a, b) => Number(isInDoubt(a)) - Number(isInDoubt(b)));
  for (let from = 0; from < waiting.length; from += AT_ONCE) {
    asked.push(...(await Promise.all(waiting.slice(from, from + AT_ONCE).map((order) => ask(ports, account, originOf(order), order.id)))).filter((cancel) => cancel !== undefined));
  }
  const results = await Promise.all(asked.map((cancel) => concludeCancel(ports, account, cancel, patience)));
  results.forEach(({ kind }, index) => {
    if (kind !== 'done') backOff?.postpone(asked[index]?.change.orderId ?? '');
  });
  return {
    cancelled: results.filter(({ kind }) => kind === 'done').length,
    failed: results.flatMap((result, index) => (result.kind === 'done' ? [] : [failure(asked[index]?.change.orderId ?? '', result)])),
  };
}

/** Undefined where it has ended meanwhile. */
async function ask(ports: RouterPorts, account: RoutedAccount, origin: Origin, orderId: string): Promise<AskedCancel | undefined> {
  const order = await follow(ports, account, orderId, (now) => now.status !== 'SUBMITTING', SENDING_PATIENCE);
  if (hasEnded(order)) return undefined;
  const step = await stepOf(ports, 'cancel', origin, orderId);
  return askCancel(ports, account, { key: changeKey('cancel', origin, { kind: 'order', orderId, ...(step === undefined ? {} : { step }) }), origin, order });
}

function failure(orderId: string, { denial }: Exclude<ChangeResult, { kind: 'done' }>): string {
  return `${orderId}: ${denial.message}`;
}
