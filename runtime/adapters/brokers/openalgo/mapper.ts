import { Exchange, instrumentKey, splitKey, type InstrumentKey } from '../../../domain/market';
import { fromMoney, toMoney, type Money } from '../../../domain/money';
import type { OrderTerms } from '../../../domain/orderChange';
import { Product, type OrderStatus, type OrderType } from '../../../domain/order';
import type { BrokerOrder, BrokerPosition, ListedOrder } from '../../../domain/ports';
import type { EpochMs } from '../../../domain/time';
import { readFileTime } from '../../candleFile/fileTime';
import type { OrderRow, PositionRow } from './schema';

/** Our order id as the gateway's `strategy`: its log, its action centre and its sandbox's lists show it. A live broker's lists do not. */
export function strategyTag(orderId: string): string {
  return `bellwether-${orderId}`;
}

/** Which prices an order type carries. Symbols, exchanges, products, actions and types are the gateway's own words in Bellwether. */
const PRICES: Readonly<Record<OrderType, { readonly limit: boolean; readonly trigger: boolean }>> = {
  MARKET: { limit: false, trigger: false },
  LIMIT: { limit: true, trigger: false },
  SL: { limit: true, trigger: true },
  'SL-M': { limit: false, trigger: true },
};

/** An order as `placeorder` takes it. Nothing but these fields: the gateway refuses what it does not know. */
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

/** The terms that a row of the book shows; undefined where it lacks one that the order type has. */
export function shownTerms({ orderType }: Pick<BrokerOrder, 'orderType'>, { quantity, price, trigger_price: trigger }: OrderRow): OrderTerms | undefined {
  const wanted = PRICES[orderType];
  if ((wanted.limit && price === undefined) || (wanted.trigger && trigger === undefined)) return undefined;
  return { quantity, ...(wanted.limit && price !== undefined ? { limitPrice: toMoney(price) } : {}), ...(wanted.trigger && trigger !== undefined ? { triggerPrice: toMoney(trigger) } : {}) };
}

/** Where an order of the book stands. WORKING: the broker has it, and its word for it says no more. COMPLETE is proved by fills alone. */
export type Standing = 'WORKING' | 'COMPLETE' | Extract<OrderStatus, 'TRIGGER_PENDING' | 'OPEN' | 'CANCELLED' | 'REJECTED' | 'EXPIRED'>;

/** The gateway's five words, and what brokers say that it passes through. A word that is not listed is WORKING: an order is never given up for a word. */
const STANDINGS: Readonly<Record<string, Standing>> = {
  open: 'OPEN', 'trigger pending': 'TRIGGER_PENDING', complete: 'COMPLETE', rejected: 'REJECTED', cancelled: 'CANCELLED',
  pending: 'OPEN', 'partially filled': 'OPEN', 'part traded': 'OPEN', 'modify pending': 'OPEN', 'cancel pending': 'OPEN',
  completed: 'COMPLETE', filled: 'COMPLETE', traded: 'COMPLETE', executed: 'COMPLETE',
  canceled: 'CANCELLED', 'cancelled after market order': 'CANCELLED', expired: 'EXPIRED',
};

export function standingOf({ order_status: word }: Pick<OrderRow, 'order_status'>): Standing {
  return STANDINGS[word.trim().toLowerCase().replaceAll(/[_-]+/g, ' ')] ?? 'WORKING';
}

/** The instrument of a row; undefined for exchanges that Bellwether does not trade. */
export function instrumentOf({ exchange, symbol }: { readonly exchange: string; readonly symbol: string }): InstrumentKey | undefined {
  const known = Exchange.safeParse(exchange);
  return known.success ? instrumentKey(known.data, symbol) : undefined;
}

export function productOf(word: string | undefined): Product | undefined {
  return Product.safeParse(word).data;
}

/** A price of a row; 0 and less are none. */
export function priceOf(price: number | undefined): Money | undefined {
  return price === undefined || price <= 0 ? undefined : toMoney(price);
}

/** Text in India's time, ISO with a zone, epoch seconds or milliseconds; undefined for what brokers write besides. */
export function timeOf(timestamp: string | number | undefined): EpochMs | undefined {
  return timestamp === undefined ? undefined : readFileTime(typeof timestamp === 'number' ? String(Math.floor(timestamp)) : timestamp.trim());
}

/** True when a row is what the order asked for. A market order may stand in the book as the limit order that a broker has made of it. */
export function isSameOrder(row: OrderRow, order: BrokerOrder): boolean {
  const type = row.pricetype ?? row.price_type;
  return instrumentOf(row) === order.instrument && row.action.toUpperCase() === order.action && row.quantity === order.quantity
    && (row.product === undefined || row.product === order.product)
    && (type === undefined || (STANDS_AS[order.orderType] as readonly string[]).includes(type.toUpperCase()))
    && (!PRICES[order.orderType].limit || isPrice(row.price, order.limitPrice))
    && (!PRICES[order.orderType].trigger || isPrice(row.trigger_price, order.triggerPrice));
}

const STANDS_AS: Readonly<Record<OrderType, readonly OrderType[]>> = { MARKET: ['MARKET', 'LIMIT'], LIMIT: ['LIMIT'], SL: ['SL'], 'SL-M': ['SL-M', 'SL'] };

function isPrice(shown: number | undefined, asked: Money | undefined): boolean {
  return shown === undefined || asked === undefined || toMoney(shown) === asked;
}

/** A row for reconciliation; undefined for exchanges that Bellwether does not trade. `orderId` where it is known to be ours. */
export function listedOrder(row: OrderRow, orderId: string | undefined): ListedOrder | undefined {
  const instrument = instrumentOf(row);
  if (instrument === undefined) return undefined;
  const [product, placedAt, standing, averagePrice] = [productOf(row.product), timeOf(row.timestamp), standingOf(row), priceOf(row.average_price)];
  return {
    brokerOrderId: row.orderid, instrument, action: row.action.toUpperCase() === 'BUY' ? 'BUY' : 'SELL', quantity: row.quantity, status: STATUS_OF[standing],
    ...(orderId === undefined ? {} : { orderId }), ...(product === undefined ? {} : { product }), ...(placedAt === undefined ? {} : { placedAt }),
    ...(row.filled_quantity === undefined ? {} : { filledQuantity: row.filled_quantity }), ...(averagePrice === undefined ? {} : { averagePrice }),
  };
}

const STATUS_OF: Readonly<Record<Standing, OrderStatus>> = { WORKING: 'ACCEPTED', COMPLETE: 'FILLED', TRIGGER_PENDING: 'TRIGGER_PENDING', OPEN: 'OPEN', CANCELLED: 'CANCELLED', REJECTED: 'REJECTED', EXPIRED: 'EXPIRED' };

/** A row of the positions; undefined for a flat one, and for what Bellwether does not trade. */
export function positionOf(row: PositionRow): BrokerPosition | undefined {
  const [instrument, product, averagePrice] = [instrumentOf(row), productOf(row.product), priceOf(row.average_price)];
  if (instrument === undefined || product === undefined || row.quantity === 0) return undefined;
  return { instrument, product, quantity: row.quantity, ...(averagePrice === undefined ? {} : { averagePrice }) };
}
