import { Exchange, instrumentKey, splitKey, type InstrumentKey } from '../../../domain/market';
import { fromMoney, toMoney, type Money } from '../../../domain/money';
import { Product } from '../../../domain/order';
import type { BrokerOrder, BrokerPosition } from '../../../domain/ports';
import type { ListedRow, ListedTrade } from '../following/listed';
import { standingOf } from '../following/standing';
import { PRICES } from '../../../domain/paper';
import { priceOf, timeOf } from '../reading/fields';
import type { OrderRow, PositionRow, TradeRow } from './schema';

const TAG = 'bellwether-';

/** Our order id as the gateway's `strategy`: its log, its action centre and its sandbox's lists show it. A live broker's lists do not. */
export function strategyTag(orderId: string): string {
  return `${TAG}${orderId}`;
}

/** An order as `placeorder` takes it. Nothing but these fields: the gateway refuses what it does not know. Symbols, exchanges, products, actions and types are its own words in Bellwether. */
export function placementOf(order: BrokerOrder): Readonly<Record<string, string | number>> {
  const { exchange, symbol } = splitKey(order.instrument);
  const { limit, trigger } = PRICES[order.orderType];
  return {
    strategy: strategyTag(order.id), exchange, symbol, action: order.action, quantity: order.quantity, pricetype: order.orderType, product: order.product,
    ...(limit && order.limitPrice !== undefined ? { price: fromMoney(order.limitPrice) } : {}),
    ...(trigger && order.triggerPrice !== undefined ? { trigger_price: fromMoney(order.triggerPrice) } : {}),
  };
}

/** `modifyorder` wants every field, the unchanged ones as well. */
export function modificationOf(order: BrokerOrder, brokerOrderId: string): Readonly<Record<string, string | number>> {
  return { price: 0, trigger_price: 0, disclosed_quantity: 0, ...placementOf(order), orderid: brokerOrderId };
}

/** A row of the order book in the words that all brokers share. Which of its two names the type has depends on the broker behind the gateway. */
export function listedRow(row: OrderRow): ListedRow {
  const { strategy } = row;
  return {
    brokerOrderId: row.orderid, tag: strategy === undefined || strategy.startsWith(TAG) ? strategy?.slice(TAG.length) : '',
    instrument: instrumentOf(row), action: row.action.toUpperCase(), quantity: row.quantity, standing: standingOf(row.order_status),
    product: row.product, orderType: (row.pricetype ?? row.price_type)?.toUpperCase(), limitPrice: moneyOf(row.price), triggerPrice: moneyOf(row.trigger_price),
    filledQuantity: row.filled_quantity, averagePrice: priceOf(row.average_price), reason: row.rejection_reason, placedAt: timeOf(row.timestamp),
  };
}

export function listedTrade({ orderid, tradeid, quantity, average_price, timestamp }: TradeRow): ListedTrade {
  return { brokerOrderId: orderid, tradeId: tradeid, quantity, priceRupees: average_price, happenedAt: timeOf(timestamp) };
}

/** The instrument of a row; undefined for exchanges that Bellwether does not trade. */
export function instrumentOf({ exchange, symbol }: { readonly exchange: string; readonly symbol: string }): InstrumentKey | undefined {
  const known = Exchange.safeParse(exchange);
  return known.success ? instrumentKey(known.data, symbol) : undefined;
}

/** 0 is what the gateway shows for a price that an order does not have. */
function moneyOf(price: number | undefined): Money | undefined {
  return price === undefined ? undefined : toMoney(price);
}

/** A row of the positions; undefined for a flat one, and for what Bellwether does not trade. */
export function positionOf(row: PositionRow): BrokerPosition | undefined {
  const [instrument, product, averagePrice] = [instrumentOf(row), Product.safeParse(row.product).data, priceOf(row.average_price)];
  if (instrument === undefined || product === undefined || row.quantity === 0) return undefined;
  return { instrument, product, quantity: row.quantity, ...(averagePrice === undefined ? {} : { averagePrice }) };
}
