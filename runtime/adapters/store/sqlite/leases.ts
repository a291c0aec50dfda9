import type { z } from 'zod';
import type { Fence, Lease, LeaseStore } from '../../../domain/lease';
import type { Clock } from '../../../domain/ports';
import type { EpochMs } from '../../../domain/time';
import { LeaseRow } from '../rows';
import { MAX_LISTED } from './listing';
import { atMost, type Param, type Statements } from './statements';

type Acquire = Parameters<LeaseStore['acquire']>[0];
type Row = z.output<typeof LeaseRow>;

export type Leases = ReturnType<typeof createLeases>;

/** Leases with the tokens that prove them. Every method runs inside one write operation or read. */
export function createLeases(statements: Statements, clock: Clock) {
  const byName = statements.query('leases', LeaseRow, (db, p: Param<{ name: string }>) => db.selectFrom('leases').selectAll().where('name', '=', p('name')));
  const owned = statements.query('leases', LeaseRow, (db, p: Param<{ limit: number }>) => db.selectFrom('leases').selectAll().where('owner', 'is not', null).orderBy('name').limit(atMost(p('limit'))));
  const put = statements.insert('leases', LeaseRow, ['name']);

  return {
    acquire({ name, owner, now, until }: Acquire): { held: boolean; lease: Lease } {
      const row = byName.one({ name });
      const current = row === undefined ? undefined : leaseOf(row);
      const isOn = current !== undefined && current.until > now;
      if (isOn && current.owner !== owner) return { held: false, lease: current };
      // One's own that ran out is taken anew: what was decided under the old token may be outdated.
      const lease: Lease = isOn ? { ...current, until: Math.max(until, current.until) } : { name, owner, token: (row?.token ?? 0) + 1, until, acquiredAt: now };
      put({ name, token: lease.token, owner, until: lease.until, happenedAt: lease.acquiredAt, recordedAt: clock.now() });
      return { held: true, lease };
    },

    release({ name, token }: Fence): void {
      const row = byName.one({ name });
      if (row?.owner === undefined || row.token !== token) return;
      put({ name, token, until: row.until, happenedAt: row.happenedAt, recordedAt: clock.now() });
    },

    /** True while nobody else has taken the work over and the lease is not over. */
    isHeld({ name, token }: Fence, now: EpochMs): boolean {
      const row = byName.one({ name });
      return row?.owner !== undefined && row.token === token && row.until > now;
    },

    list: (): readonly Lease[] => owned.all({ limit: MAX_LISTED }).flatMap((row) => leaseOf(row) ?? []),
  };
}

function leaseOf({ name, token, owner, until, happenedAt }: Row): Lease | undefined {
  return owner === undefined ? undefined : { name, token, owner, until, acquiredAt: happenedAt };
}
