/** One order as the gateway keeps it. Prices in rupees, as it speaks of them. */
export interface GatewayOrder {
  readonly orderid: string;
  readonly strategy: string;
  readonly symbol: string;
  readonly exchange: string;
  readonly action: 'BUY' | 'SELL';
  quantity: number;
  price: number;
  trigger_price: number;
  readonly pricetype: 'MARKET' | 'LIMIT' | 'SL' | 'SL-M';
  readonly product: string;
  order_status: string;
  filled_quantity: number;
  average_price: number;
  rejection_reason: string;
  readonly timestamp: string;
}

export interface GatewayTrade {
  readonly tradeid: string;
  readonly orderid: string;
  readonly strategy: string;
  readonly symbol: string;
  readonly exchange: string;
  readonly action: 'BUY' | 'SELL';
  readonly product: string;
  readonly quantity: number;
  readonly price: number;
  readonly timestamp: string;
}

export type OrderTerms = Pick<GatewayOrder, 'strategy' | 'symbol' | 'exchange' | 'action' | 'quantity' | 'price' | 'trigger_price' | 'pricetype' | 'product'>;

/** What the stand-in broker behind the gateway holds and does. */
export interface GatewayOrders {
  readonly orders: GatewayOrder[];
  readonly trades: GatewayTrade[];
  /** Takes an order in; a text is the reason why not. */
  place(terms: OrderTerms): GatewayOrder | string;
  /** Fills what the new prices reach. */
  quote(instrument: string, bid: number, ask: number): void;
  /** Executes a part of an order, as an exchange does. */
  fill(orderid: string, quantity: number, price: number): void;
  positions(): readonly { readonly symbol: string; readonly exchange: string; readonly product: string; readonly quantity: number; readonly average_price: number }[];
  funds(): { readonly available: number; readonly used: number; readonly realised: number };
}

const CASH = 1_000_000;
/** The sandbox lends five times for the day. */
const INTRADAY_SHARE = 0.2;
const isResting = ({ order_status: status }: GatewayOrder): boolean => status === 'open' || status === 'trigger pending';

/** `now` gives the text that the gateway would write: India's time. Ids count up. */
export function gatewayOrders(now: () => string): GatewayOrders {
  const orders: GatewayOrder[] = [];
  const trades: GatewayTrade[] = [];
  const quotes = new Map<string, { readonly bid: number; readonly ask: number }>();
  let ids = 26_112_300_000_000;

  const lastPrice = (order: Pick<GatewayOrder, 'symbol' | 'exchange'>): number => quotes.get(`${order.exchange}:${order.symbol}`)?.bid ?? 800;
  const marginOf = (product: string, value: number): number => Math.abs(value) * (product === 'MIS' ? INTRADAY_SHARE : 1);

  const positions = () => {
    const held = new Map<string, { symbol: string; exchange: string; product: string; quantity: number; value: number; realised: number }>();
    for (const { symbol, exchange, product, action, quantity, price } of trades) {
      const key = `${exchange}:${symbol}:${product}`;
      const now = held.get(key) ?? { symbol, exchange, product, quantity: 0, value: 0, realised: 0 };
      const signed = action === 'BUY' ? quantity : -quantity;
      const closes = Math.sign(now.quantity) === -Math.sign(signed) ? Math.min(Math.abs(now.quantity), quantity) : 0;
      const average = now.quantity === 0 ? 0 : now.value / now.quantity;
      now.realised += closes * (price - average) * Math.sign(now.quantity);
      now.value += closes * average * Math.sign(signed) + (quantity - closes) * price * Math.sign(signed);
      now.quantity += signed;
      held.set(key, now);
    }
    return [...held.values()];
  };
  const funds = () => {
    const held = positions();
    const realised = held.reduce((sum, position) => sum + position.realised, 0);
    const resting = orders.filter(isResting).reduce((sum, order) => sum + marginOf(order.product, (order.quantity - order.filled_quantity) * (order.price || order.trigger_price)), 0);
    const used = held.reduce((sum, { product, value }) => sum + marginOf(product, value), 0) + resting;
    return { available: CASH + realised - used, used, realised };
  };
  const fill = (order: GatewayOrder, quantity: number, price: number): void => {
    order.average_price = (order.average_price * order.filled_quantity + price * quantity) / (order.filled_quantity + quantity);
    order.filled_quantity += quantity;
    if (order.filled_quantity === order.quantity) order.order_status = 'complete';
    const { orderid, strategy, symbol, exchange, action, product } = order;
    trades.push({ tradeid: `TRADE-${trades.length + 1}`, orderid, strategy, symbol, exchange, action, product, quantity, price, timestamp: now() });
  };
  const match = (order: GatewayOrder): void => {
    const quote = quotes.get(`${order.exchange}:${order.symbol}`) ?? { bid: lastPrice(order), ask: lastPrice(order) };
    const price = order.action === 'BUY' ? quote.ask : quote.bid;
    const isWithin = (limit: number): boolean => (order.action === 'BUY' ? price <= limit : price >= limit);
    if (order.order_status === 'trigger pending') {
      if (isWithin(order.trigger_price) && price !== order.trigger_price) return;
      order.order_status = 'open';
    }
    const isMarket = order.pricetype === 'MARKET' || order.pricetype === 'SL-M';
    if (isMarket || isWithin(order.price)) fill(order, order.quantity - order.filled_quantity, price);
  };

  return {
    orders, trades, positions: () => positions().map(({ symbol, exchange, product, quantity, value }) => ({ symbol, exchange, product, quantity, average_price: quantity === 0 ? 0 : value / quantity })),
    funds,
    place(terms) {
      const held = positions().find(({ symbol, exchange, product }) => symbol === terms.symbol && exchange === terms.exchange && product === terms.product)?.quantity ?? 0;
      const signed = terms.action === 'BUY' ? terms.quantity : -terms.quantity;
      const opens = Math.sign(held) === -Math.sign(signed) ? Math.max(0, terms.quantity - Math.abs(held)) : terms.quantity;
      const required = marginOf(terms.product, opens * (terms.price || terms.trigger_price || lastPrice(terms)));
      const { available } = funds();
      if (required > available) return `Insufficient funds. Required: \u20b9${required.toFixed(2)}, Available: \u20b9${available.toFixed(2)}, Shortage: \u20b9${(required - available).toFixed(2)}`;
      const stops = terms.pricetype === 'SL' || terms.pricetype === 'SL-M';
      const order: GatewayOrder = { ...terms, orderid: String(++ids), order_status: stops ? 'trigger pending' : 'open', filled_quantity: 0, average_price: 0, rejection_reason: '', timestamp: now() };
      orders.push(order);
      match(order);
      return order;
    },
    quote(instrument, bid, ask) {
      quotes.set(instrument, { bid, ask });
      for (const order of orders) if (isResting(order) && `${order.exchange}:${order.symbol}` === instrument) match(order);
    },
    fill(orderid, quantity, price) {
      const order = orders.find((entry) => entry.orderid === orderid);
      if (order === undefined || order.filled_quantity + quantity > order.quantity) throw new RangeError(`Nothing to fill: ${orderid}`);
      fill(order, quantity, price);
    },
  };
}
