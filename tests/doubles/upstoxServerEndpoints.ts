import { z } from 'zod';
import type { GatewayOrder, GatewayOrders, GatewayTrade } from './openalgoServerOrders';

export interface UpstoxRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly authorization: string | undefined;
}
export interface UpstoxAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** One line of the list of instruments, as Upstox writes it; `symbol` is what the stand-in exchange calls it (`NSE:TEST`). */
export type UpstoxInstrument = Readonly<Record<string, unknown>> & { readonly instrument_key: string; readonly symbol?: string };

/** What stands behind the server: an exchange, and what the test wants to be wrong with it. */
export interface UpstoxBack {
  /** `strategy` holds Upstox' tag, `product` Upstox' letter in Bellwether's words. */
  readonly orders: GatewayOrders;
  /** What the lists say; frozen while it is defined. */
  lists: { readonly orders: readonly GatewayOrder[]; readonly trades: readonly GatewayTrade[] } | undefined;
  instruments: readonly UpstoxInstrument[];
  staticAddresses: readonly string[];
  /** The next order is taken and rejected afterwards, with this reason. */
  rejectsLate: string | undefined;
  /** Rows by `key unit`, newest first: [start, o, h, l, c, volume, oi]. */
  readonly candles: Map<string, readonly (readonly unknown[])[]>;
  /** More days of minutes in one request are refused. */
  mostMinuteDays: number;
  /** Requests for candles that begin before this day are refused: what Upstox keeps begins there. */
  oldestDay: string;
  chain: readonly unknown[];
  /** An address that opens a stream once. */
  leave(kind: 'market' | 'orders'): string;
}

/** Both spellings of the code, as they are sent. */
export function upstoxError(code: string, message: string): object {
  return { status: 'error', errors: [{ errorCode: code, error_code: code, message, propertyPath: null, invalidValue: null, property_path: null, invalid_value: null }] };
}

const refuse = (code: string, message: string, status = 400): UpstoxAnswer => ({ status, body: upstoxError(code, message) });
const succeed = (data: unknown): UpstoxAnswer => ({ status: 200, body: { status: 'success', data, metadata: { latency: 12 } } });

const Placement = z.strictObject({
  quantity: z.number().int().positive(), product: z.enum(['I', 'D', 'MTF']), validity: z.enum(['DAY', 'IOC']), price: z.number(), tag: z.string().max(40).optional(), slice: z.boolean(),
  instrument_token: z.string(), order_type: z.enum(['MARKET', 'LIMIT', 'SL', 'SL-M']), transaction_type: z.enum(['BUY', 'SELL']), disclosed_quantity: z.number(), trigger_price: z.number(), is_amo: z.boolean(),
  market_protection: z.number().min(-1).max(25).optional(),
});
const Modification = Placement.omit({ product: true, tag: true, slice: true, instrument_token: true, transaction_type: true, is_amo: true }).extend({ order_id: z.string() });

type Endpoint = (back: UpstoxBack, request: UpstoxRequest) => UpstoxAnswer;

const ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  'POST /hft/v3/order/place': place,
  'PUT /hft/v3/order/modify': modify,
  'DELETE /hft/v3/order/cancel': cancel,
  'GET /v2/order/retrieve-all': (back) => succeed((back.lists ?? back.orders).orders.map((order) => orderRow(back, order))),
  'GET /v2/order/trades/get-trades-for-day': (back) => succeed((back.lists ?? back.orders).trades.map((trade) => tradeRow(back, trade))),
  'GET /v2/portfolio/short-term-positions': (back) => succeed(back.orders.positions().map((position) => positionRow(back, position))),
  'GET /v3/user/get-funds-and-margin': (back) => succeed(funds(back)),
  'GET /v2/user/ip': ({ staticAddresses: [first, second] }) => succeed({ user_id: 'XX1234', primary_ip: first ?? null, secondary_ip: second ?? null }),
  'GET /v3/feed/market-data-feed/authorize': (back) => succeed(leaveOf(back, 'market')),
  'GET /v2/feed/portfolio-stream-feed/authorize': (back) => succeed(leaveOf(back, 'orders')),
  'GET /v2/option/chain': (back) => succeed(back.chain),
};

export function upstoxVerdict(back: UpstoxBack, request: UpstoxRequest): UpstoxAnswer {
  const endpoint = ENDPOINTS[`${request.method} ${request.path}`];
  if (endpoint !== undefined) return endpoint(back, request);
  if (request.path.startsWith('/v3/historical-candle/')) return candles(back, request.path);
  return refuse('UDAPI100060', 'Resource not Found.', 404);
}

function leaveOf(back: UpstoxBack, kind: 'market' | 'orders'): object {
  const address = back.leave(kind);
  return { authorized_redirect_uri: address, authorizedRedirectUri: address };
}

const marketOnly = (type: string, protection: number | undefined): boolean => (type === 'MARKET' || type === 'SL-M') && (protection ?? 0) === 0;

function place(back: UpstoxBack, { body }: UpstoxRequest): UpstoxAnswer {
  const terms = Placement.safeParse(body);
  if (!terms.success) return refuse('UDAPI100036', `Invalid Input: ${terms.error.issues[0]?.path.join('.') ?? ''}`);
  const { instrument_token: key, tag, product, order_type: pricetype, transaction_type: action, quantity, price, trigger_price, market_protection: protection } = terms.data;
  if (marketOnly(pricetype, protection)) return refuse('UDAPI1158', 'Market orders are not allowed. Try placing an order with market protection.');
  const symbol = back.instruments.find((line) => line.instrument_key === key)?.symbol;
  if (symbol === undefined) return refuse('UDAPI100011', 'Invalid Instrument key');
  const [exchange = '', name = ''] = symbol.split(':');
  if (back.rejectsLate !== undefined) return rejectedLate(back, { exchange, symbol: name, tag: tag ?? '', product, action, quantity, pricetype, price, trigger_price });
  const placed = back.orders.place({ strategy: tag ?? '', symbol: name, exchange, action, quantity, price, trigger_price, pricetype, product: product === 'I' ? 'MIS' : 'CNC' });
  return typeof placed === 'string' ? refuse('UDAPI100058', placed) : succeed({ order_ids: [placed.orderid] });
}

/** Taken with 200, and rejected in the order book: acceptance of a request is none of the order. */
function rejectedLate(back: UpstoxBack, { tag, product, ...terms }: Pick<GatewayOrder, 'exchange' | 'symbol' | 'action' | 'quantity' | 'pricetype' | 'price' | 'trigger_price'> & { readonly tag: string; readonly product: string }): UpstoxAnswer {
  const reason = back.rejectsLate ?? '';
  back.rejectsLate = undefined;
  const orderid = `late${back.orders.orders.length + 1}`;
  back.orders.orders.push({ ...terms, orderid, strategy: tag, product: product === 'I' ? 'MIS' : 'CNC', order_status: 'rejected', filled_quantity: 0, average_price: 0, rejection_reason: reason, timestamp: '2026-11-20 10:00:00' });
  return succeed({ order_ids: [orderid] });
}

const isResting = ({ order_status: status }: GatewayOrder): boolean => status === 'open' || status === 'trigger pending';

function modify(back: UpstoxBack, { body }: UpstoxRequest): UpstoxAnswer {
  const terms = Modification.safeParse(body);
  if (!terms.success) return refuse('UDAPI100036', `Invalid Input: ${terms.error.issues[0]?.path.join('.') ?? ''}`);
  const { order_id: id, quantity, price, trigger_price: trigger, order_type: type, market_protection: protection } = terms.data;
  const order = back.orders.orders.find((entry) => entry.orderid === id);
  if (order === undefined) return refuse('UDAPI100010', 'Order id not found', 404);
  if (!isResting(order)) return refuse('UDAPI100041', `The order is ${order.order_status} and can not be modified`);
  if (marketOnly(type, protection)) return refuse('UDAPI1158', 'Market orders are not allowed. Try placing an order with market protection.');
  Object.assign(order, { quantity, price, trigger_price: trigger });
  return succeed({ order_id: id });
}

function cancel(back: UpstoxBack, { query }: UpstoxRequest): UpstoxAnswer {
  const order = back.orders.orders.find((entry) => entry.orderid === query['order_id']);
  if (order === undefined) return refuse('UDAPI100010', 'Order id not found', 404);
  if (!isResting(order)) return refuse('UDAPI100040', `The order is already ${order.order_status}`);
  order.order_status = 'cancelled';
  return succeed({ order_id: order.orderid });
}

const keyOf = (back: UpstoxBack, { exchange, symbol }: { readonly exchange: string; readonly symbol: string }): string => back.instruments.find((line) => line.symbol === `${exchange}:${symbol}`)?.instrument_key ?? `${exchange}_EQ|${symbol}`;
const productOf = (product: string): string => (product === 'MIS' ? 'I' : 'D');

function orderRow(back: UpstoxBack, order: GatewayOrder): object {
  const key = keyOf(back, order);
  return {
    exchange: order.exchange, product: productOf(order.product), price: order.price, quantity: order.quantity, status: order.order_status, guid: null, tag: order.strategy === '' ? null : order.strategy,
    instrument_token: key, instrument_key: key, placed_by: 'XX1234', tradingsymbol: order.symbol, trading_symbol: order.symbol, order_type: order.pricetype, validity: 'DAY', trigger_price: order.trigger_price, disclosed_quantity: 0,
    transaction_type: order.action, average_price: order.average_price, filled_quantity: order.filled_quantity, pending_quantity: order.quantity - order.filled_quantity,
    status_message: order.rejection_reason === '' ? null : order.rejection_reason, status_message_raw: null, exchange_order_id: null, parent_order_id: null, order_id: order.orderid, variety: 'SIMPLE',
    order_timestamp: order.timestamp, exchange_timestamp: null, is_amo: false, order_request_id: '1', order_ref_id: `udapi-${order.orderid}`,
  };
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Trades have their times in another form than orders. */
function tradeRow(back: UpstoxBack, trade: GatewayTrade): object {
  const [date = '', time = ''] = trade.timestamp.split(' ');
  const [year = '', month = '', day = ''] = date.split('-');
  const at = `${day}-${MONTHS[Number(month) - 1] ?? ''}-${year} ${time}`;
  return {
    exchange: trade.exchange, product: productOf(trade.product), trading_symbol: trade.symbol, instrument_token: keyOf(back, trade), order_type: 'LIMIT', transaction_type: trade.action, quantity: trade.quantity,
    exchange_order_id: '1', order_id: trade.orderid, exchange_timestamp: at, average_price: trade.price, trade_id: trade.tradeid, order_ref_id: `udapi-${trade.orderid}`, order_timestamp: at,
  };
}

/** A position of which only one side was traded today has no average, as in Upstox' own example. */
function positionRow(back: UpstoxBack, position: ReturnType<GatewayOrders['positions']>[number]): object {
  const sums = { BUY: 0, SELL: 0 };
  for (const { symbol, exchange, product, action, quantity } of back.orders.trades) if (symbol === position.symbol && exchange === position.exchange && product === position.product) sums[action] += quantity;
  const isOneSided = sums.BUY === 0 || sums.SELL === 0;
  return {
    exchange: position.exchange, multiplier: 1, product: productOf(position.product), instrument_token: keyOf(back, position), quantity: position.quantity, overnight_quantity: 0, day_buy_quantity: sums.BUY, day_sell_quantity: sums.SELL,
    average_price: isOneSided ? null : position.average_price, buy_price: isOneSided && sums.BUY > 0 ? position.average_price : 0, sell_price: isOneSided && sums.SELL > 0 ? position.average_price : 0, last_price: 100, pnl: 0,
  };
}

function funds(back: UpstoxBack): object {
  const { available, used } = back.orders.funds();
  return {
    available_to_trade: {
      total: available, cash_available_to_trade: { total: available, cash: { opening_balance: available + used }, margin_used: { total: used, mtf: 0 } }, pledge_available_to_trade: { total: 0, margin_used: { total: 0 } },
    },
    unavailable_to_trade: { total: 0 },
  };
}

function candles(back: UpstoxBack, path: string): UpstoxAnswer {
  const [, intraday] = /^\/v3\/historical-candle\/(intraday\/)?/.exec(path) ?? [];
  const [key = '', unit = '', size = '', to = '9999-12-31', from = '0000-01-01'] = path.slice(`/v3/historical-candle/${intraday ?? ''}`.length).split('/').map(decodeURIComponent);
  const rows = back.candles.get(`${key} ${unit}/${size}`);
  if (rows === undefined) return refuse('UDAPI100011', 'Invalid Instrument key');
  if (intraday === undefined && unit === 'minutes' && (Date.parse(to) - Date.parse(from)) / 86_400_000 >= back.mostMinuteDays) return refuse('UDAPI1148', 'Invalid date range');
  if (intraday === undefined && from < back.oldestDay) return refuse('UDAPI1148', 'Invalid date range');
  const days = rows.filter(([start]) => typeof start !== 'string' || (start.slice(0, 10) >= from && start.slice(0, 10) <= to));
  const today = String(rows[0]?.[0]).slice(0, 10);
  return succeed({ candles: intraday === undefined ? days : rows.filter(([start]) => String(start).startsWith(today)) });
}
