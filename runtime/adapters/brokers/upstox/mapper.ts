import { splitKey, type Instrument, type InstrumentKey } from '../../../domain/market';
import { fromMoney, toMoney } from '../../../domain/money';
import type { Product } from '../../../domain/order';
import type { BrokerOrder, BrokerPosition } from '../../../domain/ports';
import { dateOf } from '../../../domain/session/days';
import type { ListedRow, ListedTrade } from '../following/listed';
import { standingOf } from '../following/standing';
import { PRICES } from '../../../domain/paper';
import { priceOf, timeOf } from '../reading/fields';
import type { KeyTable } from './instrumentKeys';
import type { OrderRow, PositionRow, TradeRow } from './schema';

type Fields = Readonly<Record<string, string | number | boolean>>;

/** Upstox' automatic protection of a market order. Without one it takes none. */
const AUTOMATIC_PROTECTION = -1;

/** I is for the day; D is delivery of shares, and contracts that are carried. */
function productCode(product: Product): 'I' | 'D' {
  return product === 'MIS' ? 'I' : 'D';
}

/** MTF and cover orders are none of Bellwether's products: undefined. */
export function productOf(code: string | undefined, instrument: InstrumentKey): Product | undefined {
  if (code === 'I') return 'MIS';
  if (code !== 'D') return undefined;
  const { exchange } = splitKey(instrument);
  return exchange === 'NSE' || exchange === 'BSE' ? 'CNC' : 'NRML';
}

/** The terms that a placement and a modification share. `market_protection` goes along always: it counts for orders that become market orders. */
function termFields({ orderType, quantity, limitPrice, triggerPrice }: BrokerOrder): Fields {
  const { limit, trigger } = PRICES[orderType];
  return {
    quantity, validity: 'DAY', order_type: orderType, disclosed_quantity: 0, market_protection: AUTOMATIC_PROTECTION,
    price: limit && limitPrice !== undefined ? fromMoney(limitPrice) : 0,
    trigger_price: trigger && triggerPrice !== undefined ? fromMoney(triggerPrice) : 0,
  };
}

/** An order as `/v3/order/place` takes it. Our order id is the tag; Upstox never slices: Bellwether does, within its budget. */
export function placementOf(order: BrokerOrder, upstoxKey: string): Fields {
  return { ...termFields(order), product: productCode(order.product), tag: order.id, slice: false, instrument_token: upstoxKey, transaction_type: order.action, is_amo: false };
}

/** `/v3/order/modify` wants every term, the unchanged ones as well. The quantity is the total [?]. */
export function modificationOf(order: BrokerOrder, brokerOrderId: string): Fields {
  return { ...termFields(order), order_id: brokerOrderId };
}

/** Upstox' words that mean that the order rests as it did. Words for what is under way (`… pending`, `… req received`) say no more than that the broker has it. */
const RESTING: ReadonlySet<string> = new Set(['modified', 'not modified', 'not cancelled']);

/** A row in the words that all brokers share. The tag decides whose it is, also where it is empty: then it is nobody's of ours. */
export function listedRow(row: OrderRow, keys: KeyTable): ListedRow {
  const instrument = keys.instrument(row.instrument_key ?? row.instrument_token ?? '');
  const [limitPrice, triggerPrice] = [row.price, row.trigger_price].map((price) => (price === undefined ? undefined : toMoney(price)));
  return {
    brokerOrderId: row.order_id, tag: row.tag ?? '', instrument, action: row.transaction_type.toUpperCase(), quantity: row.quantity,
    standing: RESTING.has(row.status.trim().toLowerCase()) ? 'OPEN' : standingOf(row.status),
    product: instrument === undefined ? undefined : productOf(row.product, instrument), orderType: row.order_type?.toUpperCase(), limitPrice, triggerPrice,
    filledQuantity: row.filled_quantity, averagePrice: priceOf(row.average_price), reason: row.status_message, placedAt: timeOf(isoTime(row.order_timestamp)),
  };
}

export function listedTrade(row: TradeRow): ListedTrade {
  return { brokerOrderId: row.order_id, tradeId: row.trade_id, quantity: row.quantity, priceRupees: row.average_price, happenedAt: timeOf(isoTime(row.exchange_timestamp)) };
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Times come as `2026-11-20 10:00:01` and, in trades, as `20-Nov-2026 10:00:01`: India's both. Any other text is left as it is. */
export function isoTime(text: string | undefined): string | undefined {
  const [, day, month = '', year, time] = /^(\d{1,2})-([A-Za-z]{3})-(\d{4}) (\d{2}:\d{2}:\d{2})$/.exec(text ?? '') ?? [];
  if (day === undefined || time === undefined) return text;
  const date = dateOf(Number(year), MONTHS.indexOf(month.toLowerCase()) + 1, Number(day));
  return date === undefined ? text : `${date} ${time}`;
}

/**
 * A position; undefined for a flat one and for what Bellwether does not trade. Upstox tells no average for some positions of today: where only one side was traded,
 * that side's price is the average, else there is none. Commodities are counted in lots [?].
 */
export function positionOf(row: PositionRow, keys: KeyTable, find: (key: InstrumentKey) => Instrument | undefined): BrokerPosition | undefined {
  const key = keys.instrument(row.instrument_key ?? row.instrument_token ?? '');
  const product = key === undefined ? undefined : productOf(row.product, key);
  if (key === undefined || product === undefined || row.quantity === 0) return undefined;
  const units = splitKey(key).exchange === 'MCX' ? find(key)?.lotSize ?? 1 : 1;
  const average = [row.average_price, oneSidedPrice(row)].find((price) => price !== undefined && price > 0);
  return { instrument: key, product, quantity: row.quantity * units, ...(average === undefined ? {} : { averagePrice: toMoney(average) }) };
}

function oneSidedPrice({ quantity, buy_price: bought, sell_price: sold, day_buy_quantity: buys = 0, day_sell_quantity: sells = 0, overnight_quantity: overnight = 0 }: PositionRow): number | undefined {
  if (overnight !== 0 || (buys !== 0 && sells !== 0)) return undefined;
  return quantity > 0 ? bought : sold;
}
