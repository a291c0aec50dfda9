import { z } from 'zod';
import { deny, ok, type Denial, type Outcome } from '../runtime/domain/denial';
import { AllowedDirection, directionIn, exitOf, isExitAction, OrderAction, tighterDirection, type ExitWish } from '../runtime/domain/direction';
import { Envelope } from '../runtime/domain/envelope';
import { roundToTick } from '../runtime/domain/instrument';
import { Exchange, instrumentKey } from '../runtime/domain/market';
import { fromMoney, toMoney, type Money } from '../runtime/domain/money';
import type { Command, OrderRequest, Tradable, TradableQuery } from '../runtime/domain/nodeContext';
import { OrderType, Product, type Action, type Size } from '../runtime/domain/order';
import type { Funds } from '../runtime/domain/ports';
import { sizeQuantity } from '../runtime/domain/sizing';
import { field } from '../runtime/hosts/field';

const FROM_ITEM = 'Empty takes it from the incoming item.';
export const ACTION_LABELS = { BUY: 'BUY', SELL: 'SELL', EXIT: 'Exit', EXIT_LONG: 'Exit Long', EXIT_SHORT: 'Exit Short' } as const;

/** What to trade. Each is optional: an explicit parameter goes before the item, the item before the default. */
export const instrumentFields = {
  exchange: Exchange.optional().register(field, { label: 'Exchange', help: `${FROM_ITEM} NSE where neither says.` }),
  symbol: z.string().max(60).optional().register(field, { label: 'Symbol', help: `${FROM_ITEM} OpenAlgo's spelling: SBIN, NIFTY29DEC26FUT, NIFTY29DEC2626000CE.`, placeholder: 'SBIN' }),
};

/** How to trade it. */
export const orderFields = {
  ...instrumentFields,
  action: OrderAction.optional().register(field, { label: 'Action', options: ACTION_LABELS, help: `${FROM_ITEM} Exit closes what the strategy holds in the symbol and product; Exit Long and Exit Short only that side.` }),
  product: Product.optional().register(field, { label: 'Product', help: `${FROM_ITEM} MIS where neither says.`, options: { CNC: 'CNC (delivery)', MIS: 'MIS (intraday)', NRML: 'NRML (carry forward)' } }),
  orderType: OrderType.optional().register(field, { label: 'Order Type', help: `${FROM_ITEM} MARKET where neither says.` }),
  limitPrice: z.number().positive().optional().register(field, { label: 'Limit Price', unit: '₹', help: `For LIMIT and SL. ${FROM_ITEM}`, section: 'Prices' }),
  triggerPrice: z.number().positive().optional().register(field, { label: 'Trigger Price', unit: '₹', help: `For SL and SL-M. ${FROM_ITEM}`, section: 'Prices' }),
};

/** Which positions the orders of a node may open. */
export const directionFields = {
  direction: AllowedDirection.extract(['both', 'longOnly', 'shortOnly']).default('both').register(field, {
    label: 'Direction', options: { both: 'Long and Short', longOnly: 'Long Only', shortOnly: 'Short Only' },
    help: 'Long Only: a SELL closes what is held and never opens a short. Short Only: a BUY closes and never opens a long. A tighter one in the item holds as well.',
  }),
};

/** How much to trade; the first that is given decides, then it is floored to the lot. */
export const sizingFields = {
  quantity: z.int().positive().optional().register(field, { label: 'Quantity', unit: 'units', help: `Fixed quantity. ${FROM_ITEM}`, section: 'Sizing' }),
  sizePercent: z.number().positive().max(100).optional().register(field, { label: 'Percent of Funds', unit: '%', help: 'Share of the available margin to use.', section: 'Sizing' }),
  riskAmount: z.number().positive().optional().register(field, { label: 'Risk Amount', unit: '₹', help: 'Loss accepted if the stop is hit; needs a stop loss.', section: 'Sizing' }),
  stopLoss: z.number().positive().optional().register(field, { label: 'Stop Loss', unit: '₹', help: 'Stop price that the risk amount is measured against.', section: 'Sizing' }),
  defaultQuantity: z.int().positive().optional().register(field, { label: 'Default Quantity', unit: 'units', help: 'Used when neither node nor item says how much.', section: 'Sizing' }),
};

export const OrderParams = z.object({ ...orderFields, ...directionFields, ...sizingFields });
export type OrderParams = z.infer<typeof OrderParams>;

/** What an order takes from the item. */
export const OrderItem = Envelope.pick({
  signal: true, exchange: true, symbol: true, action: true, direction: true, quantity: true, product: true, orderType: true, limitPrice: true, triggerPrice: true,
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
  readonly action?: OrderAction | undefined;
  readonly direction: Outcome<AllowedDirection>;
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
  const action = params.action ?? item.action;
  // The node's size is one of entries: an exit that the item asks for closes what the item says.
  const own = sized !== undefined && !(isExitAction(action) && params.action === undefined);
  const asked = directionIn(item.direction);
  return {
    exchange: params.exchange ?? item.exchange ?? 'NSE',
    symbol: params.symbol ?? item.symbol ?? '',
    product: params.product ?? item.product ?? 'MIS',
    orderType: params.orderType ?? item.orderType ?? 'MARKET',
    action,
    direction: asked.ok ? ok(tighterDirection(params.direction ?? 'both', asked.value)) : asked,
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
  const isByFunds = (wish: OrderWish): boolean => wish.targetQuantity === undefined && wish.quantity === undefined && wish.sizePercent !== undefined && exitIn(wish) === undefined;
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
  const { kind } = size.value;
  return ok({
    instrument: tradable.instrument, leg, purpose: kind === 'exit' ? 'exit' : 'entry', size: size.value, product, orderType, ...(wish.exitsOnly === true ? { exitsOnly: true } : {}),
    ...(kind === 'target' && size.value.direction !== undefined ? { direction: size.value.direction } : {}), ...onTick(prices.value, tradable, wish, size.value),
  });
}

/** The exit that a wish is: by its word, whatever else it says, or by what may be opened. A target position is none. */
export function exitIn({ action, direction, targetQuantity }: Pick<OrderWish, 'action' | 'direction' | 'targetQuantity'>): ExitWish | undefined {
  if (action === undefined || (targetQuantity !== undefined && !isExitAction(action))) return undefined;
  return exitOf(action, direction.ok ? direction.value : 'both');
}

/** What is journalled of a wish that becomes no order. */
export function refusalOf(wish: OrderWish, leg: number, denial: Denial, tradable?: Outcome<Tradable>): Extract<Command, { kind: 'recordRefusal' }> {
  const { exchange, symbol, product, orderType, quantity = 0, action = 'BUY' } = wish;
  const instrument = tradable?.ok === true ? tradable.value.instrument.key : instrumentKey(exchange, nameOf(symbol));
  const side = action === 'EXIT_SHORT' ? 'BUY' : isExitAction(action) ? 'SELL' : action;
  return { kind: 'recordRefusal', denial, wish: { instrument, leg, purpose: exitIn(wish) === undefined ? 'entry' : 'exit', product, orderType, action: side, quantity } };
}

const NAME_LENGTH = 60;

/** A symbol that is none, on one line. */
function nameOf(symbol: string): string {
  const name = symbol.replace(/[\s\p{C}]+/gu, ' ').trim().slice(0, NAME_LENGTH);
  return name === '' ? '?' : name;
}

/** As much of a wish as an item says that can not be read as a whole. */
export function unreadWish(params: Partial<OrderParams>, item: Envelope): OrderWish {
  const shape: Readonly<Record<string, z.ZodType>> = OrderItem.shape;
  const readable = Object.entries(item).filter(([name, value]) => shape[name]?.safeParse(value).success === true);
  return wishOf(params, OrderItem.parse(Object.fromEntries(readable)));
}

/** What a person should know of an order's size: it was cut to whole lots. */
export function cutOf({ quantity }: OrderWish, { size, instrument: { lotSize } }: OrderRequest): string | undefined {
  const ordered = size.kind === 'target' ? undefined : size.quantity;
  return quantity === undefined || ordered === undefined || ordered >= quantity ? undefined : `${quantity} was cut to ${ordered}: whole lots of ${lotSize}.`;
}

/** A target is cut where its direction ends. */
function targetOf(quantity: number, direction: AllowedDirection): Size {
  if (direction === 'both') return { kind: 'target', quantity };
  const cut = direction === 'longOnly' ? Math.max(0, quantity) : direction === 'shortOnly' ? Math.min(0, quantity) : quantity;
  return { kind: 'target', quantity: cut, direction };
}

/** Risk is measured from where the order would fill: its own limit, else its trigger, else the last price. */
function sizeOf(wish: OrderWish, { limitPrice, triggerPrice }: Prices, { instrument, quote, marginPerUnit, marginPerUnitSold }: Tradable, funds: Funds | undefined): Outcome<Size> {
  if (!wish.direction.ok) return wish.direction;
  const exit = exitIn(wish);
  if (exit !== undefined) {
    const most = wish.quantity === undefined ? undefined : sizeQuantity({ quantity: wish.quantity, lotSize: instrument.lotSize });
    return most?.ok === false ? most : ok({ kind: 'exit', ...exit, ...given('quantity', most?.value.quantity) });
  }
  if (wish.targetQuantity !== undefined) return ok(targetOf(wish.targetQuantity, wish.direction.value));
  if (wish.action === undefined) return deny('MISSING_FIELD', 'Neither BUY nor SELL is given.', { field: 'action', remedy: 'Set the action in the node or in the item.' });
  const byRisk = wish.quantity === undefined && wish.sizePercent === undefined && wish.riskAmount !== undefined;
  const riskAmount = moneyIn('riskAmount', byRisk ? wish.riskAmount : undefined);
  if (!riskAmount.ok) return riskAmount;
  const stopLoss = moneyIn('stopLoss', byRisk ? wish.stopLoss : undefined);
  if (!stopLoss.ok) return stopLoss;
  const sized = sizeQuantity({
    ...given('quantity', wish.quantity), ...given('sizePercent', wish.sizePercent), ...given('defaultQuantity', wish.defaultQuantity),
    ...given('riskAmount', riskAmount.value), ...given('stopLoss', stopLoss.value),
    ...given('entryPrice', limitPrice ?? triggerPrice ?? quote?.last), ...given('marginPerUnit', wish.action === 'SELL' ? marginPerUnitSold ?? marginPerUnit : marginPerUnit),
    ...given('available', funds?.available), lotSize: instrument.lotSize,
  });
  if (!sized.ok) return sized;
  return isExitAction(wish.action) ? ok({ kind: 'exit' }) : ok({ kind: 'fixed', action: wish.action, quantity: sized.value.quantity });
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
  const action = sideOf(size, wish);
  return {
    ...(limitPrice === undefined ? {} : { limitPrice: roundToTick(instrument, limitPrice, action) }),
    ...(triggerPrice === undefined ? {} : { triggerPrice: roundToTick(instrument, triggerPrice, action) }),
  };
}

/** The side that an order most likely has: what is held is not known here, and most of it is long. */
function sideOf(size: Size, { action = 'BUY' }: OrderWish): Action {
  if (size.kind !== 'target' && size.action !== undefined) return size.action;
  return isExitAction(action) ? 'SELL' : action;
}

/** A request as the item carries it on, for the nodes that follow the gate: a size that was judged replaces a target the item came with. An exit stays one, whatever is held by then. */
export function requestView(request: OrderRequest, wish: OrderWish, side: Action, quantity: number): Envelope {
  const action = isExitAction(wish.action) ? wish.action : side;
  const direction = wish.direction.ok && wish.direction.value !== 'both' ? { direction: wish.direction.value } : {};
  const { instrument, product, orderType, limitPrice, triggerPrice } = request;
  return {
    exchange: instrument.exchange, symbol: instrument.symbol, action, product, orderType, ...direction,
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
