import type { NewAccountEvent } from '../../domain/accountEvent';
import type { Fence, Lease } from '../../domain/lease';
import type { Protection } from '../../domain/protection';
import type { EpochMs } from '../../domain/time';
import { LEASE_MS } from './limits';
import { lookForRooms } from './lookForRoom';
import type { ProtectionPorts } from './ports';
import { createWatch, type Watch } from './watch';

/** The lease of an account's protection. */
export function protectionLease(account: string): string {
  return `protection:${account}`;
}

/** One account's protection, for as long as this process holds its lease. */
export interface Guard {
  readonly account: string;
  /** Takes or renews the lease and looks at every protection; does not wait for what that leads to. False while another process is the owner. */
  look(live: readonly Protection[]): Promise<boolean>;
  refresh(protectionId: string): boolean;
  held(): Lease | undefined;
  idle(): Promise<void>;
  /** Gives the lease back, in order. */
  leave(): Promise<void>;
}

export function createGuard(ports: ProtectionPorts, account: string): Guard {
  const { store, clock, log, owners, leaseMs = LEASE_MS } = ports;
  const name = protectionLease(account);
  const watches = new Map<string, Watch>();
  let lease: Lease | undefined;

  const fence = (): Fence | undefined => (lease !== undefined && lease.until > clock.now() ? { name, token: lease.token } : undefined);

  function drop(): void {
    lease = undefined;
    for (const watch of watches.values()) watch.leave();
    watches.clear();
  }

  async function take(): Promise<boolean> {
    const now = clock.now();
    if (lease !== undefined && lease.until - now > leaseMs / 2) return true;
    const before = lease === undefined ? (await store.leases.list()).find((known) => known.name === name) : undefined;
    // Nobody has to wait for a lease whose owner is known to be gone.
    if (before !== undefined && before.owner !== owners.own && !owners.isAlive(before.owner)) await store.leases.release(before);
    const { held, lease: current } = await store.leases.acquire({ name, owner: owners.own, now, until: now + leaseMs });
    if (!held) {
      drop();
      return false;
    }
    // One's own that ran out has a new token: what was watched under the old one begins anew.
    if (lease !== undefined && lease.token !== current.token) drop();
    const isNew = lease === undefined;
    lease = current;
    if (isNew && before !== undefined && before.owner !== owners.own) await store.events.record(takenOver(account, before, current, now));
    if (isNew) log.info({ account, token: current.token }, 'this process watches the protection of the account');
    return true;
  }

  return {
    account,
    held: () => lease,

    async look(live) {
      if (!(await take())) return false;
      const ids = new Set(live.map(({ id }) => id));
      for (const [id, watch] of watches) {
        if (ids.has(id)) continue;
        watch.leave();
        watches.delete(id);
      }
      const positions = live.length === 0 ? [] : await store.positions({ account, openOnly: true });
      const rooms = live.some(({ held }) => held) ? await lookForRooms(store, account) : undefined;
      for (const protection of live) {
        if (lease === undefined) return false;
        const watch = watches.get(protection.id) ?? createWatch({ ports, protection, fence, onLeaseLost: drop });
        watches.set(protection.id, watch);
        watch.look(protection, positions, rooms?.get(protection.id));
      }
      return true;
    },

    refresh(protectionId) {
      const watch = watches.get(protectionId);
      watch?.refresh();
      return watch !== undefined;
    },

    idle: async () => { await Promise.all([...watches.values()].map((watch) => watch.idle())); },

    async leave() {
      const own = [...watches.values()];
      for (const watch of own) watch.leave();
      await Promise.all(own.map((watch) => watch.idle()));
      if (lease !== undefined) await store.leases.release(lease);
      lease = undefined;
      watches.clear();
    },
  };
}

/** An owner that gave its lease back in order is no loss. */
function takenOver(account: string, before: Lease, now: Lease, at: EpochMs): NewAccountEvent {
  const unguardedMs = Math.max(0, at - before.until);
  return {
    key: `protection owner ${now.token}`, account, kind: 'protectionLost',
    message: `The process that watched the stops of ${account} was gone; another one has taken over${unguardedMs === 0 ? '.' : ` after ${Math.round(unguardedMs / 1_000)} s without an owner.`}`,
    facts: { severity: 'critical', lostOwner: before.owner, owner: now.owner, unguardedMs }, happenedAt: at,
  };
}
