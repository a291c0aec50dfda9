import { z } from 'zod';
import { StoreError, type StoreErrorCode } from '../storeError';

const SqliteFailure = z.object({ code: z.literal('ERR_SQLITE_ERROR'), errcode: z.int(), message: z.string() });

/** SQLite's primary result codes that have a meaning of their own here (https://sqlite.org/rescode.html). */
const SQL_ERROR = 1;
const BUSY = 5;
const LOCKED = 6;
const CORRUPT = 11;
const FULL = 13;
const NOT_A_DATABASE = 26;
const PRIMARY_MASK = 0xff;

/** SQLite's primary result code of an error of `node:sqlite`; undefined for any other error. */
export function resultCode(error: unknown): number | undefined {
  const failure = SqliteFailure.safeParse(error);
  return failure.success ? failure.data.errcode & PRIMARY_MASK : undefined;
}

/** True for any error, also one of another realm: those of `node:sqlite` are, where modules are loaded apart. */
export function isError(error: unknown): error is Error {
  return error instanceof Error || (typeof error === 'object' && error !== null && 'name' in error && 'message' in error && 'stack' in error);
}

/** True when another connection holds the lock that was wanted. */
export function isBusy(error: unknown): boolean {
  const code = resultCode(error);
  return code === BUSY || code === LOCKED;
}

/** True when a transaction was to end that is not there (any more): SQLite itself ends one when the disk is full. */
export function isOutsideTransaction(error: unknown): boolean {
  const failure = SqliteFailure.safeParse(error);
  return failure.success && failure.data.message.includes('no transaction is active');
}

/** True when a statement does not fit the tables, which at open means that the tables have lost their shape. */
export function isMisfit(error: unknown): boolean {
  return resultCode(error) === SQL_ERROR;
}

/** True when the bytes are no sound database. */
export function isDamage(error: unknown): boolean {
  const code = resultCode(error);
  return code === CORRUPT || code === NOT_A_DATABASE;
}

/** An error of the database as a `StoreError` that keeps it as its cause; any other error as it is. */
export function storeErrorOf(error: unknown): Error {
  const root = error instanceof AggregateError ? error.cause : error;
  const code = resultCode(root);
  if (code === undefined) return isError(root) ? root : new Error(`Something that is no error was thrown: ${String(root)}`, { cause: root });
  const [name, message] = MEANINGS[code] ?? ['IO', 'The journal could not be read or written; nothing was changed.'];
  return new StoreError(name, message, { cause: root });
}

const MEANINGS: Readonly<Record<number, readonly [StoreErrorCode, string]>> = {
  [BUSY]: ['BUSY', 'Another process kept the journal busy for too long; nothing was written.'],
  [LOCKED]: ['BUSY', 'Another connection kept the journal busy for too long; nothing was written.'],
  [FULL]: ['DISK_FULL', 'The disk is full: nothing was written and no order was sent. Free some space.'],
  [CORRUPT]: ['DAMAGED', 'The journal is damaged. Stop trading, keep a copy of the file and restore the last backup.'],
  [NOT_A_DATABASE]: ['DAMAGED', 'The journal is no database any more. Keep a copy of the file and restore the last backup.'],
};
