import type { AccountEventKind } from '../accountEvent';
import type { Fence } from '../lease';
import type { ListOptions } from '../ports';
import type { EpochMs } from '../time';
import type { Notice } from './outcome';
import type { Protection } from './protection';

/** One line of a protection's history: what it came to, and why. */
export interface ProtectionEvent {
  readonly protectionId: string;
  readonly status: Protection['status'];
  readonly kind: AccountEventKind | 'changed';
  readonly message: string;
  readonly happenedAt: EpochMs;
  readonly recordedAt: EpochMs;
}

/** What a change writes. */
export interface ProtectionChange {
  readonly next: Protection;
  readonly notices: readonly Notice[];
}

/** changed: written. unchanged: `decide` wanted nothing. leaseLost: another owner holds the lease by now, nothing was written. */
export type ProtectionChanged = { readonly kind: 'changed' | 'unchanged'; readonly protection: Protection } | { readonly kind: 'leaseLost' | 'unknown' };

/** Protections as rows. Every method is one atomic, durable step. Fills of an entry are booked by `Store.applyUpdates` itself. */
export interface ProtectionStore {
  /** Makes one; under a known id the first one stands. */
  create(protection: Protection): Promise<{ readonly protection: Protection; readonly duplicate: boolean }>;
  /**
   * Reads the row, asks `decide` once and writes what it says, with its notices, in one transaction. With a fence nothing is written unless its lease is held.
   * A move that the table of states forbids rejects: that is a bug.
   */
  change(request: { readonly id: string; readonly fence?: Fence; readonly happenedAt: EpochMs }, decide: (current: Protection) => ProtectionChange | undefined): Promise<ProtectionChanged>;
  find(id: string): Promise<Protection | undefined>;
  /** Those that need an owner (PENDING, ACTIVE, EXITING, FAILED), oldest first; at most 10,000. */
  live(account?: string): Promise<readonly Protection[]>;
  /** Those whose entry this order is. */
  ofEntry(orderId: string): Promise<readonly Protection[]>;
  list(options?: Pick<ListOptions, 'limit' | 'account' | 'strategyId'>): Promise<readonly Protection[]>;
  /** Tells whoever listens in this process that a protection was made or changed. */
  onChanged(listener: (id: string) => void): () => void;
  /** Oldest first. */
  events(id: string): Promise<readonly ProtectionEvent[]>;
}
