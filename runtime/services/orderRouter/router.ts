import type { ChaseTerms } from '../../domain/chase';
import type { Denial } from '../../domain/denial';
import type { Money } from '../../domain/money';
import type { ChangeResult, LegResult, OrderRequest, OrderTarget, PlaceResult, RefusedWish, Verdict } from '../../domain/nodeContext';
import type { Origin } from '../../domain/order';
import type { OrderChange } from '../../domain/ports';
import { isHeldStop } from '../../domain/protection';
import { placeBasket, type BasketRequest } from './basket';
import { cancelOrder } from './cancel';
import { cancelAll, type CancelledAll } from './cancelAll';
import { chaseExit, chaseOrder } from './chase';
import { closeNow } from './closeNow';
import { modifyOrder } from './modify';
import { assess, place } from './place';
import type { RoutedAccount, RouterPorts } from './ports';
import { recordRefusal, recordUndecided } from './recordRefusal';
import { closesAtMarket } from './request';
import { placeInSlices, type SliceResults } from './slices';

export type { RoutedAccount, RouterPorts } from './ports';

/**
 * The only way to a broker: gate and reserve in one transaction, durable before sent, at most one send per intent.
 * A crash before the admission: nothing happened. After it: the order stands as SUBMITTING and is resumed by looking (`resumeOrders`).
 * After the send: the broker knows our order id, so the outcome is found, never repeated. Changes of a resting order are journalled like intents, and pending until proven.
 */
export interface OrderRouter {
  /** One order, whatever its size. */
  place(account: RoutedAccount, origin: Origin, request: OrderRequest): Promise<PlaceResult>;
  /** Several orders above the freeze quantity or the request's `sliceQuantity`, each its own intent; ends with the first that is not placed. With `chase` each slice is an exit that follows the market. */
  placeInSlices(account: RoutedAccount, origin: Origin, request: OrderRequest, chase?: ChaseTerms): Promise<SliceResults>;
  /** What a flow wishes for: an exit at market as `closeNow`, everything else as `placeInSlices`. No refusal of it is left without a trace. */
  placeWish(account: RoutedAccount, origin: Origin, request: OrderRequest): Promise<SliceResults>;
  /** Several orders with one policy for what happens when a leg fails. */
  placeBasket(account: RoutedAccount, origin: Origin, basket: BasketRequest): Promise<readonly LegResult[]>;
  /** Why no order was asked for: journalled once a signal, node and leg. */
  recordRefusal(account: RoutedAccount, origin: Origin, wish: RefusedWish, denial: Denial): Promise<void>;
  /** What the gate would say now: a refusal is journalled, an approval reserves nothing. */
  assess(account: RoutedAccount, origin: Origin, request: OrderRequest): Promise<Verdict>;
  /** New terms of a resting order of the origin's strategy. */
  modify(account: RoutedAccount, origin: Origin, target: OrderTarget, change: OrderChange): Promise<ChangeResult>;
  /** Cancels one order of the origin's strategy and waits for its end. */
  cancel(account: RoutedAccount, origin: Origin, target: OrderTarget): Promise<ChangeResult>;
  /** Cancels every open order of the account, or of one strategy on it, and waits for the outcomes. A stop that rests at the broker stays with its position: that is taken away by cancelling the protection. */
  cancelAll(account: RoutedAccount, origin: Origin, strategyId?: string): Promise<CancelledAll>;
  /** Closes what the request's position still holds: resting orders on the exit's side are taken back first. Never through zero. */
  closeNow(account: RoutedAccount, origin: Origin, request: OrderRequest, chase?: ChaseTerms): Promise<SliceResults>;
  /** An exit as a limit order that is re-priced while it rests, within bounds; then people are told. */
  chaseExit(account: RoutedAccount, origin: Origin, request: OrderRequest, terms: ChaseTerms): Promise<PlaceResult>;
  /** The same for an exit that rests already. */
  chaseOrder(account: RoutedAccount, origin: Origin, orderId: string, terms: ChaseTerms, anchor?: Money): Promise<PlaceResult>;
}

export function createOrderRouter(ports: RouterPorts): OrderRouter {
  const inSlices = (account: RoutedAccount, origin: Origin, request: OrderRequest, chase?: ChaseTerms): Promise<SliceResults> =>
    placeInSlices(request, async (slice) => {
      if (chase === undefined) return { result: await place(ports, account, origin, slice) };
      // An exit that was replaced on its way ends with a smaller order than it began with, and one that rests must not be joined by another.
      const result = await chaseExit(ports, account, origin, slice, chase);
      return { result, isDone: result.kind === 'placed' && result.order.status === 'FILLED' };
    });
  const wish = (account: RoutedAccount, origin: Origin, request: OrderRequest): Promise<SliceResults> =>
    closesAtMarket(request) ? closeNow(ports, account, origin, request, (whole) => inSlices(account, origin, whole)) : inSlices(account, origin, request);
  return {
    place: (account, origin, request) => place(ports, account, origin, request),
    placeInSlices: inSlices,
    async placeWish(account, origin, request) {
      const outcomes = await wish(account, origin, request);
      await recordUndecided(ports, account, origin, request, outcomes);
      return outcomes;
    },
    async placeBasket(account, origin, basket) {
      const legs = await placeBasket(ports, account, origin, basket, (who, request) => wish(account, who, request));
      for (const [index, request] of basket.requests.entries()) await recordUndecided(ports, account, origin, request, legs[index]?.outcomes ?? []);
      return legs;
    },
    recordRefusal: (account, origin, refused, denial) => recordRefusal(ports, account, origin, refused, denial),
    assess: (account, origin, request) => assess(ports, account, origin, request),
    modify: (account, origin, target, change) => modifyOrder(ports, account, origin, target, change),
    cancel: (account, origin, target) => cancelOrder(ports, account, origin, target),
    cancelAll: (account, origin, strategyId) => cancelAll(ports, account, { which: (order) => !isHeldStop(order) && (strategyId === undefined || order.strategyId === strategyId), originOf: () => origin }),
    closeNow: (account, origin, request, chase) => closeNow(ports, account, origin, request, (whole) => inSlices(account, origin, whole, chase)),
    chaseExit: (account, origin, request, terms) => chaseExit(ports, account, origin, request, terms),
    chaseOrder: (account, origin, orderId, terms, anchor) => chaseOrder(ports, account, origin, orderId, terms, anchor),
  };
}
