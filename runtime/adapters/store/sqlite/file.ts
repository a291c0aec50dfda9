import { existsSync, mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type * as sqlite from 'node:sqlite';
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { StoreError } from '../storeError';
import { isDamage, isError } from './failure';

export type SqliteModule = typeof sqlite;

/** Marks a file as ours in its header ("BELW"), so that another program's database is never written to. */
const APPLICATION_ID = 0x42454c57;

/** File systems whose locks or flushes can not be relied on. */
const NETWORK_FILE_SYSTEMS: ReadonlySet<string> = new Set(['nfs', 'nfs4', 'cifs', 'smb', 'smb2', 'smb3', 'smbfs', 'fuse.sshfs', 'fuse.s3fs', 'fuse.rclone', 'fuse.glusterfs', 'afs', 'ceph', 'davfs', 'fuse.davfs2']);

/** The database module of this Node; Node 22.9 to 22.12 hide it behind a flag. `load` stands for `process.getBuiltinModule`. */
export function requireSqlite(load: () => SqliteModule | undefined = () => process.getBuiltinModule('node:sqlite')): SqliteModule {
  const found = load();
  if (found !== undefined) return found;
  throw new StoreError('NO_SQLITE', `Node ${process.versions.node} has no node:sqlite, which the journal needs. Use Node 22.13 or newer (24 is best), or start Node 22.9 to 22.12 with NODE_OPTIONS=--experimental-sqlite.`);
}

/** Makes the folder of a database file and refuses one on a network file system, as far as Linux tells. */
export function prepareFolder(path: string): void {
  const folder = dirname(resolve(path));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!existsSync('/proc/self/mountinfo')) return;
  const kind = fileSystemOf(readFileSync('/proc/self/mountinfo', 'utf8'), realpathSync(folder));
  if (kind !== undefined && NETWORK_FILE_SYSTEMS.has(kind)) {
    throw new StoreError('NETWORK_FILE_SYSTEM', `${folder} is on a network file system (${kind}), where a journal can be lost or written twice. Set BELLWETHER_HOME to a folder on a local disk.`);
  }
}

/** The type of the file system that holds `path`, by the longest mount point above it (proc_pid_mountinfo(5)). */
export function fileSystemOf(mountInfo: string, path: string): string | undefined {
  let best: { readonly point: string; readonly kind: string } | undefined;
  for (const line of mountInfo.split('\n')) {
    const [mount, source] = line.split(' - ');
    const point = mount?.split(' ')[4]?.replace(/\\([0-7]{3})/g, (_match, octal: string) => String.fromCharCode(parseInt(octal, 8)));
    const kind = source?.split(' ')[0];
    if (point === undefined || kind === undefined) continue;
    const holds = path === point || path.startsWith(point.endsWith('/') ? point : `${point}/`);
    // A later mount on the same point hides the earlier one.
    if (holds && point.length >= (best?.point.length ?? 0)) best = { point, kind };
  }
  return best?.kind;
}

/** Refuses bytes that are no sound database, and databases of other programs. A new file is marked as ours. */
export function checkFile(db: DatabaseSync, path: string): void {
  let problem: string | undefined;
  try {
    problem = firstProblem(db);
  } catch (error) {
    if (!isDamage(error)) throw error;
    problem = isError(error) ? error.message : String(error);
  }
  if (problem !== undefined) throw damaged(path, problem);
  claimFile(db, path);
}

/** The refusal of a file that can not be trusted, with the way back. */
export function damaged(path: string, problem: string): StoreError {
  return new StoreError('DAMAGED', `The journal ${path} is damaged (${problem}) and was not opened. Stop every process that uses it, move it and its -wal and -shm files away, keep them, and copy the last backup to this place; the broker's own records then settle what came after it.`);
}

const Check = z.object({ quick_check: z.string() });
const Header = z.object({ application_id: z.int() });
const Count = z.object({ total: z.int() });

function firstProblem(db: DatabaseSync): string | undefined {
  const { quick_check: verdict } = Check.parse(db.prepare('pragma quick_check(1)').get());
  return verdict === 'ok' ? undefined : verdict;
}

function claimFile(db: DatabaseSync, path: string): void {
  const { application_id: id } = Header.parse(db.prepare('pragma application_id').get());
  if (id === APPLICATION_ID) return;
  const { total } = Count.parse(db.prepare('select count(*) as total from sqlite_schema').get());
  if (id !== 0 || total > 0) throw new StoreError('NOT_A_STORE', `${path} is the database of another program and was not touched. Choose another place with BELLWETHER_HOME.`);
  db.exec(`pragma application_id = ${APPLICATION_ID}`);
}
