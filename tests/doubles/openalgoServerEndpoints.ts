import { z } from 'zod';
import type { GatewayOrder, GatewayOrders, GatewayTrade, OrderTerms } from './openalgoServerOrders';

export type Json = Readonly<Record<string, unknown>>;
export interface Answer {
  readonly status: number;
  readonly body: Json;
}

/** Analyze is the server's sandbox; live rows lack its strategy, fills and trade ids; semi-auto is live with a person in between. */
export type GatewayMode = 'analyze' | 'live' | 'semi_auto';

export interface HistoryRowGiven {
  readonly timestamp: unknown;
  readonly [field: string]: unknown;
}

export interface Gateway {
  readonly orders: GatewayOrders;
  mode: GatewayMode;
  /** Orders that wait for a person's approval. */
  readonly queued: Json[];
  /** Rows by `EXCHANGE:SYMBOL interval`, whatever they hold. */
  readonly history: Map<string, readonly HistoryRowGiven[]>;
  /** More days than this in one request for candles are refused, as a broker does. */
  mostDays: number;
  /** Requests for candles that begin before this day are refused: what the broker keeps begins there. */
  oldestDay: string;
  /** What the lists say; frozen while it is defined. */
  lists: { readonly orders: readonly GatewayOrder[]; readonly trades: readonly GatewayTrade[] } | undefined;
}

const Whole = z.union([z.number(), z.string()]).transform(Number);
const ACTIONS = ['BUY', 'SELL', 'buy', 'sell'];
const ORDER_FIELDS = ['apikey', 'strategy', 'exchange', 'symbol', 'action', 'quantity', 'pricetype', 'product', 'price', 'trigger_price', 'disclosed_quantity'];

/** Marshmallow's complaints as the order endpoints print them. */
const complaint = (field: string, why: string): Answer => ({ status: 400, body: { message: `{'${field}': ['${why}']}`, status: 'error' } });
const refusal = (message: string, gateway: Gateway, status = 400): Answer => ({ status, body: { message, ...modeOf(gateway), status: 'error' } });
const modeOf = ({ mode }: Gateway): Json => (mode === 'analyze' ? { mode: 'analyze' } : {});
const found = (gateway: Gateway, body: Json): Answer => ({ status: 200, body: { ...body, ...modeOf(gateway), status: 'success' } });

/** Five places a side, those without an order at 0. */
const level = (price: number, quantity: number): Json => ({ price, quantity });
const NO_LEVELS = Array.from({ length: 5 }, () => level(0, 0));
const DEPTH = { ltp: 800, volume: 1_000, oi: 0, totalbuyqty: 15, totalsellqty: 7, bids: [level(799.95, 10), level(799.9, 5), ...NO_LEVELS.slice(2)], asks: [level(800.05, 7), ...NO_LEVELS.slice(1)] };

type Endpoint = (gateway: Gateway, body: Json) => Answer;

/** What the gateway answers to one request whose key is right, by its recorded contract. */
export const ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  placeorder: (gateway, body) => placement(gateway, body),
  placesmartorder: (gateway, body) => smartOrder(gateway, body),
  optionsmultiorder: (gateway, body) => optionLegs(gateway, body),
  modifyorder: (gateway, body) => modification(gateway, body),
  cancelorder: (gateway, body) => cancellation(gateway, body),
  cancelallorder: (gateway) => found(gateway, { canceled_orders: [], failed_cancellations: [], message: 'No open orders to cancel' }),
  openposition: (gateway, { symbol, exchange, product }) => found(gateway, { quantity: gateway.orders.positions().find((entry) => entry.symbol === symbol && entry.exchange === exchange && entry.product === product)?.quantity ?? 0 }),
  orderbook: (gateway) => found(gateway, { data: { orders: [...(gateway.lists ?? gateway.orders).orders].reverse().map((order) => orderRow(gateway, order)), statistics: statistics(gateway.orders.orders) } }),
  tradebook: (gateway) => found(gateway, { data: [...(gateway.lists ?? gateway.orders).trades].reverse().map((trade) => tradeRow(gateway, trade)) }),
  positionbook: (gateway) => found(gateway, { data: gateway.orders.positions().map((position) => ({ ...position, quantity: gateway.mode === 'analyze' ? position.quantity : String(position.quantity), ltp: 800, pnl: 0 })) }),
  holdings: (gateway) => found(gateway, { data: { holdings: [], statistics: { totalholdingvalue: 0, totalinvvalue: 0, totalpnlpercentage: 0, totalprofitandloss: 0 } } }),
  funds: (gateway) => funds(gateway),
  gttorderbook: (gateway) => found(gateway, { data: [GTT] }),
  history: (gateway, body) => history(gateway, body),
  depth: (gateway, { symbol }) => found(gateway, { data: symbol === 'SBIN' ? DEPTH : { ...DEPTH, bids: NO_LEVELS, asks: NO_LEVELS } }),
  analyzer: ({ mode }) => ({ status: 200, body: { data: { analyze_mode: mode === 'analyze', mode: mode === 'analyze' ? 'analyze' : 'live', total_logs: 0 }, status: 'success' } }),
  'analyzer/toggle': (gateway, { mode }) => {
    gateway.mode = String(mode) === 'true' ? 'analyze' : 'live';
    return { status: 200, body: { data: { analyze_mode: gateway.mode === 'analyze', message: `Analyzer mode switched to ${gateway.mode}`, mode: gateway.mode, total_logs: 24 }, status: 'success' } };
  },
  ping: () => ({ status: 200, body: { data: { message: 'pong', broker: 'simbroker' }, status: 'success' } }),
  optiongreeks: () => ({ status: 500, body: { message: 'Internal server error while calculating option Greeks', status: 'error' } }),
  search: () => ({ status: 200, body: { data: [], message: 'No matching symbols found', status: 'success' } }),
  expiry: (_gateway, { symbol, exchange }) => ({ status: 200, body: { data: [], message: `No expiry dates found for ${String(symbol)} options in ${String(exchange)}`, status: 'success' } }),
  optionsymbol: (_gateway, { underlying, expiry_date: expiry }) => ({ status: 404, body: { message: `No strikes found for ${String(underlying)} expiring ${String(expiry)}. Please check expiry date or update master contract.`, status: 'error' } }),
  'whatsapp/notify': () => ({ status: 409, body: { message: 'WhatsApp is not paired or not connected. Pair the device first from the /whatsapp page in OpenAlgo before sending.', status: 'error' } }),
  instruments: () => ({ status: 200, body: { data: ['SBIN', 'RELIANCE', 'REJECT'].map(instrumentRow), message: 'Found 3 instruments', status: 'success' } }),
};

/** The terms of an order, or what is wrong with them. */
function termsOf(gateway: Gateway, body: Json, more: readonly string[] = []): OrderTerms | Answer {
  const unknown = Object.keys(body).find((field) => !ORDER_FIELDS.includes(field) && !more.includes(field));
  if (unknown !== undefined) return complaint(unknown, 'Unknown field.');
  const { strategy, symbol, exchange, product = 'MIS', pricetype = 'MARKET', action } = body;
  const quantity = Whole.parse(body['quantity'] ?? 0);
  const price = Whole.parse(body['price'] ?? 0);
  if (!ACTIONS.includes(String(action))) return complaint('action', 'Must be one of: BUY, SELL, buy, sell.');
  if (!(quantity > 0) && more.length === 0) return complaint('quantity', 'Quantity must be a positive number.');
  if (price < 0) return complaint('price', 'Price must be a non-negative number.');
  const trigger = Whole.parse(body['trigger_price'] ?? 0);
  if (product === 'CNC' && exchange === 'NFO') return refusal('CNC product not allowed for NFO derivatives segment. Use NRML for carryforward or MIS for intraday.', gateway);
  if (pricetype === 'SL' && price === 0) return refusal('SL orders require price', gateway);
  if ((pricetype === 'SL' || pricetype === 'SL-M') && trigger === 0) return refusal(`${pricetype} orders require trigger_price`, gateway);
  const type = z.enum(['MARKET', 'LIMIT', 'SL', 'SL-M']).parse(pricetype);
  return { strategy: String(strategy), symbol: String(symbol), exchange: String(exchange), product: String(product), pricetype: type, action: String(action).toUpperCase() === 'BUY' ? 'BUY' : 'SELL', quantity, price, trigger_price: trigger };
}

function placement(gateway: Gateway, body: Json): Answer {
  if (gateway.mode === 'semi_auto') {
    gateway.queued.push(body);
    return { status: 200, body: { status: 'success', message: 'Order queued for approval in Action Center', mode: 'semi_auto', pending_order_id: gateway.queued.length } };
  }
  const terms = termsOf(gateway, body);
  return 'status' in terms ? terms : carriedOut(gateway, terms);
}

function carriedOut(gateway: Gateway, terms: OrderTerms): Answer {
  const placed = gateway.orders.place(terms);
  return typeof placed === 'string' ? refusal(placed, gateway) : found(gateway, { orderid: placed.orderid });
}

function smartOrder(gateway: Gateway, body: Json): Answer {
  if (body['position_size'] === undefined) return { status: 400, body: { ...complaint('position_size', 'Missing data for required field.').body, ...modeOf(gateway) } };
  const terms = termsOf(gateway, body, ['position_size']);
  if ('status' in terms) return terms;
  const target = Whole.parse(body['position_size']);
  const held = gateway.orders.positions().find((entry) => entry.symbol === terms.symbol && entry.exchange === terms.exchange && entry.product === terms.product)?.quantity ?? 0;
  if (target === held && (target !== 0 || terms.quantity === 0)) return found(gateway, { message: target === 0 ? 'No OpenPosition Found. Not placing Exit order.' : 'Positions Already Matched. No Action needed.' });
  const difference = target === 0 && held === 0 ? terms.quantity * (terms.action === 'BUY' ? 1 : -1) : target - held;
  return carriedOut(gateway, { ...terms, action: difference > 0 ? 'BUY' : 'SELL', quantity: Math.abs(difference) });
}

const Legs = z.array(z.object({ offset: z.string(), option_type: z.string(), action: z.string(), quantity: z.number(), product: z.string() }));

function optionLegs(gateway: Gateway, { underlying, legs }: Json): Answer {
  const results = Legs.parse(legs).map(({ offset, option_type: type, action, quantity, product }, index) => {
    const symbol = `NIFTY29DEC26${type === 'CE' ? 24_100 : 23_900}${type}`;
    const placed = gateway.orders.place({ strategy: 't', exchange: 'NFO', symbol, action: action === 'BUY' ? 'BUY' : 'SELL', quantity, product, pricetype: 'MARKET', price: 0, trigger_price: 0 });
    return { action, exchange: 'NFO', leg: index + 1, ...modeOf(gateway), offset, option_type: type, orderid: typeof placed === 'string' ? '' : placed.orderid, product, status: 'success', symbol };
  });
  return found(gateway, { results, underlying, underlying_ltp: 24_012 });
}

/** In semi-auto nobody but the person cancels or changes. */
function handsOff(what: string, to: string): Answer {
  return { status: 403, body: { message: `${what} operation is not allowed in Semi-Auto mode. Please switch to Auto mode to ${to}.`, status: 'error' } };
}

function cancellation(gateway: Gateway, { orderid }: Json): Answer {
  if (gateway.mode === 'semi_auto') return handsOff('Cancel order', 'cancel orders');
  const order = gateway.orders.orders.find((entry) => entry.orderid === orderid);
  if (order === undefined) return refusal(`Order ${String(orderid)} not found`, gateway, 404);
  if (order.order_status !== 'open' && order.order_status !== 'trigger pending') return refusal(`Cannot cancel order in ${order.order_status} status`, gateway);
  order.order_status = 'cancelled';
  return found(gateway, { orderid: order.orderid });
}

const MODIFY_FIELDS = ['exchange', 'symbol', 'orderid', 'action', 'product', 'pricetype', 'price', 'quantity', 'disclosed_quantity', 'trigger_price'];

function modification(gateway: Gateway, body: Json): Answer {
  if (gateway.mode === 'semi_auto') return handsOff('Modify order', 'modify orders');
  const missing = MODIFY_FIELDS.find((field) => body[field] === undefined);
  if (missing !== undefined) return complaint(missing, 'Missing data for required field.');
  const order = gateway.orders.orders.find((entry) => entry.orderid === body['orderid']);
  if (order === undefined) return refusal(`Order ${String(body['orderid'])} not found`, gateway, 404);
  if (order.order_status !== 'open' && order.order_status !== 'trigger pending') return refusal(`Cannot modify order in ${order.order_status} status`, gateway);
  order.quantity = Whole.parse(body['quantity']);
  order.price = Whole.parse(body['price']);
  order.trigger_price = Whole.parse(body['trigger_price']);
  return found(gateway, { orderid: order.orderid });
}

function orderRow({ mode }: Gateway, order: GatewayOrder): Json {
  const { filled_quantity: filled, average_price: average, rejection_reason: reason, strategy, ...live } = order;
  return mode === 'analyze' ? { ...live, filled_quantity: filled, pending_quantity: order.quantity - filled, average_price: average, rejection_reason: reason, strategy } : { ...live, quantity: String(order.quantity) };
}

function tradeRow({ mode }: Gateway, { tradeid, strategy, price, ...trade }: GatewayTrade): Json {
  const row = { ...trade, average_price: price, trade_value: price * trade.quantity };
  return mode === 'analyze' ? { ...row, price, strategy, tradeid } : row;
}

function statistics(orders: readonly GatewayOrder[]): Json {
  const count = (fits: (order: GatewayOrder) => boolean): number => orders.filter(fits).length;
  return {
    total_buy_orders: count(({ action }) => action === 'BUY'), total_sell_orders: count(({ action }) => action === 'SELL'), total_completed_orders: count((order) => order.order_status === 'complete'),
    total_open_orders: count((order) => order.order_status === 'open'), total_rejected_orders: count((order) => order.order_status === 'rejected'), total_trigger_pending_orders: count((order) => order.order_status === 'trigger pending'),
  };
}

/** Numbers in the sandbox, text live. */
function funds(gateway: Gateway): Answer {
  const { available, used, realised } = gateway.orders.funds();
  if (gateway.mode !== 'analyze') return found(gateway, { data: { availablecash: available.toFixed(2), collateral: '0.00', m2mrealized: realised.toFixed(2), m2munrealized: '0.00', utiliseddebits: used.toFixed(2) } });
  return found(gateway, { data: { availablecash: available, collateral: 0, grossexposure: used, last_reset: '2026-11-23 10:30:14', m2mrealized: realised, m2munrealized: 0, reset_count: 0, today_realized_pnl: realised, total_realized_pnl: realised, totalpnl: realised, utiliseddebits: used } });
}

const INDIA_MS = 5.5 * 3_600_000;

function history({ history: rows, mostDays, oldestDay }: Gateway, { exchange, symbol, interval, start_date: start, end_date: end }: Json): Answer {
  const from = Date.parse(`${String(start)}T00:00:00Z`) - INDIA_MS;
  const until = Date.parse(`${String(end)}T00:00:00Z`) - INDIA_MS + 86_400_000;
  if (until - from > mostDays * 86_400_000) return { status: 400, body: { message: 'The date range is larger than the broker allows.', status: 'error' } };
  if (String(start) < oldestDay) return { status: 400, body: { message: 'from_date is too far back', status: 'error' } };
  const all = rows.get(`${String(exchange)}:${String(symbol)} ${String(interval)}`);
  if (all === undefined) return { status: 400, body: { message: `Symbol ${String(symbol)} not found in ${String(exchange)}`, status: 'error' } };
  // A row whose time is no number belongs to every day.
  return { status: 200, body: { data: all.filter(({ timestamp }) => typeof timestamp !== 'number' || (timestamp * 1_000 >= from && timestamp * 1_000 < until)), status: 'success' } };
}

const instrumentRow = (symbol: string): Json => ({ brexchange: 'NSE', brsymbol: symbol, exchange: 'NSE', expiry: '', instrumenttype: 'EQ', lotsize: 1, name: symbol, strike: 0, symbol, tick_size: 0.05, token: symbol });

const GTT: Json = {
  created_at: '2026-11-23T05:01:01', exchange: 'NSE', expires_at: '2027-11-23T10:31:01.103626', last_price: 800, legs: [{ action: 'SELL', price: 820, pricetype: 'LIMIT', product: 'CNC', quantity: 1 }],
  margin_blocked: 820, status: 'active', strategy: 't', symbol: 'SBIN', trigger_id: 'GTT-261123-1', trigger_prices: [818], trigger_type: 'single', updated_at: '2026-11-23T05:01:01',
};
