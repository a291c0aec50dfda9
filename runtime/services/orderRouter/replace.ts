import type { Denial } from '../../domain/denial';
import { onlyCloses } from '../../domain/direction';
import type { Instrument } from '../../domain/market';
import type { Fence } from '../../domain/lease';
import type { ChangeResult, OrderRequest, PlaceResult } from '../../domain/nodeContext';
import type { Order, OrderType, Origin } from '../../domain/order';
import type { ChangeSubject, OrderTerms } from '../../domain/orderChange';
import { protectionIdOf } from '../../domain/protection';
import { askCancel, concludeCancel, CANCEL_PATIENCE } from './cancel';
import { leaseLost } from './fence';
import { place } from './place';
import type { RoutedAccount, RouterPorts } from './ports';

/** An order that another one shall stand for. */
export interface Replacement {
  readonly key: string;
  readonly origin: Origin;
  readonly order: Order;
  readonly instrument: Instrument;
  readonly wished: OrderTerms;
  readonly orderType: OrderType;
  readonly judge: (subject: ChangeSubject) => Denial | undefined;
  /** Of work that has one owner: checked before the cancel, and with the admission of the new order. */
  readonly fence?: Fence;
}

/**
 * Cancels an order and, only when it is proven to have ended as cancelled, places what was left of it anew. The new order is the same wish at other terms: it has the first one's
 * signal, protection, group and limits, and an intent of its own, one for each order that may be replaced, so that a repeat meets it and places none.
 * Where the cancel is not proven nothing is placed: the order may still fill. The wished terms are journalled with the cancel: when it is proven later, `settleChanges` goes on.
 */
export async function replaceOrder(ports: RouterPorts, account: RoutedAccount, { key, origin, order, instrument, wished, orderType, judge, fence }: Replacement): Promise<ChangeResult> {
  const lost = await leaseLost(ports, fence);
  if (lost !== undefined) return { kind: 'refused', denial: lost };
  const anew = { instrument, wished, orderType, ...(fence === undefined ? {} : { fence }) };
  let outcome: PlaceResult | undefined;
  const beforeDone = async (gone: Order): Promise<void> => { outcome = await placeRest(ports, account, gone, anew); };
  const cancelled = await concludeCancel(ports, account, await askCancel(ports, account, { key, origin, order, wished, judge }), CANCEL_PATIENCE, { keepsAsking: false, beforeDone });
  if (cancelled.kind !== 'done') return cancelled;
  const gone = await ports.store.order(order.id);
  outcome ??= gone?.status === 'CANCELLED' ? await placeRest(ports, account, gone, anew) : undefined;
  if (outcome === undefined) return { kind: 'refused', denial: { code: 'NOT_FOUND', message: `Order ${order.id} ended as ${cancelled.order.status}: nothing is left to place anew.` }, order: cancelled.order };
  if (outcome.kind === 'placed') return { kind: 'done', order: outcome.order, replaced: cancelled.order };
  const denial: Denial = outcome.kind === 'satisfied' ? { code: 'NO_POSITION', message: 'Nothing is left to close.' } : outcome.denial;
  return { kind: 'refused', denial: { ...denial, message: `The order was cancelled, and no other one placed: ${denial.message}` }, order: cancelled.order };
}

/** Places what a cancelled order left, under the one intent that may stand for it. Undefined where it left nothing. */
export async function placeRest(ports: RouterPorts, account: RoutedAccount, order: Order, { instrument, wished, orderType, fence }: Pick<Replacement, 'instrument' | 'wished' | 'orderType' | 'fence'>): Promise<PlaceResult | undefined> {
  const rest = wished.quantity - order.filledQuantity;
  if (rest <= 0) return undefined;
  const { limitPrice, triggerPrice } = wished;
  const { account: id, strategyId, nodeKey, signalId } = order;
  const first = await termsOfFirst(ports, order);
  return place(ports, account, { account: id, strategyId, nodeKey, signalId }, {
    instrument, leg: legOf(order.id), purpose: order.purpose, product: order.product, orderType,
    size: order.purpose === 'exit' || onlyCloses(order.action, first.direction ?? 'both') ? { kind: 'exit', quantity: rest, action: order.action } : { kind: 'fixed', action: order.action, quantity: rest },
    ...(limitPrice === undefined ? {} : { limitPrice }), ...(triggerPrice === undefined ? {} : { triggerPrice }),
    ...first, ...(fence === undefined ? {} : { fence }),
  });
}

/** What the first order had beside its terms. A protection that a person has taken away stays away; what is protected by it already is not protected twice, for it covers what has filled. */
async function termsOfFirst({ store }: RouterPorts, order: Order): Promise<Pick<OrderRequest, 'protection' | 'reEntry' | 'limits' | 'exitsOnly' | 'direction'>> {
  const own = (await store.intent(order.intentKey))?.added ?? {};
  if (order.purpose === 'exit') return own;
  const protection = await store.protections.find(protectionIdOf(order.id));
  const entry = await store.reEntries.of(order.id);
  return {
    ...own, ...(protection === undefined || protection.cancelledBy === 'person' ? {} : { protection: protection.terms }),
    ...(entry === undefined ? {} : { reEntry: { group: entry.group, maximum: entry.maximum, cooldownMs: entry.cooldownMs, atCost: entry.atCost } }),
  };
}

/** Legs of replacements: far above those of baskets and slices, one for each order that may be replaced. */
function legOf(orderId: string): number {
  return 1e9 + Number.parseInt(orderId.slice(-10), 16);
}
