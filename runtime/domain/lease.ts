import type { Denial } from './denial';
import type { EpochMs } from './time';

/** Proof of ownership that whoever writes carries along: checked in the very transaction that writes, so that an owner who overslept its lease writes nothing. */
export interface Fence {
  /** `protection:paper`, `reconcile:paper`, `schedule:<nodeKey>`. */
  readonly name: string;
  /** Grows with every change of hands. */
  readonly token: number;
}

export interface Lease extends Fence {
  /** The runtime's own name (`Owners.own`). */
  readonly owner: string;
  readonly until: EpochMs;
  readonly acquiredAt: EpochMs;
}

/** Work that has one owner over all processes. A lease that is over may be taken by anybody; whoever takes it gets a higher token. */
export interface LeaseStore {
  /** Takes the lease, or renews one's own (same token), unless another owner holds it now. Answers with the lease as it stands. */
  acquire(request: { readonly name: string; readonly owner: string; readonly now: EpochMs; readonly until: EpochMs }): Promise<{ readonly held: boolean; readonly lease: Lease }>;
  /** Gives up one's own; another's, or one that changed hands, is left alone. */
  release(fence: Fence): Promise<void>;
  /** Every lease that was ever taken and not released, whether over or not. */
  list(): Promise<readonly Lease[]>;
}

/** What an owner is told whose lease is over, or with somebody else by now. */
export function leaseLost({ name, token }: Fence): Denial {
  return {
    code: 'LEASE_LOST', message: `The lease ${name} is over or has changed hands: nothing is sent in its name.`, rule: 'lease held', limit: name, value: token,
    remedy: 'Whoever holds the lease now goes on with the work.',
  };
}
