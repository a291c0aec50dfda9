import { z } from 'zod';
import { deny, ok, type Outcome } from '../runtime/domain/denial';
import { Envelope } from '../runtime/domain/envelope';
import { roundToTick } from '../runtime/domain/instrument';
import { Exchange } from '../runtime/domain/market';
import { fromMoney, toMoney, type Money } from '../runtime/domain/money';
import type { OrderRequest, Tradable, TradableQuery } from '../runtime/domain/nodeContext';
import { Action, OrderType, Product, type Size } from '../runtime/domain/order';
import type { Funds } from '../runtime/domain/ports';
import { sizeQuantity } from '../runtime/domain/sizing';
import { field } from '../runtime/hosts/field';

const FROM_ITEM = 'Empty takes it from the incoming item.';

/** What to trade. Each is optional: an explicit parameter goes before the item, the item before the default. */
export const instrumentFields = {
  exchange: Exchange.optional().register(field, { label: 'Exchange', help: `${FROM_ITEM} NSE where neither says.` }),
  symbol: z.string().max(60).optional().register(field, { label: 'Symbol', help: `${FROM_ITEM} OpenAlgo's spelling: SBIN, NIFTY29DEC26FUT, NIFTY29DEC2626000CE.`, placeholder: 'SBIN' }),
};

/** How to trade it. */
export const orderFields = {
  ...instrumentFields,
  action: Action.optional().register(field, { label: 'Action', help: FROM_ITEM }),
  product: Product.optional().register(field, { label: 'Product', help: `${FROM_ITEM} MIS where neither says.`, options: { CNC: 'CNC (delivery)', MIS: 'MIS (intraday)', NRML: 'NRML (carry forward)' } }),
  orderType: OrderType.optional().register(field, { label: 'Order Type', help: `${FROM_ITEM} MARKET where neither says.` }),
  limitPrice: z.number().positive().optional().register(field, { label: 'Limit Price', unit: '₹', help: `For LIMIT and SL. ${FROM_ITEM}`, section: 'Prices' }),
  triggerPrice: z.number().positive().optional().register(field, { label: 'Trigger Price', unit: '₹', help: `For SL and SL-M. ${FROM_ITEM}`, section: 'Prices' }),
};

/** How much to trade; the first that is given decides, then it is floored to the lot. */
export const sizingFields = {
  quantity: z.int().positive().optional().register(field, { label: 'Quantity', unit: 'units', help: `Fixed quantity. ${FROM_ITEM}`, section: 'Sizing' }),
  sizePercent: z.number().positive().max(100).optional().register(field, { label: 'Percent of Funds', unit: '%', help: 'Share of the available margin to use.', section: 'Sizing' }),
  riskAmount: z.number().positive().optional().register(field, { label: 'Risk Amount', unit: '₹', help: 'Loss accepted if the stop is hit; needs a stop loss.', section: 'Sizing' }),
  stopLoss: z.number().positive().optional().register(field, { label: 'Stop Loss', unit: '₹', help: 'Stop price that the risk amount is measured against.', section: 'Sizing' }),
  defaultQuantity: z.int().positive().optional().register(field, { label: 'Default Quantity', unit: 'units', help: 'Used when neither node nor item says how much.', section: 'Sizing' }),
};

export const OrderParams = z.object({ ...orderFields, ...sizingFields });
export type OrderParams = z.infer<typeof OrderParams>;

/** What an order takes from the item. */
export const OrderItem = Envelope.pick({
  signal: true, exchange: true, symbol: true, action: true, quantity: true, product: true, orderType: true, limitPrice: true, triggerPrice: true,
  sizePercent: true, riskAmount: true, stopLoss: true, targetQuantity: true, decision: true,
}).extend({
  /** What a schedule says of itself; a text or number of that name is none. */
  schedule: z.looseObject({ exitsOnly: z.unknown() }).optional().catch(undefined),
});
export type OrderItem = z.infer<typeof OrderItem>;

/** Parameters and item in one: the explicit parameter first. */
export interface OrderWish {
  readonly exchange: Exchange;
  readonly symbol: string;
  readonly product: Product;
  readonly orderType: OrderType;
  readonly action?: Action | undefined;
  readonly limitPrice?: number | undefined;
  readonly triggerPrice?: number | undefined;
  readonly quantity?: number | undefined;
  readonly sizePercent?: number | undefined;
  readonly riskAmount?: number | undefined;
  readonly stopLoss?: number | undefined;
  readonly targetQuantity?: number | undefined;
  readonly defaultQuantity?: number | undefined;
  /** The schedule that it follows came too late for entries. No parameter lifts it. */
  readonly exitsOnly?: boolean | undefined;
}

/** Whatever else stands there means that entries are too late: a text that another node made of it as well. */
const MAY_ENTER: ReadonlySet<unknown> = new Set([undefined, null, false, 'false', '']);

export function wishOf(params: Partial<OrderParams>, item: OrderItem): OrderWish {
  const sized = params.quantity ?? params.sizePercent ?? params.riskAmount;
  const own = sized !== undefined;
  return {
    exchange: params.exchange ?? item.exchange ?? 'NSE',
    symbol: params.symbol ?? item.symbol ?? '',
    product: params.product ?? item.product ?? 'MIS',
    orderType: params.orderType ?? item.orderType ?? 'MARKET',
    action: params.action ?? item.action,
    limitPrice: params.limitPrice ?? item.limitPrice,
    triggerPrice: params.triggerPrice ?? item.triggerPrice,
    quantity: own ? params.quantity : item.quantity,
    sizePercent: own ? params.sizePercent : item.sizePercent,
    riskAmount: own ? params.riskAmount : item.riskAmount,
    stopLoss: params.stopLoss ?? item.stopLoss,
    targetQuantity: own ? undefined : item.targetQuantity,
    defaultQuantity: params.defaultQuantity,
    exitsOnly: !MAY_ENTER.has(item.schedule?.exitsOnly),
  };
}

/** The instrument that a wish names. */
export function queryOf({ exchange, symbol, product }: OrderWish): TradableQuery {
  return { exchange, symbol, product };
}

/** Brokers are asked for the funds only where the size depends on them: the question costs a call of their limits, its time, and the order where it fails. */
export function fundsFor(wishes: readonly OrderWish[]): { readonly kind: 'funds' } | { readonly kind: 'none' } {
  const isByFunds = ({ targetQuantity, quantity, sizePercent }: OrderWish): boolean => targetQuantity === undefined && quantity === undefined && sizePercent !== undefined;
  return { kind: wishes.some(isByFunds) ? 'funds' : 'none' };
}

/** The data an order is made of. */
export interface OrderData {
  readonly tradable: Outcome<Tradable>;
  /** As `fundsFor` asked. */
  readonly funds: Funds | undefined;
}

/** A wish and its data as a request to the router: symbol resolved, size computed, prices on the tick. */
export function orderRequest(wish: OrderWish, data: OrderData, leg: number): Outcome<OrderRequest> {
  if (wish.symbol === '') return deny('MISSING_FIELD', 'No symbol is given.', { field: 'symbol', remedy: 'Set it in the node or in the item.' });
  if (!data.tradable.ok) return data.tradable;
  const tradable = data.tradable.value;
  const prices = pricesOf(wish);
  if (!prices.ok) return prices;
  const size = sizeOf(wish, prices.value, tradable, data.funds);
  if (!size.ok) return size;
  const { product, orderType } = wish;
  return ok({ instrument: tradable.instrument, leg, purpose: 'entry', size: size.value, product, orderType, ...(wish.exitsOnly === true ? { exitsOnly: true } : {}), ...onTick(prices.value, tradable, wish, size.value) });
}

/** Risk is measured from where the order would fill: its own limit, else its trigger, else the last price. */
function sizeOf(wish: OrderWish, { limitPrice, triggerPrice }: Prices, { instrument, quote, marginPerUnit }: Tradable, funds: Funds | undefined): Outcome<Size> {
  if (wish.targetQuantity !== undefined) return ok({ kind: 'target', quantity: wish.targetQuantity });
  if (wish.action === undefined) return deny('MISSING_FIELD', 'Neither BUY nor SELL is given.', { field: 'action', remedy: 'Set the action in the node or in the item.' });
  const byRisk = wish.quantity === undefined && wish.sizePercent === undefined && wish.riskAmount !== undefined;
  const riskAmount = moneyIn('riskAmount', byRisk ? wish.riskAmount : undefined);
  if (!riskAmount.ok) return riskAmount;
  const stopLoss = moneyIn('stopLoss', byRisk ? wish.stopLoss : undefined);
  if (!stopLoss.ok) return stopLoss;
  const sized = sizeQuantity({
    ...given('quantity', wish.quantity), ...given('sizePercent', wish.sizePercent), ...given('defaultQuantity', wish.defaultQuantity),
    ...given('riskAmount', riskAmount.value), ...given('stopLoss', stopLoss.value),
    ...given('entryPrice', limitPrice ?? triggerPrice ?? quote?.last), ...given('marginPerUnit', marginPerUnit),
    ...given('available', funds?.available), lotSize: instrument.lotSize,
  });
  return sized.ok ? ok({ kind: 'fixed', action: wish.action, quantity: sized.value.quantity }) : sized;
}

interface Prices {
  readonly limitPrice?: Money;
  readonly triggerPrice?: Money;
}

/** The prices that the order type needs, as they were asked for. */
function pricesOf({ orderType, limitPrice, triggerPrice }: OrderWish): Outcome<Prices> {
  const wantsLimit = orderType === 'LIMIT' || orderType === 'SL';
  const wantsTrigger = orderType === 'SL' || orderType === 'SL-M';
  if (wantsLimit && limitPrice === undefined) return deny('MISSING_FIELD', `A ${orderType} order needs a limit price.`, { field: 'limitPrice' });
  if (wantsTrigger && triggerPrice === undefined) return deny('MISSING_FIELD', `A ${orderType} order needs a trigger price.`, { field: 'triggerPrice' });
  const limit = moneyIn('limitPrice', wantsLimit ? limitPrice : undefined);
  if (!limit.ok) return limit;
  const trigger = moneyIn('triggerPrice', wantsTrigger ? triggerPrice : undefined);
  if (!trigger.ok) return trigger;
  return ok({ ...given('limitPrice', limit.value), ...given('triggerPrice', trigger.value) });
}

/** Buy limits round up to the tick and sell limits down, so that rounding never makes an order less likely to fill. */
function onTick({ limitPrice, triggerPrice }: Prices, { instrument }: Tradable, wish: OrderWish, size: Size): Prices {
  const action = size.kind === 'fixed' ? size.action : (wish.action ?? 'BUY');
  return {
    ...(limitPrice === undefined ? {} : { limitPrice: roundToTick(instrument, limitPrice, action) }),
    ...(triggerPrice === undefined ? {} : { triggerPrice: roundToTick(instrument, triggerPrice, action) }),
  };
}

/** A request as the item carries it on, for the nodes that follow the gate: a size that was judged replaces a target the item came with. */
export function requestView(request: OrderRequest, action: Action, quantity: number): Envelope {
  const { instrument, product, orderType, limitPrice, triggerPrice } = request;
  return {
    exchange: instrument.exchange, symbol: instrument.symbol, action, product, orderType,
    ...(request.size.kind === 'target' ? { targetQuantity: request.size.quantity } : { quantity, targetQuantity: undefined }),
    ...(limitPrice === undefined ? {} : { limitPrice: fromMoney(limitPrice) }),
    ...(triggerPrice === undefined ? {} : { triggerPrice: fromMoney(triggerPrice) }),
  };
}

/** Far above any price or account, and still exact when multiplied by an order's quantity. */
const MAX_RUPEES = 1e11;

/** An amount of an item: above zero and one that a ledger can hold, or refused by its name. */
function moneyIn(name: string, rupees: number | undefined): Outcome<Money | undefined> {
  if (rupees === undefined) return ok(undefined);
  if (rupees > 0 && rupees <= MAX_RUPEES) return ok(toMoney(rupees));
  return deny('INVALID_FIELD', `${name} must be an amount above 0, not ${rupees}.`, { field: name, limit: MAX_RUPEES, value: rupees });
}

function given<K extends string, V>(name: K, value: V | undefined): { readonly [N in K]?: V } {
  const entry: { [N in K]?: V } = {};
  if (value !== undefined) entry[name] = value;
  return entry;
}
