import { z } from 'zod';
import type { Depth, DepthLevel, Tick } from '../../../domain/feed';
import { Exchange, instrumentKey } from '../../../domain/market';
import { toMoney, type Money } from '../../../domain/money';
import type { EpochMs } from '../../../domain/time';
import { readFileTime } from '../../candleFile/fileTime';

/** How much of the market is asked for: last price; prices with the day's volume; five levels of depth as well. */
export type OpenAlgoMode = 'LTP' | 'Quote' | 'Depth';
export const MODE_NUMBER: Readonly<Record<OpenAlgoMode, 1 | 2 | 3>> = { LTP: 1, Quote: 2, Depth: 3 };

/** Numbers come as numbers or as text, depending on the broker behind the server. Above 1e11 no price can be held exactly. */
const HIGHEST = 1e11;
const DECIMAL = /^-?\d+(\.\d+)?$/;
const Numeric = z.union([z.number(), z.string().regex(DECIMAL).transform(Number)]).refine((value) => Math.abs(value) < HIGHEST);
/** A time is milliseconds, seconds or text in India's time. */
const Time = z.union([z.number(), z.string()]);
const Level = z.object({ price: Numeric, quantity: Numeric, orders: Numeric.optional() });
const Levels = z.array(Level).max(200);

/** `data` differs by broker: only the last price is certain. A field that can not be read is as good as absent. */
const MarketData = z.object({
  type: z.literal('market_data'),
  symbol: z.string().min(1).max(60),
  exchange: Exchange,
  data: z.object({
    ltp: Numeric,
    ltt: Time.optional().catch(undefined),
    timestamp: Time.optional().catch(undefined),
    volume: Numeric.optional().catch(undefined),
    bid: Numeric.optional().catch(undefined),
    ask: Numeric.optional().catch(undefined),
    bids: Levels.optional().catch(undefined),
    asks: Levels.optional().catch(undefined),
    depth: z.object({ buy: Levels, sell: Levels }).optional().catch(undefined),
  }),
});
type MarketData = z.infer<typeof MarketData>;

const Subscription = z.object({ symbol: z.string(), exchange: z.string(), status: z.string(), message: z.string().optional().catch(undefined) });

/** Everything that is no market data. Errors have no type, so it is the fields that tell. */
const Control = z.object({
  type: z.string().optional(),
  status: z.string().optional(),
  code: z.string().optional(),
  message: z.string().max(1_000).optional().catch(undefined),
  request_id: z.string().optional().catch(undefined),
  subscriptions: z.array(Subscription).optional().catch(undefined),
});

/** What the server said, in our words. */
export type Incoming =
  | { readonly kind: 'tick'; readonly tick: Tick; readonly depth?: Depth }
  | { readonly kind: 'authenticated' }
  | { readonly kind: 'subscribed'; readonly requestId?: string; readonly refused: readonly { readonly symbol: string; readonly exchange: string; readonly reason: string }[] }
  | { readonly kind: 'error'; readonly code: string; readonly message: string }
  /** Known and of no interest here: pong, unsubscribe, order updates. */
  | { readonly kind: 'other' }
  | { readonly kind: 'garbage' };

/** Reads one text frame. `receivedAt` stands in where the server gives no time. */
export function readMessage(text: string, receivedAt: EpochMs): Incoming {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return { kind: 'garbage' };
  }
  const market = MarketData.safeParse(message);
  if (market.success) return tickOf(market.data, receivedAt);
  const control = Control.safeParse(message);
  if (!control.success || control.data.type === 'market_data') return { kind: 'garbage' };
  return controlOf(control.data);
}

function controlOf({ type, status, code, message, request_id: requestId, subscriptions }: z.infer<typeof Control>): Incoming {
  if (type === 'auth' && status === 'success') return { kind: 'authenticated' };
  if (type === 'subscribe' && subscriptions !== undefined) {
    const refused = subscriptions.filter((entry) => entry.status !== 'success').map(({ symbol, exchange, message: reason }) => ({ symbol, exchange, reason: reason ?? 'refused' }));
    return { kind: 'subscribed', refused, ...(requestId === undefined ? {} : { requestId }) };
  }
  if (status === 'error') return { kind: 'error', code: code ?? 'UNKNOWN', message: message ?? 'no message' };
  return type === undefined ? { kind: 'garbage' } : { kind: 'other' };
}

function tickOf({ symbol, exchange, data }: MarketData, receivedAt: EpochMs): Incoming {
  const instrument = instrumentKey(exchange, symbol);
  const saidAt = timeOf(data.timestamp);
  const at = timeOf(data.ltt) ?? saidAt ?? receivedAt;
  const bids = levelsOf(data.bids ?? data.depth?.buy);
  const asks = levelsOf(data.asks ?? data.depth?.sell);
  const tick = {
    instrument, at, last: toMoney(data.ltp),
    ...optional('quotedAt', saidAt !== undefined && saidAt > at ? saidAt : undefined),
    ...optional('bid', priceOf(data.bid) ?? bids[0]?.price),
    ...optional('ask', priceOf(data.ask) ?? asks[0]?.price),
    // An index trades nothing: its 0 is no volume.
    ...optional('dayVolume', data.volume !== undefined && data.volume >= 0 && !exchange.endsWith('_INDEX') ? data.volume : undefined),
  };
  return bids.length === 0 && asks.length === 0 ? { kind: 'tick', tick } : { kind: 'tick', tick, depth: { instrument, bids, asks, at: saidAt ?? at } };
}

/** Levels without a price or a quantity are places for orders that are not there. */
function levelsOf(levels: z.infer<typeof Levels> = []): readonly DepthLevel[] {
  return levels.filter(({ price, quantity }) => price > 0 && quantity > 0).map(({ price, quantity, orders }) => ({ price: toMoney(price), quantity, ...optional('orders', orders) }));
}

/** A side of 0 is a side without orders. */
function priceOf(price: number | undefined): Money | undefined {
  return price === undefined || price === 0 ? undefined : toMoney(price);
}

const FIRST_EPOCH_SECONDS = 1e8;

function timeOf(time: number | string | undefined): EpochMs | undefined {
  if (time === undefined) return undefined;
  if (typeof time === 'number') return time < FIRST_EPOCH_SECONDS ? undefined : readFileTime(String(Math.floor(time)));
  return DECIMAL.test(time) ? timeOf(Number(time)) : readFileTime(time);
}

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  const entry: { [P in K]?: V } = {};
  if (value !== undefined) entry[key] = value;
  return entry;
}
