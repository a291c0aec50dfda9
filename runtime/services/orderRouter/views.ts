import { fromMoney } from '../../domain/money';
import { splitKey, type Quote } from '../../domain/market';
import type { Order } from '../../domain/order';
import type { OrderView, PositionView } from '../../domain/envelope';
import { averagePrice, unrealisedPnl, type Position } from '../../domain/position';

/** An order as flows see it. */
export function orderView(order: Order, duplicate: boolean): OrderView {
  return {
    id: order.id,
    status: order.status,
    ...splitKey(order.instrument),
    action: order.action,
    quantity: order.quantity,
    filledQuantity: order.filledQuantity,
    ...(order.averagePrice === undefined ? {} : { averagePrice: fromMoney(order.averagePrice) }),
    product: order.product,
    orderType: order.orderType,
    ...(order.denial === undefined ? {} : { reason: order.denial.message }),
    ...(duplicate ? { duplicate } : {}),
    at: order.updatedAt,
    intentKey: order.intentKey,
  };
}

/** A position as flows see it, marked to `quote` where there is one. */
export function positionView(position: Position, quote: Quote | undefined): PositionView {
  const average = averagePrice(position);
  return {
    account: position.account,
    strategyId: position.strategyId,
    ...splitKey(position.instrument),
    product: position.product,
    quantity: position.quantity,
    ...(average === undefined ? {} : { averagePrice: fromMoney(average) }),
    ...(quote === undefined ? {} : { lastPrice: fromMoney(quote.last), unrealisedPnl: fromMoney(unrealisedPnl(position, quote.last)) }),
    realisedPnl: fromMoney(position.realisedPnl),
    charges: fromMoney(position.charges),
  };
}
