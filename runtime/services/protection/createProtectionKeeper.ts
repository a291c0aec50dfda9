import type { Lease } from '../../domain/lease';
import { isLive, type Protection } from '../../domain/protection';
import type { EpochMs } from '../../domain/time';
import { createGuard, type Guard } from './guard';
import { TELL_AGAIN_MS } from './limits';
import type { ProtectionPorts } from './ports';

/** What this process watches. */
export interface Guarded {
  readonly account: string;
  readonly lease: Lease;
}

/**
 * The owner of protections. Every account has one over all processes: whoever holds the lease `protection:<account>`. It holds one for every account with
 * something to protect, and for live accounts at all times, so that they can be armed.
 */
export interface ProtectionKeeper {
  /** Renews leases, takes those that are free, looks at what they protect. For a ticker of a second; returns when the leases are known, not when orders are through. */
  look(): Promise<void>;
  guarded(): readonly Guarded[];
  /** Resolves when nothing is under way: for tests and an orderly end. */
  idle(): Promise<void>;
  /** Ends the watch and gives the leases back. */
  close(): Promise<void>;
}

export function createProtectionKeeper(ports: ProtectionPorts): ProtectionKeeper {
  const { store, clock, log, accounts, soon = begin(log) } = ports;
  const guards = new Map<string, Guard>();
  const told = new Map<string, EpochMs>();
  let looking: Promise<void> | undefined;
  let again = false;
  let closed = false;

  async function lookOnce(): Promise<void> {
    const live = (await store.protections.live()).filter(isLive);
    const wanted = new Set([...live.map(({ account }) => account), ...(await store.accounts()).filter(({ broker }) => broker !== 'paper').map(({ id }) => id)]);
    for (const [account, guard] of guards) {
      if (wanted.has(account)) continue;
      guards.delete(account);
      await guard.leave();
    }
    for (const account of wanted) await lookAt(account, live.filter((protection) => protection.account === account)).catch((error: unknown) => log.error({ account, err: error }, 'the protection of an account could not be looked at; it is tried again at the next look'));
  }

  async function lookAt(account: string, live: readonly Protection[]): Promise<void> {
    if (closed) return;
    if (!(await isUsable(account))) {
      if (live.length > 0) await tellUnguarded(account, live.length);
      return;
    }
    const guard = guards.get(account) ?? createGuard(ports, account);
    guards.set(account, guard);
    await guard.look(live);
  }

  /** An account that this process does not know, or can not open, is another one's to watch. */
  function isUsable(account: string): Promise<boolean> {
    return accounts.use(account, () => Promise.resolve(true)).catch(() => false);
  }

  async function tellUnguarded(account: string, count: number): Promise<void> {
    const now = clock.now();
    const lease = (await store.leases.list()).find(({ name }) => name === `protection:${account}`);
    if (lease !== undefined && lease.until > now && ports.owners.isAlive(lease.owner)) return;
    if (now - (told.get(account) ?? -Infinity) < TELL_AGAIN_MS) return;
    told.set(account, now);
    const message = `Nobody watches ${count === 1 ? 'the protection' : `the ${count} protections`} of ${account}: open a flow that uses the account, or run \`bellwether guard\`.`;
    log.error({ account, count }, message);
    await store.events.record({ key: `protection unguarded ${now}`, account, kind: 'protectionLost', message, facts: { severity: 'critical', count }, happenedAt: now });
  }

  function look(): Promise<void> {
    if (closed) return Promise.resolve();
    if (looking !== undefined) {
      again = true;
      return looking;
    }
    looking = lookOnce().catch((error: unknown) => log.error({ err: error }, 'protections could not be looked at; they are tried again at the next look')).finally(() => {
      looking = undefined;
      if (!again) return;
      again = false;
      void look();
    });
    return looking;
  }

  // A protection that was just made, or an entry that has just filled, waits for no ticker.
  const leave = store.protections.onChanged((id) => {
    const isWatched = [...guards.values()].some((guard) => guard.refresh(id));
    soon(async () => {
      if (!isWatched) await look();
      await idle();
    });
  });

  async function idle(): Promise<void> {
    for (let turns = 0; turns < 100; turns += 1) {
      await looking;
      await Promise.all([...guards.values()].map((guard) => guard.idle()));
      if (looking === undefined) return;
    }
  }

  return {
    look, idle,
    guarded: () => [...guards.values()].flatMap((guard) => {
      const lease = guard.held();
      return lease === undefined ? [] : [{ account: guard.account, lease }];
    }),
    async close() {
      closed = true;
      leave();
      await looking;
      await Promise.all([...guards.values()].map((guard) => guard.leave()));
      guards.clear();
    },
  };
}

function begin(log: ProtectionPorts['log']): (work: () => Promise<void>) => void {
  return (work) => {
    work().catch((error: unknown) => log.error({ err: error }, 'protections could not be looked at; they are at the next look'));
  };
}
