import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { MasterBook } from '../../../domain/instrument';
import type { Clock, Log } from '../../../domain/ports';
import type { EpochMs } from '../../../domain/time';
import { masterDraft } from './draft';
import { openMasterFile } from './openFile';
import { watchSnapshots } from './snapshots';
import { inTransaction } from '../../store/sqlite/transaction';
import { masterView } from './view';

/** A snapshot that nobody worked on for this long was left by a process that died. */
const ABANDONED_MS = 120_000;

const LOOK_AGAIN_MS = 250;

const Id = z.object({ id: z.int() });

/** The masters of a state folder, in `instruments.db`; `:memory:` keeps them for the process. Several processes of one machine share the file; what another one changed is seen after `lookAgainMs` (default 250) at the latest. */
export function openMasterBook({ home, clock, log, lookAgainMs = LOOK_AGAIN_MS }: { readonly home: string; readonly clock: Clock; readonly log: Log; readonly lookAgainMs?: number }): MasterBook {
  const database = openMasterFile(home, log);
  const snapshots = watchSnapshots(database, lookAgainMs);
  return {
    ...masterView(database, snapshots),
    async begin({ source, rank, asOf, at }) {
      await Promise.resolve();
      const id = claim(database, { source, rank, asOf, at });
      return id === undefined ? undefined : masterDraft(database, snapshots, { clock, id, source, asOf });
    },
    async note({ source, outcome, at, rows, rejected, skipped, duplicates, reason, samples }) {
      await Promise.resolve();
      const state = outcome === 'accepted' ? 'unchanged' : outcome;
      database.prepare('insert into snapshots (source, rank, state, as_of, touched_at, rows, rejected, skipped, duplicates, reason, samples) values (?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
        .run(source, state, at, at, rows, rejected, skipped, duplicates, reason ?? null, JSON.stringify(samples));
    },
    close: () => database.close(),
  };
}

/** The id of a new snapshot, unless another process is at work on one of the same source. */
function claim(database: DatabaseSync, { source, rank, asOf, at }: { readonly source: string; readonly rank: number; readonly asOf: EpochMs; readonly at: EpochMs }): number | undefined {
  return inTransaction(database, () => {
    database.prepare(`update snapshots set state = 'failed', reason = 'the process that read it ended' where source = ? and state = 'loading' and touched_at < ?`).run(source, at - ABANDONED_MS);
    if (database.prepare(`select 1 from snapshots where source = ? and state = 'loading'`).get(source) !== undefined) return undefined;
    const made = database.prepare(`insert into snapshots (source, rank, state, as_of, touched_at) values (?, ?, 'loading', ?, ?) returning id`).get(source, rank, asOf, at);
    return Id.parse(made).id;
  });
}
