import { z } from 'zod';
import { DENIAL_CODES, type Denial } from './denial';
import { AllowedDirection } from './direction';
import type { InstrumentKey } from './market';
import type { Money } from './money';
import { FlowLimits } from './risk';
import type { EpochMs } from './time';

export const Action = z.enum(['BUY', 'SELL']);
export type Action = z.infer<typeof Action>;

/** CNC delivery, MIS intraday, NRML carry-forward derivatives. */
export const Product = z.enum(['CNC', 'MIS', 'NRML']);
export type Product = z.infer<typeof Product>;

/** SL is a stop with a limit price, SL-M a stop that becomes a market order. */
export const OrderType = z.enum(['MARKET', 'LIMIT', 'SL', 'SL-M']);
export type OrderType = z.infer<typeof OrderType>;

/** Why an order is sent; part of the intent key. */
export const Purpose = z.enum(['entry', 'exit']);
export type Purpose = z.infer<typeof Purpose>;

export const ORDER_STATUSES = [
  'CREATED', 'DENIED', 'SUBMITTING', 'ACCEPTED', 'TRIGGER_PENDING', 'OPEN', 'PARTIALLY_FILLED',
  'FILLED', 'CANCELLED', 'REJECTED', 'EXPIRED', 'UNKNOWN',
] as const;
export const OrderStatus = z.enum(ORDER_STATUSES);
export type OrderStatus = z.infer<typeof OrderStatus>;

/** How large the order shall be; a target or an exit becomes a quantity inside the transaction that admits it. */
export type Size =
  | { readonly kind: 'fixed'; readonly action: Action; readonly quantity: number }
  /** Signed position wanted of this strategy; the difference is traded, `atMost` of it with this order. A side on which `direction` opens nothing is traded down to zero at most. */
  | { readonly kind: 'target'; readonly quantity: number; readonly atMost?: number; readonly direction?: AllowedDirection }
  /** Close at most `quantity` (all when absent) of this strategy's position, never through zero. With an `action`: only a position that this action closes. */
  | { readonly kind: 'exit'; readonly quantity?: number; readonly action?: Action };

/** Who acts: everything the intent key is made of except instrument, leg and purpose. */
export interface Origin {
  readonly account: string;
  readonly strategyId: string;
  readonly nodeKey: string;
  readonly signalId: string;
}

/** What a flow asks for, before the gate. Prices are present as the order type demands: LIMIT and SL a limit, SL and SL-M a trigger. */
export interface IntentDraft extends Origin {
  readonly instrument: InstrumentKey;
  /** Position in a basket, from 0. */
  readonly leg: number;
  readonly purpose: Purpose;
  readonly size: Size;
  readonly product: Product;
  readonly orderType: OrderType;
  readonly limitPrice?: Money;
  readonly triggerPrice?: Money;
}

/** What a flow adds to a wish beside the order itself. Kept with the intent, so that new terms of its order, and an order that takes its place, are judged as it was. */
export const AddedTerms = z.object({ limits: FlowLimits.exactOptional(), exitsOnly: z.literal(true).exactOptional(), direction: AllowedDirection.exactOptional() });
export type AddedTerms = Readonly<z.infer<typeof AddedTerms>>;

/** ADMITTED: an order exists. DENIED: the gate refused. SATISFIED: a target or exit that needs no order. */
export const IntentStatus = z.enum(['ADMITTED', 'DENIED', 'SATISFIED']);
export type IntentStatus = z.infer<typeof IntentStatus>;

/** A decided draft, durable before anything is sent. */
export interface Intent extends Omit<IntentDraft, 'size'> {
  readonly key: string;
  /** What was decided; the draft's own wish where it was refused. */
  readonly action: Action;
  readonly quantity: number;
  readonly status: IntentStatus;
  readonly denial?: Denial;
  /** The order of an admitted intent. */
  readonly orderId?: string;
  /** Absent where the flow added nothing. */
  readonly added?: AddedTerms;
  readonly happenedAt: EpochMs;
  readonly recordedAt: EpochMs;
}

/** What the broker has, as far as we know. `id` doubles as the client order id: at most 20 characters of [a-z0-9]. */
export interface Order extends Origin {
  readonly id: string;
  readonly intentKey: string;
  readonly brokerOrderId?: string;
  readonly instrument: InstrumentKey;
  readonly purpose: Purpose;
  readonly action: Action;
  readonly quantity: number;
  readonly filledQuantity: number;
  /** Average of the fills; absent before the first. */
  readonly averagePrice?: Money;
  readonly product: Product;
  readonly orderType: OrderType;
  readonly limitPrice?: Money;
  readonly triggerPrice?: Money;
  readonly status: OrderStatus;
  readonly denial?: Denial;
  readonly createdAt: EpochMs;
  readonly updatedAt: EpochMs;
}

/** One execution, unique by (order, tradeId). */
export interface Fill {
  readonly orderId: string;
  readonly tradeId: string;
  readonly quantity: number;
  readonly price: Money;
  readonly charges: Money;
  readonly happenedAt: EpochMs;
}

export const TERMINAL_STATUSES: ReadonlySet<OrderStatus> = new Set(['DENIED', 'FILLED', 'CANCELLED', 'REJECTED', 'EXPIRED']);

/**
 * The one table of the order's life. A report that asks for a move not listed here changes nothing and is kept as an event.
 * Terminal states are sticky; a real fill always counts, whatever the state (`statusAfterFill`), because a cancel can lose the race.
 */
const MOVES: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  CREATED: ['DENIED', 'SUBMITTING', 'EXPIRED'],
  SUBMITTING: ['ACCEPTED', 'TRIGGER_PENDING', 'OPEN', 'PARTIALLY_FILLED', 'FILLED', 'REJECTED', 'UNKNOWN', 'EXPIRED', 'CANCELLED'],
  UNKNOWN: ['ACCEPTED', 'TRIGGER_PENDING', 'OPEN', 'PARTIALLY_FILLED', 'FILLED', 'CANCELLED', 'REJECTED', 'EXPIRED'],
  ACCEPTED: ['TRIGGER_PENDING', 'OPEN', 'PARTIALLY_FILLED', 'FILLED', 'CANCELLED', 'REJECTED', 'EXPIRED'],
  TRIGGER_PENDING: ['OPEN', 'PARTIALLY_FILLED', 'FILLED', 'CANCELLED', 'REJECTED', 'EXPIRED'],
  OPEN: ['PARTIALLY_FILLED', 'FILLED', 'CANCELLED', 'REJECTED', 'EXPIRED'],
  PARTIALLY_FILLED: ['FILLED', 'CANCELLED', 'REJECTED', 'EXPIRED'],
  DENIED: [], FILLED: [], CANCELLED: [], REJECTED: [], EXPIRED: [],
};

export function canMove(from: OrderStatus, to: OrderStatus): boolean {
  return MOVES[from].includes(to);
}

/** The status after fills reach `filledQuantity`: FILLED at the full quantity from any state; a terminal state otherwise stays. */
export function statusAfterFill(from: OrderStatus, filledQuantity: number, quantity: number): OrderStatus {
  if (filledQuantity >= quantity) return 'FILLED';
  return TERMINAL_STATUSES.has(from) ? from : 'PARTIALLY_FILLED';
}

/** Risk codes are the refusals that the gate itself produces. */
export const RISK_CODES = DENIAL_CODES.slice(DENIAL_CODES.indexOf('LEASE_LOST'), DENIAL_CODES.indexOf('RISK_UNREADABLE') + 1);
