import type { ArmingChange } from './arming';
import type { Denial } from './denial';
import type { Fence } from './lease';
import type { Money } from './money';
import type { AddedTerms, Intent, IntentDraft, Order } from './order';
import type { Position } from './position';
import type { ProtectionTerms } from './protection';
import type { ReEntryTerms, ReEntryUse } from './reEntry';
import type { EpochMs, IsoDate } from './time';

/** Everything the gate judges by, read inside the transaction that admits. */
export interface AdmissionState {
  readonly killSwitch: boolean;
  /** The daily-loss latch: when it was set, if it is. */
  readonly lossLatchedAt?: EpochMs;
  /** This strategy in this instrument and product. */
  readonly position: Position;
  /** Unfilled rest of this strategy's open orders in this instrument and product. */
  readonly pending: PendingQuantity;
  /** Unfilled rest of this strategy's stops that wait at the broker, in this instrument and product; not among `pending`, because they trade only if their trigger is met. Absent: none. */
  readonly stops?: PendingQuantity;
  /** The whole account in this instrument, all strategies and products. */
  readonly accountPosition: number;
  /** Stops at the broker included. */
  readonly accountPending: PendingQuantity;
  /** The newest change of the account's arming; absent for one that was never armed. */
  readonly arming?: ArmingChange;
  /** Differences between the broker's word and the journal that nobody has explained yet. */
  readonly unexplained: UnexplainedCount;
  /** The account's orders in this instrument whose outcome nobody knows. */
  readonly unknownOrders: number;
  /** Instruments of the account with a position or a pending entry, this one left out. */
  readonly otherOpenInstruments: number;
  /** Every non-flat position of the account, for the day's unrealised loss. */
  readonly openPositions: readonly Position[];
  readonly ordersToday: number;
  /** Realised profit less charges of today. */
  readonly realisedToday: Money;
  /** What positions carried into the day had won by the close before. */
  readonly carriedToday?: Money;
  /** What the request's re-entry group has used today, this signal left out; absent for a request without one. */
  readonly reEntries?: ReEntryUse;
  /** Locks held now among those named in the request, with their end. */
  readonly locks: readonly HeldLock[];
}

/** `inAccount` counts those of the instrument as well. */
export interface UnexplainedCount {
  readonly inInstrument: number;
  readonly inAccount: number;
  /** Signed units of the instrument and product that the broker has and the ledgers lack; absent where they agree. */
  readonly gap?: number;
}

export interface PendingQuantity {
  readonly buy: number;
  readonly sell: number;
}

/** What the gate decides; `admit` resolves the draft's size into an action and a quantity. */
export type Admission =
  | { readonly kind: 'admit'; readonly action: Order['action']; readonly quantity: number; readonly lock?: LockRequest }
  | { readonly kind: 'satisfied' }
  | { readonly kind: 'deny'; readonly denial: Denial; readonly action: Order['action']; readonly quantity: number; readonly latchLoss?: boolean };

export interface AdmissionRequest {
  readonly key: string;
  readonly orderId: string;
  readonly draft: IntentDraft;
  readonly tradingDay: IsoDate;
  readonly lockNames: readonly string[];
  /** Of work that has one owner: where its lease is over or has changed hands, the answer is a denial LEASE_LOST that is not journalled, so that the next owner can take the same step. */
  readonly fence?: Fence;
  /** What the order's position shall be protected by: made in the same transaction, so that no entry is sent whose protection could be forgotten. */
  readonly protection?: ProtectionTerms;
  /** The group that the entry counts towards, written in the same transaction. */
  readonly reEntry?: ReEntryTerms;
  /** Kept with the intent. */
  readonly added?: AddedTerms;
  /** Resolves once a crash of the process can no longer undo it; on the disk no later than the journal's next flushed step. For a broker that shares the journal, and for nobody else. */
  readonly flushLater?: boolean;
  readonly happenedAt: EpochMs;
}

export interface AdmissionResult {
  readonly intent: Intent;
  readonly order?: Order;
  /** True when the key was already known: nothing was decided anew and nothing may be sent. */
  readonly duplicate: boolean;
}

export interface LockRequest {
  readonly account: string;
  readonly name: string;
  readonly owner: string;
  readonly until: EpochMs;
  readonly reason?: string;
}

export interface HeldLock extends LockRequest {
  readonly acquiredAt: EpochMs;
}
