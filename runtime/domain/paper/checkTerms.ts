import { deny, type Denial } from '../denial';
import { tickSizeAt } from '../instrument';
import type { Instrument } from '../market';
import { fromMoney, type Money } from '../money';
import type { BrokerOrder } from '../ports';
import { PRICES } from './prices';

type Refusal = { readonly ok: false; readonly denial: Denial } | undefined;

/** What is wrong with an order's quantity and prices, whatever the market does. */
export function checkTerms(order: BrokerOrder, instrument: Instrument): Refusal {
  return checkQuantity(order.quantity, instrument) ?? checkPrices(order, instrument);
}

function checkQuantity(quantity: number, { key, lotSize, freezeQuantity }: Instrument): Refusal {
  if (!Number.isSafeInteger(quantity) || quantity <= 0) return deny('QUANTITY_INVALID', 'The quantity must be a whole number above 0.', { field: 'quantity', value: quantity });
  if (quantity % lotSize !== 0) return deny('LOT_SIZE', `${key} trades in lots of ${lotSize}.`, { field: 'quantity', limit: lotSize, value: quantity });
  if (freezeQuantity !== undefined && quantity > freezeQuantity) {
    return deny('MAX_ORDER_QUANTITY', `One order in ${key} may not exceed the freeze quantity of ${freezeQuantity}.`, { field: 'quantity', limit: freezeQuantity, value: quantity, remedy: 'Split the order.' });
  }
  return undefined;
}

function checkPrices(order: BrokerOrder, instrument: Instrument): Refusal {
  const { orderType, limitPrice, triggerPrice } = order;
  const { limit, trigger } = PRICES[orderType];
  const refusal = (limit ? checkPrice('limitPrice', limitPrice, instrument) : undefined) ?? (trigger ? checkPrice('triggerPrice', triggerPrice, instrument) : undefined);
  if (refusal !== undefined || orderType !== 'SL' || limitPrice === undefined || triggerPrice === undefined) return refusal;
  const beyond = order.action === 'BUY' ? limitPrice >= triggerPrice : limitPrice <= triggerPrice;
  if (beyond) return undefined;
  const side = order.action === 'BUY' ? 'at or above' : 'at or below';
  return deny('INVALID_FIELD', `The limit of a ${order.action} stop must be ${side} its trigger.`, { field: 'limitPrice', limit: fromMoney(triggerPrice), value: fromMoney(limitPrice) });
}

function checkPrice(field: 'limitPrice' | 'triggerPrice', price: Money | undefined, instrument: Instrument): Refusal {
  if (price === undefined) return deny('MISSING_FIELD', `This order type needs a ${field}.`, { field });
  if (price <= 0) return deny('INVALID_FIELD', `The ${field} must be above 0.`, { field, value: fromMoney(price) });
  const tick = tickSizeAt(instrument, price);
  if (price % tick !== 0) return deny('PRICE_OFF_TICK', `The ${field} must be a multiple of ${fromMoney(tick)}.`, { field, limit: fromMoney(tick), value: fromMoney(price) });
  return undefined;
}
