import { deny, type Denial, type DenialCode } from '../../domain/denial';
import type { ChangeResult, OrderTarget } from '../../domain/nodeContext';
import type { Order, Origin } from '../../domain/order';
import { isOpenChange, type ChangeSubject, type OrderTerms, type RecordedChange } from '../../domain/orderChange';
import { follow, hasEnded, isInDoubt, type Patience } from './follow';
import { judgeCancel } from './judge';
import type { RoutedAccount, RouterPorts } from './ports';
import { admissionScope } from './request';
import { changeKey, findTarget, notFound } from './target';
import { orderView } from './views';

/** How long a cancel waits for its end: for the broker to show the order as cancelled, or for a fill that was quicker. */
export const CANCEL_PATIENCE: Patience = { looks: 20, everyMs: 250 };
const NO_PATIENCE: Patience = { looks: 0, everyMs: 0 };

/** A cancellation that has been asked for. */
export interface AskedCancel {
  readonly change: RecordedChange;
  /** Set where the broker refused it, or could not be asked. */
  readonly denial?: Denial;
}

/** Cancels one order. Done means that the broker shows it as cancelled; until then it is pending, kept in the journal, and asked for again. A fill that was quicker wins. */
export async function cancelOrder(ports: RouterPorts, account: RoutedAccount, origin: Origin, target: OrderTarget): Promise<ChangeResult> {
  const key = changeKey('cancel', origin, target);
  const known = await ports.store.changes.find(key);
  const order = known === undefined ? await findTarget(ports, origin, target) : await ports.store.order(known.orderId);
  if (order === undefined) return { kind: 'refused', denial: notFound(target) };
  return concludeCancel(ports, account, await askCancel(ports, account, { key, origin, order }), CANCEL_PATIENCE);
}

interface CancelWish {
  readonly key: string;
  readonly origin: Origin;
  readonly order: Order;
  /** Terms that another order shall stand for what is cancelled at; absent: none shall. */
  readonly wished?: OrderTerms;
  /** What else may speak against it. */
  readonly judge?: (subject: ChangeSubject) => Denial | undefined;
}

/** Journals the wish, then asks the broker. A cancel does no harm twice: an open one is asked for again. */
export async function askCancel(ports: RouterPorts, account: RoutedAccount, { key, origin, order, wished, judge = judgeCancel }: CancelWish): Promise<AskedCancel> {
  const now = ports.clock.now();
  const scope = admissionScope(account, { ...order, leg: 0, size: { kind: 'fixed', action: order.action, quantity: order.quantity } }, now);
  const { change } = await ports.store.changes.request({ key, kind: 'cancel', orderId: order.id, origin, ...(wished === undefined ? {} : { wished }), tradingDay: scope.tradingDay, lockNames: scope.lockNames, happenedAt: now }, judge);
  return isOpenChange(change) ? askAgain(ports, account, change) : { change };
}

export async function askAgain({ log }: RouterPorts, { broker }: RoutedAccount, change: RecordedChange): Promise<AskedCancel> {
  const result = await broker.cancel(change.orderId).catch((error: unknown) => deny('OUTCOME_UNKNOWN', `The broker could not be asked: ${String(error)}`));
  if (result.ok) return { change };
  log.warn({ orderId: change.orderId, denial: result.denial }, 'an order could not be cancelled');
  return { change, denial: result.denial };
}

/** Refusals of the moment: the broker has not looked at the order, and may well cancel it the next time. */
const PASSING: ReadonlySet<DenialCode> = new Set(['RATE_LIMITED', 'TOO_MANY_REQUESTS', 'NOT_READY', 'BROKER_PAUSED', 'SESSION_EXPIRED', 'WRONG_SECRET']);

interface Conclusion {
  readonly keepsAsking?: boolean;
  /** What follows an order that is proven to be cancelled. Done before the wish counts as done, so that a crash in between leaves it open, and it is done again. */
  readonly beforeDone?: (cancelled: Order) => Promise<void>;
}

/** Waits for what became of it and journals that. What was refused for the moment only stays wanted and is asked for again (`settleChanges`), unless the caller's wish ends with the refusal. */
export async function concludeCancel(ports: RouterPorts, account: RoutedAccount, { change, denial }: AskedCancel, patience: Patience, { keepsAsking = true, beforeDone }: Conclusion = {}): Promise<ChangeResult> {
  const isRefused = denial !== undefined && denial.code !== 'OUTCOME_UNKNOWN';
  // The end may have been quicker than the refusal, so it is looked for as well.
  const order = await follow(ports, account, change.orderId, hasEnded, isRefused || !isOpenChange(change) ? NO_PATIENCE : patience);
  if (isOpenChange(change) && order.status === 'CANCELLED') await beforeDone?.(order);
  return cancelResult(order, isOpenChange(change) ? await finish(ports, change, order, denial, keepsAsking) : change);
}

function finish({ store, clock }: RouterPorts, { key }: RecordedChange, order: Order, denial: Denial | undefined, keepsAsking: boolean): Promise<RecordedChange> {
  const end = { key, happenedAt: clock.now() };
  if (hasEnded(order)) return store.changes.finish({ ...end, status: order.status === 'FILLED' ? 'OVER' : 'DONE' });
  // Whether there is an order to cancel is not known: the wish stays until it is.
  if (denial === undefined || denial.code === 'OUTCOME_UNKNOWN' || isInDoubt(order)) return store.changes.finish({ ...end, status: 'UNKNOWN', denial: denial ?? UNCONFIRMED });
  if (keepsAsking && PASSING.has(denial.code)) return store.changes.finish({ ...end, status: 'UNKNOWN', denial });
  return store.changes.finish({ ...end, status: 'REFUSED', denial });
}

const UNCONFIRMED: Denial = { code: 'OUTCOME_UNKNOWN', message: 'The broker has taken the cancellation and does not show it yet.' };

function cancelResult(order: Order, { status, denial }: RecordedChange): ChangeResult {
  const view = orderView(order, false);
  switch (status) {
    case 'DONE': return { kind: 'done', order: view };
    case 'OVER': return { kind: 'refused', denial: { code: 'NOT_FOUND', message: `Order ${order.id} was ${order.status} before it could be cancelled.`, value: order.status }, order: view };
    case 'REFUSED': return { kind: 'refused', denial: denial ?? { code: 'ORDER_REJECTED', message: 'The cancellation was refused without a reason.' }, order: view };
    case 'REQUESTED':
    case 'UNKNOWN': return { kind: 'pending', denial: denial ?? UNCONFIRMED, order: view };
  }
}
