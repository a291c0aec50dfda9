import type { Money } from '../money';
import type { EpochMs } from '../time';
import type { GroupEntry } from './reEntry';

/** told: the event is recorded. early: the cool-down runs, and the next return counts. ended: the maximum is used up. nothing: it did not wait for this, or somebody else was first. */
export type Touched = 'told' | 'early' | 'ended' | 'nothing';

/** Entries whose price is watched after their stop. Every method is one atomic, durable step; entries themselves are written with their admission. */
export interface ReEntryStore {
  /** The group that an order counts towards, where it is an entry of one. */
  of(orderId: string): Promise<GroupEntry | undefined>;
  /** Entries of the account that wait for their price, oldest first; at most 10,000. */
  waiting(account: string): Promise<readonly GroupEntry[]>;
  /** From now on a return of the price counts. */
  ready(request: { readonly orderId: string; readonly happenedAt: EpochMs }): Promise<void>;
  /** The price is back: counts the group and records the event, once over all processes. */
  touch(request: { readonly orderId: string; readonly entryPrice: Money; readonly happenedAt: EpochMs }): Promise<Touched>;
  /** Nobody waits any more: its day is over, or its protection ended otherwise. */
  end(request: { readonly orderId: string; readonly happenedAt: EpochMs; readonly reason: string }): Promise<void>;
}
