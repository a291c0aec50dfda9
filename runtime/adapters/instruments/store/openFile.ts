import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { Log } from '../../../domain/ports';
import { isDamage } from '../../store/sqlite/failure';
import { requireSqlite } from '../../store/sqlite/file';
import { SCHEMA, VERSION } from './schema';

/** Where the masters of a state folder are kept. */
export const MASTERS_FILE = 'instruments.db';

const BUSY_TIMEOUT_MS = 5_000;
/** Pages kept in memory; the rest stays on disk. */
const CACHE_KIB = 8_192;

/**
 * Opens the file, making it where it is missing. It holds nothing that can not be fetched again: a damaged file, or one of another version,
 * is put aside (`instruments.db.damaged`) with a warning, and an empty one takes its place.
 */
export function openMasterFile(home: string, log: Log): DatabaseSync {
  if (home === ':memory:') return prepared(':memory:');
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const file = path.join(home, MASTERS_FILE);
  try {
    return prepared(file);
  } catch (error) {
    if (!(error instanceof OtherVersion) && !isDamage(error)) throw error;
    log.warn({ file, err: error }, `${file} can not be used and is put aside: the instrument master is fetched anew.`);
    putAside(file);
    return prepared(file);
  }
}

class OtherVersion extends Error {
  override readonly name = 'OtherVersion';
}

function prepared(file: string): DatabaseSync {
  const { DatabaseSync: Database } = requireSqlite();
  const database = new Database(file, { timeout: BUSY_TIMEOUT_MS });
  try {
    // A lost master is fetched again: it is not worth a flush for every piece.
    database.exec(`pragma journal_mode = wal; pragma synchronous = normal; pragma cache_size = -${CACHE_KIB};`);
    const check = z.object({ quick_check: z.string() }).parse(database.prepare('pragma quick_check(1)').get()).quick_check;
    if (check !== 'ok') throw new OtherVersion(`The file is damaged: ${check}`);
    make(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function make(database: DatabaseSync): void {
  database.exec('begin immediate');
  const { user_version: version } = z.object({ user_version: z.int() }).parse(database.prepare('pragma user_version').get());
  if (version === 0) database.exec(SCHEMA);
  database.exec('commit');
  if (version !== 0 && version !== VERSION) throw new OtherVersion(`The file has format ${version}; this version knows ${VERSION}.`);
}

function putAside(file: string): void {
  for (const end of ['', '-wal', '-shm']) {
    const from = `${file}${end}`;
    const to = `${file}.damaged${end}`;
    rmSync(to, { force: true });
    if (existsSync(from)) renameSync(from, to);
  }
}
