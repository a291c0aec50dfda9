import type { PlaceResult } from '../../domain/nodeContext';
import type { Order } from '../../domain/order';
import { isSameTerms, type RecordedChange } from '../../domain/orderChange';
import { MINUTE_MS } from '../../domain/time';
import { aboutOrder, alarm } from './alarm';
import { wordsOf } from './judge';
import type { RoutedAccount, RouterPorts } from './ports';
import { placeRest } from './replace';

/** An entry that was to be placed anew longer ago than this is no longer wanted. An exit is, for its day. */
const FRESH_ENTRY_MS = MINUTE_MS;

/** True where another order shall stand for the one that is cancelled. */
function isReplacement({ wished, before }: RecordedChange): boolean {
  return !isSameTerms(wished, before);
}

/**
 * Goes on with a replacement whose cancel is proven only now, under the intent that the first attempt would have used: whoever else goes on meets it. An exit must not vanish; an entry
 * is placed while it is fresh. What nobody wants any more is not: somebody has cancelled the order meanwhile, or its day is over. Whatever comes of it is told.
 */
export async function goOn(ports: RouterPorts, account: RoutedAccount, change: RecordedChange, order: Order): Promise<void> {
  if (!isReplacement(change) || order.filledQuantity >= change.wished.quantity) return;
  const why = await unwanted(ports, account, change, order);
  const { wished } = change;
  if (why !== undefined) {
    // A repeat of the wish may have been quicker: then there is nothing to tell.
    if (!await wasCancelledByOthers(ports, change)) await tell(ports, order, change, `no other one is placed: ${why}`);
    return;
  }
  const instrument = ports.instruments.find(order.instrument, ports.clock.now());
  if (instrument === undefined) return tell(ports, order, change, `no other one is placed: ${order.instrument} is no longer known`);
  const orderType = wished.limitPrice !== undefined && wished.triggerPrice === undefined ? 'LIMIT' : order.orderType;
  const outcome = await placeRest(ports, account, order, { instrument, wished, orderType });
  await tell(ports, order, change, outcomeOf(outcome, change), outcome?.kind === 'placed');
}

/** Why nothing is placed; undefined where it is wanted. */
async function unwanted(ports: RouterPorts, { sessions }: RoutedAccount, change: RecordedChange, { purpose }: Order): Promise<string | undefined> {
  const now = ports.clock.now();
  if (await wasCancelledByOthers(ports, change)) return 'it was cancelled by somebody else as well';
  if (sessions.tradingDay(change.recordedAt) < sessions.tradingDay(now)) return 'its day is over';
  if (purpose === 'entry' && now - change.recordedAt > FRESH_ENTRY_MS) return 'the entry is no longer fresh';
  return undefined;
}

/** A cancel that was not to replace it, of another wish: a person, the kill switch, an exit that needed its units. */
async function wasCancelledByOthers({ store }: RouterPorts, { key, orderId, nodeKey, signalId }: RecordedChange): Promise<boolean> {
  return (await store.changes.ofOrder(orderId)).some((other) =>
    other.key !== key && other.kind === 'cancel' && other.status !== 'REFUSED' && !isReplacement(other) && (other.nodeKey !== nodeKey || other.signalId !== signalId));
}

function outcomeOf(outcome: PlaceResult | undefined, { wished }: RecordedChange): string {
  switch (outcome?.kind) {
    case 'placed': return `order ${outcome.order.id} (${wordsOf(wished)}) stands for it`;
    case 'refused': return `no other one is placed: ${outcome.denial.message}`;
    case 'satisfied':
    case undefined: return 'no other one is placed: nothing is left of it';
  }
}

async function tell(ports: RouterPorts, order: Order, { key, wished }: RecordedChange, what: string, isPlaced = false): Promise<void> {
  const kind = isPlaced || order.purpose === 'entry' ? 'modified' : 'protectionFailed';
  await alarm(ports, {
    ...aboutOrder(order), key: `change ${key} went on`, kind, facts: { severity: kind === 'modified' ? 'info' : 'critical', quantity: wished.quantity },
    message: `Order ${order.id} (${order.action} ${order.quantity} ${order.instrument}) was cancelled to be placed anew, and the broker has shown it only now: ${what}.`,
  });
}
