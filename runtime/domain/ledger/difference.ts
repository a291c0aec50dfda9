import { z } from 'zod';
import type { Outcome } from '../denial';
import type { InstrumentKey } from '../market';
import type { Money } from '../money';
import type { Action, Order, OrderStatus, Product } from '../order';
import type { Position } from '../position';
import type { EpochMs, IsoDate } from '../time';

/** The strategy under which everything is booked that did not come from a flow: trades of people in the broker's own app, and the broker's own square-offs. */
export const EXTERNAL_STRATEGY = 'external';

/**
 * What can be between the broker's word and the journal.
 * externalOrder: the broker lists an order that is not known to be ours, and it can not be adopted by itself.
 * orderMissing: the broker acknowledged an order of ours and lists it no more.
 * orderProgress: an order of ours stands otherwise at the broker, and asking about it settled nothing.
 * orderUnknown: nobody has found out by its deadline whether the broker has an order of ours. It keeps out what the order itself keeps out, and nothing else.
 * position: the broker holds another quantity than all strategies and `external` together.
 * unread: the broker's lists could not be read; nothing is known until they are.
 */
export const DifferenceKind = z.enum(['externalOrder', 'orderMissing', 'orderProgress', 'orderUnknown', 'position', 'unread']);
export type DifferenceKind = z.infer<typeof DifferenceKind>;

/**
 * external: what the ledgers lack was booked to `external`. ignored: a person wants it left as it is. explained: the two agree again.
 * Of an order of unknown outcome: neverArrived, the broker has never had it, so it is over; found, it is this order of the broker's, whose fills are then read.
 */
export const ResolvedAs = z.enum(['external', 'ignored', 'explained', 'neverArrived', 'found']);
export type ResolvedAs = z.infer<typeof ResolvedAs>;

/** What the comparison found, before anybody decided whether it counts. */
export interface Finding {
  /** What it is about, unique within the account: `position NSE:SBIN MIS`, `order 4f1c`, `broker order 2501`. */
  readonly key: string;
  readonly kind: DifferenceKind;
  /** Tells this difference from a later one about the same thing: while it stays the same, a person's "ignored" holds. */
  readonly mark: string;
  readonly instrument?: InstrumentKey;
  readonly product?: Product;
  readonly orderId?: string;
  readonly brokerOrderId?: string;
  /** For people: what each side says. */
  readonly brokerSays: string;
  readonly journalSays: string;
  /** Signed units that the broker has and the ledgers lack; what adopting books. Absent where nothing can be booked. */
  readonly gap?: number;
  /** What adopting books the units at, where a price is known. */
  readonly price?: Money;
}

/** How a difference ended: `by` is a person's name, or `bellwether` where the two agreed by themselves. */
export interface Resolution {
  readonly as: ResolvedAs;
  readonly by: string;
  readonly reason: string;
  readonly at: EpochMs;
}

/** A finding that counts, as a row: open until it is resolved. Open ones keep new risk of a live account out (`stopsEntries`). */
export interface Difference extends Finding {
  /** Counts up; what a person names it by. */
  readonly id: number;
  readonly account: string;
  /** When it was first seen, and when last. */
  readonly happenedAt: EpochMs;
  readonly seenAt: EpochMs;
  readonly resolution?: Resolution;
}

/** True for one that keeps new risk of a live account out. An order of unknown outcome does that by itself, in its own instrument. */
export function stopsEntries({ kind }: Pick<Difference, 'kind'>): boolean {
  return kind !== 'orderUnknown';
}

/** An order at the broker that is not ours, as far as it was adopted. */
export interface ExternalOrder {
  readonly account: string;
  readonly brokerOrderId: string;
  /** The exchange day it was placed on: brokers may give a number again. */
  readonly day: IsoDate;
  readonly instrument: InstrumentKey;
  readonly product: Product;
  readonly action: Action;
  readonly quantity: number;
  /** Units booked to the ledgers so far. */
  readonly filledQuantity: number;
  /** Sum of price × quantity of what is booked. */
  readonly filledValue: Money;
  readonly status: OrderStatus;
}

/** An external order as the broker lists it now. `averagePrice` is of everything filled, and present where anything is. */
export interface ExternalReport extends Omit<ExternalOrder, 'filledValue'> {
  readonly averagePrice?: Money;
  readonly tradingDay: IsoDate;
  readonly happenedAt: EpochMs;
}

/** Whose share an external trade took. */
export interface SharePart {
  readonly strategyId: string;
  /** Signed units. */
  readonly quantity: number;
}

/** One consistent look into the journal, for the comparison. */
export interface JournalPicture {
  /** The account's open orders, and those that were asked for by the broker's id or by ours. */
  readonly orders: readonly Order[];
  /** The external orders among the asked broker orders. */
  readonly external: readonly ExternalOrder[];
  /** Every position that is not flat. */
  readonly positions: readonly Position[];
  /** Open ones, and those a person wants ignored. */
  readonly differences: readonly Difference[];
}

export interface ResolveRequest {
  readonly id: number;
  readonly as: ResolvedAs;
  readonly by: string;
  readonly reason: string;
  /** For `external`: books at this price instead of the difference's own. */
  readonly price?: Money;
  /** For `found`: which of the broker's orders it is, instead of the difference's own. */
  readonly brokerOrderId?: string;
  readonly tradingDay: IsoDate;
  readonly happenedAt: EpochMs;
}

export interface DifferenceStore {
  /** What the comparison judges by, in one read. Each list of ids: at most 10,000. */
  picture(request: { readonly account: string; readonly brokerOrderIds: readonly string[]; readonly orderIds?: readonly string[] }): Promise<JournalPicture>;
  /** Opens a difference and tells of it (`difference`), renews the open one of the same key, or leaves it where a person has ignored the same one. */
  open(request: { readonly account: string; readonly finding: Finding; readonly happenedAt: EpochMs }): Promise<{ readonly difference: Difference; readonly isNew: boolean }>;
  /** Ends an open one and tells of it. As `external` its gap is booked like a trade of somebody else, as `neverArrived` and `found` its order of unknown outcome is settled, in the same transaction. */
  resolve(request: ResolveRequest): Promise<Outcome<Difference>>;
  /** Books what is new of an order of somebody else and tells of it (`external`), in one transaction; the same report again changes nothing. */
  adopt(report: ExternalReport, charges: (fill: { readonly quantity: number; readonly price: Money }) => Money): Promise<{ readonly booked: number; readonly parts: readonly SharePart[] }>;
  /** Newest first; default 100, at most 10,000. */
  list(options?: { readonly account?: string; readonly openOnly?: boolean; readonly limit?: number }): Promise<readonly Difference[]>;
  /** External orders, newest first; default 100, at most 10,000. */
  externalOrders(options?: { readonly account?: string; readonly limit?: number }): Promise<readonly ExternalOrder[]>;
}

/** One booking in a sub-ledger: a fill of an order, or a share of a trade of somebody else. */
export interface LedgerTrade {
  readonly account: string;
  readonly strategyId: string;
  readonly instrument: InstrumentKey;
  readonly product: Product;
  readonly action: Action;
  readonly quantity: number;
  readonly price: Money;
  readonly charges: Money;
  readonly happenedAt: EpochMs;
  /** The order of a flow that it is of. */
  readonly orderId?: string;
}

export interface LedgerStore {
  /** What was booked in a span of time (both ends included), oldest first. At most `limit`, default and bound 10,000; `isComplete` says whether that is all. */
  trades(request?: { readonly account?: string; readonly strategyId?: string; readonly from?: EpochMs; readonly until?: EpochMs; readonly limit?: number }): Promise<{ readonly trades: readonly LedgerTrade[]; readonly isComplete: boolean }>;
}
