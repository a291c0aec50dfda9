import { z } from 'zod';
import { Id, MOST_ROWS, Numeric, OptionalNumber, OptionalWord, Word } from '../reading/fields';

/** Answers are read row by row, so that one row nobody can read does not hide the others. */
export const HistoryAnswer = z.object({ data: z.array(z.unknown()).max(MOST_ROWS) });

export const Mode = z.object({ mode: z.string().optional().catch(undefined) });

export const OrderBookAnswer = Mode.extend({ data: z.union([z.object({ orders: z.array(z.unknown()).max(MOST_ROWS) }), z.array(z.unknown()).max(MOST_ROWS).transform((orders) => ({ orders }))]) });

/** One order of the book. What a live broker's row lacks in comparison with the sandbox's is optional. */
export const OrderRow = z.object({
  orderid: Id, symbol: Word, exchange: Word, action: Word, quantity: Numeric, order_status: Word,
  product: OptionalWord, pricetype: OptionalWord, price_type: OptionalWord, price: OptionalNumber, trigger_price: OptionalNumber,
  filled_quantity: OptionalNumber, average_price: OptionalNumber, rejection_reason: OptionalWord, strategy: OptionalWord,
  timestamp: z.union([z.string(), z.number()]).optional().catch(undefined),
});
export type OrderRow = z.infer<typeof OrderRow>;

export const TradeBookAnswer = z.object({ data: z.array(z.unknown()).max(MOST_ROWS) });

export const TradeRow = z.object({
  orderid: Id, quantity: Numeric.refine((quantity) => quantity > 0), average_price: Numeric.refine((price) => price > 0),
  tradeid: Id.optional().catch(undefined), timestamp: z.union([z.string(), z.number()]).optional().catch(undefined),
});
export type TradeRow = z.infer<typeof TradeRow>;

export const FundsAnswer = z.object({ data: z.object({ availablecash: Numeric, utiliseddebits: Numeric }) });

export const PositionBookAnswer = z.object({ data: z.array(z.unknown()).max(MOST_ROWS) });
export const PositionRow = z.object({ symbol: Word, exchange: Word, product: Word, quantity: Numeric, average_price: OptionalNumber });
export type PositionRow = z.infer<typeof PositionRow>;

export const AnalyzerAnswer = z.object({ data: z.object({ analyze_mode: z.boolean() }) });
export const PingAnswer = z.object({ data: z.object({ broker: z.string().optional().catch(undefined) }) });

/** The answer to a placement that worked. Without an id nobody knows what was accepted. */
export const Placed = z.object({ orderid: Id });
export const Queued = z.object({ mode: z.literal('semi_auto') });
