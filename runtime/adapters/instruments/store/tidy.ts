import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { addDays } from '../../../domain/session/days';
import type { IsoDate } from '../../../domain/time';
import { inTransaction } from '../../store/sqlite/transaction';

const KEYS_A_STEP = 1_000;
/** Expired contracts are kept for positions, reports and replays of the last year. */
const KEPT_DAYS = 400;
const KEPT_ATTEMPTS = 50;

const Key = z.object({ key: z.string() });

/**
 * Removes what no longer says anything: rows of snapshots that never came to count, rows of replaced ones that the current one repeats, and contracts that expired long ago.
 * A thousand keys at a time, so that nobody waits; what a killed process left is removed the next time.
 */
export async function tidy(database: DatabaseSync, { today }: { readonly today: IsoDate }): Promise<void> {
  const boundary = database.prepare(`select key from instruments where key > ? order by key limit 1 offset ${KEYS_A_STEP}`);
  const remove = database.prepare(`
    delete from instruments where key > :from and key <= :until and (
      expiry < :cutoff
      or snapshot in (select id from snapshots where state in ('refused', 'failed'))
      or exists (
        select 1 from snapshots old join snapshots new on new.source = old.source and new.state = 'current'
        join instruments same on same.key = instruments.key and same.snapshot = new.id and same.since = instruments.since
        where old.id = instruments.snapshot and old.state = 'replaced'))`);
  const cutoff = addDays(today, -KEPT_DAYS);
  let from = '';
  for (let more = true; more;) {
    const end = boundary.get(from);
    const until = end === undefined ? '\u{10ffff}' : Key.parse(end).key;
    inTransaction(database, () => remove.run({ from, until, cutoff }));
    more = end !== undefined;
    from = until;
    await nextTurn();
  }
  inTransaction(database, () => {
    database.exec(`delete from listings where snapshot not in (select id from snapshots where state in ('current', 'loading'))`);
    database.exec(`delete from snapshots where state in ('refused', 'failed', 'unchanged', 'busy') and id not in (select id from snapshots where state not in ('current', 'replaced', 'loading') order by id desc limit ${KEPT_ATTEMPTS})`);
  });
  database.exec('pragma wal_checkpoint(passive)');
}
