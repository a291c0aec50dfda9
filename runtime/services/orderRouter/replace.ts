import type { Denial } from '../../domain/denial';
import type { Instrument } from '../../domain/market';
import type { ChangeResult } from '../../domain/nodeContext';
import type { Order, OrderType, Origin } from '../../domain/order';
import type { ChangeSubject, OrderTerms } from '../../domain/orderChange';
import { askCancel, concludeCancel, CANCEL_PATIENCE } from './cancel';
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
}

/**
 * Cancels an order and, only when it is proven to have ended as cancelled, places what was left of it anew. The new order has an intent of its own, so that a repeat meets it and places none.
 * Where the cancel is not proven nothing is placed: the order may still fill.
 */
export async function replaceOrder(ports: RouterPorts, account: RoutedAccount, { key, origin, order, instrument, wished, orderType, judge }: Replacement): Promise<ChangeResult> {
  const cancelled = await concludeCancel(ports, account, await askCancel(ports, account, { key, origin, order, judge }), CANCEL_PATIENCE);
  if (cancelled.kind !== 'done') return cancelled;
  const rest = wished.quantity - cancelled.order.filledQuantity;
  if (cancelled.order.status !== 'CANCELLED' || rest <= 0) return { kind: 'refused', denial: { code: 'NOT_FOUND', message: `Order ${order.id} ended as ${cancelled.order.status}: nothing is left to place anew.` }, order: cancelled.order };
  const { limitPrice, triggerPrice } = wished;
  const outcome = await place(ports, account, { ...origin, strategyId: order.strategyId }, {
    instrument, leg: legOf(order.id), purpose: order.purpose, product: order.product, orderType,
    size: order.purpose === 'exit' ? { kind: 'exit', quantity: rest } : { kind: 'fixed', action: order.action, quantity: rest },
    ...(limitPrice === undefined ? {} : { limitPrice }), ...(triggerPrice === undefined ? {} : { triggerPrice }),
  });
  if (outcome.kind === 'placed') return { kind: 'done', order: outcome.order, replaced: cancelled.order };
  const denial: Denial = outcome.kind === 'satisfied' ? { code: 'NO_POSITION', message: 'Nothing is left to close.' } : outcome.denial;
  return { kind: 'refused', denial: { ...denial, message: `The order was cancelled, and no other one placed: ${denial.message}` }, order: cancelled.order };
}

/** Legs of replacements: far above those of baskets and slices, one for each order that may be replaced. */
function legOf(orderId: string): number {
  return 1e9 + Number.parseInt(orderId.slice(-10), 16);
}
