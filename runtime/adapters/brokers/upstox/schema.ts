import { z } from 'zod';
import { Id, MOST_ROWS, Numeric, OptionalNumber, OptionalWord, Word } from '../reading/fields';

/** Lists are read row by row, so that one row nobody can read does not hide the others. Nothing at all is an empty list. */
export const Rows = z.array(z.unknown()).max(MOST_ROWS).nullable().transform((rows) => rows ?? []);

/** One order of the day's list. `tag` is our order id where the order is ours. `instrument_key` is going to take the place of `instrument_token`. */
export const OrderRow = z.object({
  order_id: Id, status: Word, transaction_type: Word, quantity: Numeric, tag: OptionalWord,
  instrument_token: OptionalWord, instrument_key: OptionalWord, product: OptionalWord, order_type: OptionalWord, price: OptionalNumber, trigger_price: OptionalNumber,
  filled_quantity: OptionalNumber, average_price: OptionalNumber, status_message: OptionalWord, order_timestamp: OptionalWord,
});
export type OrderRow = z.infer<typeof OrderRow>;

export const TradeRow = z.object({
  order_id: Id, trade_id: Id.optional().catch(undefined), quantity: Numeric.refine((quantity) => quantity > 0), average_price: Numeric.refine((price) => price > 0), exchange_timestamp: OptionalWord,
});
export type TradeRow = z.infer<typeof TradeRow>;

export const PositionRow = z.object({
  instrument_token: OptionalWord, instrument_key: OptionalWord, product: Word, quantity: Numeric, average_price: OptionalNumber, buy_price: OptionalNumber, sell_price: OptionalNumber,
  day_buy_quantity: OptionalNumber, day_sell_quantity: OptionalNumber, overnight_quantity: OptionalNumber,
});
export type PositionRow = z.infer<typeof PositionRow>;

/** What is free: `total` counts cash and pledges together. Blocked is the sum of both parts' `margin_used.total`, where they are told. */
const Part = z.object({ margin_used: z.object({ total: OptionalNumber }).optional().catch(undefined) }).optional().catch(undefined);
export const FundsData = z.object({ available_to_trade: z.object({ total: Numeric, cash_available_to_trade: Part, pledge_available_to_trade: Part }) });

/** The answer to a placement that worked. One order is asked for, so one is named. */
export const Placed = z.object({ order_ids: z.array(Id).length(1) });

/** The leave to open a stream: an address that works once. */
export const Authorized = z.object({ authorized_redirect_uri: z.string().max(4_000).optional(), authorizedRedirectUri: z.string().max(4_000).optional() })
  .transform(({ authorized_redirect_uri: address, authorizedRedirectUri: older }) => address ?? older ?? '')
  .refine((address) => /^wss?:\/\//.test(address) && URL.canParse(address), { message: 'no address of a stream' });

/** The addresses from which orders are taken. */
export const StaticAddresses = z.object({ primary_ip: OptionalWord, secondary_ip: OptionalWord });

export const CandleData = z.object({ candles: z.array(z.unknown()).max(MOST_ROWS).nullish().transform((rows) => rows ?? []) });
/** [start, open, high, low, close, volume, open interest]; what follows is not read. */
export const CandleRow = z.tuple([z.string().max(40), z.unknown(), z.unknown(), z.unknown(), z.unknown(), z.unknown()]).rest(z.unknown());

const ChainSide = z.object({
  instrument_key: Word,
  market_data: z.object({ ltp: OptionalNumber, volume: OptionalNumber, oi: OptionalNumber, prev_oi: OptionalNumber, bid_price: OptionalNumber, ask_price: OptionalNumber }),
  option_greeks: z.object({ delta: OptionalNumber, gamma: OptionalNumber, theta: OptionalNumber, vega: OptionalNumber, iv: OptionalNumber }).optional().catch(undefined),
});
export type ChainSide = z.infer<typeof ChainSide>;
export const ChainRow = z.object({ strike_price: Numeric, underlying_spot_price: OptionalNumber, call_options: ChainSide.optional().catch(undefined), put_options: ChainSide.optional().catch(undefined) });
export type ChainRow = z.infer<typeof ChainRow>;
