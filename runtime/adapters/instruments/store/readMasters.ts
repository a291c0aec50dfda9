import { existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { MasterView } from '../../../domain/instrument';
import { requireSqlite } from '../../store/sqlite/file';
import { MASTERS_FILE } from './openFile';
import { VERSION } from './schema';
import { watchSnapshots } from './snapshots';
import { masterView } from './view';

const BUSY_TIMEOUT_MS = 5_000;
/** Nobody waits for news of a file that is only looked into. */
const LOOK_AGAIN_MS = 60_000;

/** The masters that a state folder holds, for one look: the file is neither made nor changed, nothing is fetched. Undefined where there is none of this version. */
export function readMasters(home: string): (MasterView & { close(): void }) | undefined {
  const file = path.join(home, MASTERS_FILE);
  if (!existsSync(file)) return undefined;
  const { DatabaseSync: Database } = requireSqlite();
  const database = new Database(file, { timeout: BUSY_TIMEOUT_MS, readOnly: true });
  const { user_version: version } = z.object({ user_version: z.int() }).parse(database.prepare('pragma user_version').get());
  if (version === VERSION) return { ...masterView(database, watchSnapshots(database, LOOK_AGAIN_MS)), close: () => { database.close(); } };
  database.close();
  return undefined;
}
