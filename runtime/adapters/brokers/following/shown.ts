import type { Money } from '../../../domain/money';
import type { OrderTerms } from '../../../domain/orderChange';
import { Product, type OrderType } from '../../../domain/order';
import type { BrokerOrder, ListedOrder } from '../../../domain/ports';
import { PRICES } from '../../../domain/paper';
import type { ListedRow } from './listed';
import { STATUS_OF } from './standing';

/** The terms that a row shows; undefined where it lacks one that the order type has. */
export function shownTerms({ orderType }: Pick<BrokerOrder, 'orderType'>, { quantity, limitPrice, triggerPrice }: ListedRow): OrderTerms | undefined {
  const { limit, trigger } = PRICES[orderType];
  if ((limit && limitPrice === undefined) || (trigger && triggerPrice === undefined)) return undefined;
  return { quantity, ...(limit && limitPrice !== undefined ? { limitPrice } : {}), ...(trigger && triggerPrice !== undefined ? { triggerPrice } : {}) };
}

const STANDS_AS: Readonly<Record<OrderType, readonly OrderType[]>> = { MARKET: ['MARKET', 'LIMIT'], LIMIT: ['LIMIT'], SL: ['SL'], 'SL-M': ['SL-M', 'SL'] };

/** True when a row is what the order asked for. A market order may be listed as the limit order that a broker has made of it. */
export function isSameOrder(row: ListedRow, order: BrokerOrder): boolean {
  return row.instrument === order.instrument && row.action === order.action && row.quantity === order.quantity
    && (row.product === undefined || row.product === order.product)
    && (row.orderType === undefined || (STANDS_AS[order.orderType] as readonly string[]).includes(row.orderType))
    && (!PRICES[order.orderType].limit || isPrice(row.limitPrice, order.limitPrice))
    && (!PRICES[order.orderType].trigger || isPrice(row.triggerPrice, order.triggerPrice));
}

function isPrice(shown: Money | undefined, asked: Money | undefined): boolean {
  return shown === undefined || asked === undefined || shown === asked;
}

/** A row for reconciliation; undefined for what Bellwether does not trade. `orderId` where it is known to be ours. */
export function listedOrder(row: ListedRow, orderId: string | undefined): ListedOrder | undefined {
  const { brokerOrderId, instrument, action, quantity, standing, placedAt, filledQuantity, averagePrice } = row;
  if (instrument === undefined) return undefined;
  const product = Product.safeParse(row.product).data;
  return {
    brokerOrderId, instrument, action: action === 'BUY' ? 'BUY' : 'SELL', quantity, status: STATUS_OF[standing],
    ...(orderId === undefined ? {} : { orderId }), ...(product === undefined ? {} : { product }), ...(placedAt === undefined ? {} : { placedAt }),
    ...(filledQuantity === undefined ? {} : { filledQuantity }), ...(averagePrice === undefined ? {} : { averagePrice }),
  };
}
