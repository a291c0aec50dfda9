import { z } from 'zod';
import type { Denial } from './denial';
import type { Money } from './money';
import type { Order, Origin } from './order';
import type { AdmissionState } from './ports';
import type { EpochMs, IsoDate } from './time';

export const ChangeKind = z.enum(['modify', 'cancel']);
export type ChangeKind = z.infer<typeof ChangeKind>;

/**
 * How far a change of a resting order got. REQUESTED: durable, and perhaps on its way. DONE: the broker has carried it out. REFUSED: the order stands as it stood.
 * UNKNOWN: nobody knows which terms hold, until the broker shows them. OVER: the order ended before it mattered.
 */
export const ChangeStatus = z.enum(['REQUESTED', 'DONE', 'REFUSED', 'UNKNOWN', 'OVER']);
export type ChangeStatus = z.infer<typeof ChangeStatus>;

/** What of an order may be changed. `quantity` is the total in units, not what is left; prices are present as the order type has them. */
export interface OrderTerms {
  readonly quantity: number;
  readonly limitPrice?: Money;
  readonly triggerPrice?: Money;
}

/** A modification or a cancellation that somebody asked for, durable before the broker hears of it. */
export interface RecordedChange extends Origin {
  readonly key: string;
  readonly kind: ChangeKind;
  readonly orderId: string;
  /** The order's terms when it was asked for. They hold until the change is DONE. */
  readonly before: OrderTerms;
  /** The terms wanted; those of `before` where the order shall be cancelled. */
  readonly wished: OrderTerms;
  readonly status: ChangeStatus;
  readonly denial?: Denial;
  readonly happenedAt: EpochMs;
  readonly recordedAt: EpochMs;
  readonly updatedAt: EpochMs;
}

export interface ChangeRequest {
  /** The same wish of the same signal meets the same key (`changeKey`). */
  readonly key: string;
  readonly kind: ChangeKind;
  readonly orderId: string;
  readonly origin: Origin;
  /** Absent: as the order has them. */
  readonly wished?: OrderTerms;
  readonly tradingDay: IsoDate;
  readonly lockNames: readonly string[];
  readonly happenedAt: EpochMs;
}

/** What a change is judged by, read inside the transaction that writes it. */
export interface ChangeSubject {
  readonly order: Order;
  /** The order's modification whose outcome is open, if there is one. */
  readonly open?: RecordedChange;
  /** As the gate sees the account; the order's own rest is among what is pending. */
  readonly state: AdmissionState;
}

/** Changes of resting orders. Every method is one atomic, durable step, like those of the `Store` it belongs to. */
export interface OrderChangeStore {
  /** Reads the order and its state, calls `judge` once and writes REQUESTED, or REFUSED with what it says. A known key returns its row and `judge` is not called. Rejects for an order that is not there. */
  request(request: ChangeRequest, judge: (subject: ChangeSubject) => Denial | undefined): Promise<{ readonly change: RecordedChange; readonly duplicate: boolean }>;
  /** Writes how it ended, and with a modification that is DONE the order's new terms. What has ended stays as it is. */
  finish(end: { readonly key: string; readonly status: Exclude<ChangeStatus, 'REQUESTED'>; readonly denial?: Denial; readonly happenedAt: EpochMs }): Promise<RecordedChange>;
  find(key: string): Promise<RecordedChange | undefined>;
  /** Those whose outcome is open (REQUESTED, UNKNOWN), oldest first. */
  open(account?: string): Promise<readonly RecordedChange[]>;
  /** Every change of one order, oldest first. */
  ofOrder(orderId: string): Promise<readonly RecordedChange[]>;
}

export function termsOf({ quantity, limitPrice, triggerPrice }: Pick<Order, 'quantity' | 'limitPrice' | 'triggerPrice'>): OrderTerms {
  return { quantity, ...(limitPrice === undefined ? {} : { limitPrice }), ...(triggerPrice === undefined ? {} : { triggerPrice }) };
}

export function isSameTerms(a: OrderTerms, b: OrderTerms): boolean {
  return a.quantity === b.quantity && a.limitPrice === b.limitPrice && a.triggerPrice === b.triggerPrice;
}

/** True while nobody knows how it ended. */
export function isOpenChange({ status }: Pick<RecordedChange, 'status'>): boolean {
  return status === 'REQUESTED' || status === 'UNKNOWN';
}
