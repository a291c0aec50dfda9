import type { DatabaseSync } from 'node:sqlite';
import type { Clock, Log, Store } from '../../../domain/ports';
import { StoreError } from '../storeError';
import { isBusy, isError, isMisfit, storeErrorOf } from './failure';
import { checkFile, damaged, prepareFolder, requireSqlite } from './file';
import { openCommits, type GroupCommit } from './groupCommit';
import { migrate } from './schema';
import { Statements } from './statements';
import { composeStore } from './store';

export interface SqliteStoreOptions {
  /** The database file, made with its folder when missing; `:memory:` for one that ends with the process. */
  readonly path: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Longest wait for another process's transaction, at open and for every operation. Default 5,000. */
  readonly busyTimeoutMs?: number;
  /** Writes that may wait for the disk; more are refused with QUEUE_FULL. Default 50,000. */
  readonly maxQueued?: number;
}

const DEFAULT_BUSY_TIMEOUT_MS = 5_000;
/** Longest that SQLite itself may hold the event loop while it waits; longer waits go through timers. */
const BLOCKING_WAIT_MS = 10;
/** The write-ahead log is cut back to this after a checkpoint. */
const MAX_WAL_BYTES = 64 * 1024 * 1024;
/** A step changes a row or two in each of many trees, and whole pages are written for it: half of SQLite's usual size is a third less work. Of a new file; an old one keeps its own. */
const PAGE_BYTES = 2_048;
const RETRY_MS = 20;

/** Opens of one process go one after the other: SQLite's waiting would stop the very migration that it waits for. */
let opening: Promise<unknown> = Promise.resolve();

/** The journal's file with what is built on it. Whoever keeps tables of its own there writes through `commits`. All of it ends with the store. */
export interface SqliteJournal {
  readonly store: Store;
  readonly db: DatabaseSync;
  readonly commits: GroupCommit;
}

/** The journal on one machine. Several processes may open the same file. Rejects with a `StoreError` that says what to do. */
export function openSqliteJournal(options: SqliteStoreOptions): Promise<SqliteJournal> {
  const opened = opening.then(() => open(options));
  opening = opened.catch(() => undefined);
  return opened;
}

/** The same, for those who want the store alone. */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  return (await openSqliteJournal(options)).store;
}

async function open({ path, clock, log, busyTimeoutMs = DEFAULT_BUSY_TIMEOUT_MS, maxQueued }: SqliteStoreOptions): Promise<SqliteJournal> {
  const { DatabaseSync } = requireSqlite();
  if (path !== ':memory:') prepareFolder(path);
  const db = opened(() => new DatabaseSync(path), path);
  try {
    await whenFree(busyTimeoutMs, async () => {
      configure(db, path);
      await migrate(db, path);
    });
    db.exec(`pragma busy_timeout = ${Math.min(BLOCKING_WAIT_MS, busyTimeoutMs)}`);
    const onFault = (error: unknown): void => { log.error({ err: error }, 'a listener of the journal failed; what it was told of is written'); };
    const onAlone = (reason: unknown): void => { log.warn({ err: reason }, 'no thread copies the journal’s log back; commits do it, and the host stands still for some milliseconds now and then'); };
    const commits = openCommits(db, path, { busyTimeoutMs, onFault, onAlone, ...(maxQueued === undefined ? {} : { maxQueued }) });
    return { store: composeStore({ statements: new Statements(db), commits, clock, log }), db, commits };
  } catch (error) {
    db.close();
    throw isMisfit(error) && isError(error) ? damaged(path, error.message) : storeErrorOf(error);
  }
}

function opened(open: () => DatabaseSync, path: string): DatabaseSync {
  try {
    return open();
  } catch (error) {
    throw new StoreError('IO', `The journal ${path} can not be opened: ${isError(error) ? error.message : String(error)}. Check that the folder exists and may be written to.`, { cause: error });
  }
}

/** Checked before anything is written to it. Commits are flushed by `GroupCommit`, apart from the event loop. */
function configure(db: DatabaseSync, path: string): void {
  db.exec(`pragma busy_timeout = ${BLOCKING_WAIT_MS}; pragma page_size = ${PAGE_BYTES}`);
  checkFile(db, path);
  db.exec(`pragma journal_mode = wal; pragma foreign_keys = on; pragma journal_size_limit = ${MAX_WAL_BYTES}`);
}

/** SQLite does not wait in every case where another process is in the way, so this does, with the event loop running. */
async function whenFree(timeoutMs: number, step: () => Promise<void>): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    try {
      await step();
      return;
    } catch (error) {
      if (!isBusy(error) || performance.now() >= deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}
