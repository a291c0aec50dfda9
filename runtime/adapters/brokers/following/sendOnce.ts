import type { BrokerOrder, PlaceOutcome } from '../../../domain/ports';
import type { FollowedOrders } from './followedOrders';
import type { Tracked } from './tracked';

export interface SendOnceOptions {
  readonly orders: FollowedOrders;
  /** Looks for an order in the lists and binds it where it is found. */
  readonly lookFor: (tracked: Tracked) => Promise<unknown>;
  /** Sends an order that was never sent. */
  readonly send: (order: BrokerOrder) => Promise<PlaceOutcome>;
}

/** Sends orders, each at most once in the life of the process: an id that is known is looked up instead. */
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

async function once({ orders, lookFor, send }: SendOnceOptions, order: BrokerOrder): Promise<PlaceOutcome> {
  const known = await orders.get(order.id);
  if (known === undefined || (known.isUnsent && known.brokerOrderId === undefined)) return send(order);
  if (known.refusal !== undefined) return { kind: 'rejected', denial: known.refusal };
  await lookFor(known);
  if (known.brokerOrderId === undefined) return { kind: 'unknown', reason: 'It was sent before, and its outcome is not known yet.' };
  return { kind: 'accepted', brokerOrderId: known.brokerOrderId, updates: [...known.told] };
}
