import type { z } from 'zod';
import type { Clock, HeldLock, LockRequest, Store } from '../../../domain/ports';
import type { EpochMs } from '../../../domain/time';
import { LockRow } from '../rows';
import type { Risk } from './risk';
import { atMost, type Param, type Statements } from './statements';
import { MAX_LISTED } from './listing';

type Acquired = Awaited<ReturnType<Store['acquireLock']>>;

export type Locks = ReturnType<typeof createLocks>;

/** Named locks with an owner and an end. Every method runs inside one write operation or read. */
export function createLocks(statements: Statements, clock: Clock, risk: Pick<Risk, 'record'>) {
  const byName = statements.query('locks', LockRow, (db, p: Param<{ account: string; name: string }>) => db.selectFrom('locks').selectAll().where('account', '=', p('account')).where('name', '=', p('name')));
  const heldAt = statements.query('locks', LockRow, (db, p: Param<{ account: string | undefined; now: number; limit: number }>) =>
    db.selectFrom('locks').selectAll().where((eb) => eb.or([eb(p('account'), 'is', null), eb('account', '=', p('account'))])).where('until', '>', p('now')).orderBy('account').orderBy('name').limit(atMost(p('limit'))));
  const put = statements.insert('locks', LockRow, ['account', 'name']);
  const remove = statements.change((db, p: Param<{ account: string; name: string }>) => db.deleteFrom('locks').where('account', '=', p('account')).where('name', '=', p('name')));

  function held(account: string, name: string, now: EpochMs): HeldLock | undefined {
    const row = byName.one({ account, name });
    return row !== undefined && row.until > now ? lockOf(row) : undefined;
  }

  /** The owner of a lock that is still held gets it again, with the later of both ends: a retry meets the same answer. */
  function acquire(request: LockRequest, now: EpochMs): Acquired {
    const { account, name, owner, until, reason } = request;
    const current = held(account, name, now);
    if (current !== undefined && current.owner !== owner) return { acquired: false, lock: current };
    const lock: HeldLock = { account, name, owner, until: Math.max(until, current?.until ?? until), acquiredAt: current?.acquiredAt ?? now, ...(reason === undefined ? {} : { reason }) };
    put({ account, name, owner, until: lock.until, ...(reason === undefined ? {} : { reason }), happenedAt: lock.acquiredAt, recordedAt: clock.now() });
    risk.record(account, 'LOCK_ACQUIRED', now, JSON.stringify({ name, owner, until: lock.until, reason }));
    return { acquired: true, lock };
  }

  return {
    acquire,

    /** Those of `names` that are held at `now`. */
    heldAmong: (account: string, names: readonly string[], now: EpochMs): readonly HeldLock[] => names.map((name) => held(account, name, now)).filter((lock) => lock !== undefined),

    /** False when nobody held it any more. */
    release({ account, name }: { account: string; name: string }): boolean {
      const now = clock.now();
      const current = held(account, name, now);
      remove({ account, name });
      if (current !== undefined) risk.record(account, 'LOCK_RELEASED', now, JSON.stringify({ name, owner: current.owner }));
      return current !== undefined;
    },

    list: ({ account, now }: { account?: string; now: EpochMs }): readonly HeldLock[] => heldAt.all({ account, now, limit: MAX_LISTED }).map(lockOf),
  };
}

function lockOf({ account, name, owner, until, reason, happenedAt }: z.output<typeof LockRow>): HeldLock {
  return { account, name, owner, until, acquiredAt: happenedAt, ...(reason === undefined ? {} : { reason }) };
}
