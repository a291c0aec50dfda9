import type { Denial, Outcome } from '../../../domain/denial';
import type { BrokerOrder, Log, PlaceOutcome } from '../../../domain/ports';
import type { FollowedOrders } from './followedOrders';
import type { Standing } from './standing';
import type { Tracked } from './tracked';

/** What a broker has answered to a placement. */
export type PlacementAnswer =
  | { readonly kind: 'success'; readonly brokerOrderId: string }
  /** Nobody can tell what happened. */
  | { readonly kind: 'unsure'; readonly reason: string }
  | { readonly kind: 'refused'; readonly denial: Denial };

export interface SendOnceOptions {
  readonly orders: FollowedOrders;
  readonly log: Log;
  /** Looks for an order in the lists and binds it where it is found. */
  readonly lookFor: (tracked: Tracked) => Promise<unknown>;
  /** Checks an order that was never sent; what it answers sends it. */
  readonly prepare: (order: BrokerOrder) => Promise<Outcome<() => Promise<PlacementAnswer>>>;
  /** Called when an order has been accepted. */
  readonly onAccepted: () => void;
}

/** What the lists may show of an order that was refused. */
const NEVER_ALIVE: ReadonlySet<Standing | undefined> = new Set([undefined, 'WORKING', 'REJECTED']);

/**
 * Sends orders, each at most once in the life of the process: an id that is known is looked up instead.
 * A look may find an order before its answer is there. What the list shows with our tag is then known, whatever becomes of the answer, and the answer tells what the look was told.
 */
export function sendOnce(options: SendOnceOptions): (order: BrokerOrder) => Promise<PlaceOutcome> {
  const underway = new Map<string, Promise<PlaceOutcome>>();
  return (order) => {
    const same = underway.get(order.id);
    if (same !== undefined) return same;
    const outcome = once(options, order).finally(() => underway.delete(order.id));
    underway.set(order.id, outcome);
    return outcome;
  };
}

async function once(options: SendOnceOptions, order: BrokerOrder): Promise<PlaceOutcome> {
  const { orders, lookFor } = options;
  const known = await orders.get(order.id);
  if (known === undefined || (known.isUnsent && known.brokerOrderId === undefined)) {
    const outcome = send(options, order);
    orders.awaits(order.id, outcome);
    return outcome;
  }
  if (known.refusal !== undefined) return { kind: 'rejected', denial: known.refusal };
  await lookFor(known);
  return acceptedAs(known) ?? { kind: 'unknown', reason: 'It was sent before, and its outcome is not known yet.' };
}

async function send(options: SendOnceOptions, order: BrokerOrder): Promise<PlaceOutcome> {
  const ready = await options.prepare(order);
  if (!ready.ok) return { kind: 'rejected', denial: ready.denial };
  const tracked = options.orders.begin(order);
  // Another process has sent it meanwhile.
  const found = acceptedAs(tracked);
  if (found !== undefined) return found;
  const outcome = conclude(options, tracked, await ready.value());
  if (outcome.kind === 'accepted') options.onAccepted();
  return outcome;
}

function conclude({ orders, log }: SendOnceOptions, tracked: Tracked, answer: PlacementAnswer): PlaceOutcome {
  if (answer.kind === 'refused' && NEVER_ALIVE.has(tracked.standing)) {
    tracked.refusal = answer.denial;
    return { kind: 'rejected', denial: answer.denial };
  }
  // An id that another order of ours has can not be this one's.
  if (answer.kind === 'success' && tracked.brokerOrderId === undefined && isFree(orders, answer.brokerOrderId, tracked)) orders.bind(tracked, answer.brokerOrderId);
  const found = acceptedAs(tracked);
  if (found !== undefined && isContrary(answer, found)) log.error({ orderId: tracked.order.id, listed: tracked.brokerOrderId, answer }, 'the answer to a placement and the list of orders name different things: the list counts');
  return found ?? { kind: 'unknown', reason: answer.kind === 'unsure' ? answer.reason : 'The broker names an order that another one of ours has: whether this one was placed has to be looked up.' };
}

function isFree(orders: FollowedOrders, brokerOrderId: string, { order }: Tracked): boolean {
  return [undefined, order.id].includes(orders.ownerOf(brokerOrderId));
}

function isContrary(answer: PlacementAnswer, { brokerOrderId }: { readonly brokerOrderId: string }): boolean {
  return answer.kind === 'refused' || (answer.kind === 'success' && answer.brokerOrderId !== brokerOrderId);
}

/** Undefined while it is not known to be at the broker. */
function acceptedAs({ brokerOrderId, told }: Tracked): Extract<PlaceOutcome, { kind: 'accepted' }> | undefined {
  return brokerOrderId === undefined ? undefined : { kind: 'accepted', brokerOrderId, updates: [...told] };
}
