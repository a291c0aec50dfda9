import { ok, type Outcome } from '../../runtime/domain/denial';
import type { Envelope } from '../../runtime/domain/envelope';
import type { OrderType } from '../../runtime/domain/order';
import { fieldOf, missing, positiveNumberOf, wordOf, type AlertFields } from '../alertFields';

const ORDER_TYPE_WORDS: Readonly<Record<string, OrderType>> = { MARKET: 'MARKET', LIMIT: 'LIMIT', SL: 'SL', 'SL-M': 'SL-M', SLM: 'SL-M', SL_M: 'SL-M' };

export interface AlertPrices {
  /** Information about the alert, never an order's price by itself. */
  readonly price?: number;
  readonly order: Pick<Envelope, 'orderType' | 'limitPrice' | 'triggerPrice'>;
}

/**
 * Order type and prices. `price` is the limit only where the alert itself says LIMIT or SL; `trigger_price` the trigger only where it says SL or SL-M.
 * Denies MISSING_FIELD for an order type that the alert names without its price.
 */
export function pricesOf(fields: AlertFields, defaultType: OrderType): Outcome<AlertPrices> {
  const typeField = fieldOf(fields, 'ordertype', 'pricetype');
  const type = typeField === undefined ? ok(defaultType) : wordOf(typeField, ORDER_TYPE_WORDS, 'MARKET, LIMIT, SL, SL-M');
  if (!type.ok) return type;
  const orderType = type.value;
  const isNamed = typeField !== undefined;
  const hasLimit = orderType === 'LIMIT' || orderType === 'SL';
  const hasTrigger = orderType === 'SL' || orderType === 'SL-M';

  const said = saidPrices(fields);
  if (!said.ok) return said;
  const { price, triggerPrice } = said.value;
  const limitPrice = said.value.limitPrice ?? (isNamed ? price : undefined);
  if (isNamed && hasLimit && limitPrice === undefined) return missing('price', 'The limit price', `Add "price" to an alert that asks for ${orderType}.`);
  if (isNamed && hasTrigger && triggerPrice === undefined) return missing('trigger_price', 'The trigger price', `Add "trigger_price" to an alert that asks for ${orderType}.`);
  const info = price ?? triggerPrice;
  return ok({
    ...(info === undefined ? {} : { price: info }),
    order: {
      orderType,
      ...(hasLimit && limitPrice !== undefined ? { limitPrice } : {}),
      ...(hasTrigger && triggerPrice !== undefined ? { triggerPrice } : {}),
    },
  });
}

interface SaidPrices {
  price?: number;
  limitPrice?: number;
  triggerPrice?: number;
}

function saidPrices(fields: AlertFields): Outcome<SaidPrices> {
  const said: SaidPrices = {};
  const names = { price: ['price', 'close'], limitPrice: ['limitprice'], triggerPrice: ['triggerprice'] } as const;
  for (const name of ['price', 'limitPrice', 'triggerPrice'] as const) {
    const field = fieldOf(fields, ...names[name]);
    if (field === undefined) continue;
    const number = positiveNumberOf(field);
    if (!number.ok) return number;
    said[name] = number.value;
  }
  return ok(said);
}
