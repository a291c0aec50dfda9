import { closeSync, existsSync, mkdirSync, openSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock, Ids, Owners } from '../../../domain/ports';
import { MINUTE_MS } from '../../../domain/time';
import { isBusy } from './failure';
import { requireSqlite } from './file';

const EXTENSION = '.lock';
/** A younger file may belong to somebody who is about to lock it. */
const LEFT_BEHIND_AFTER_MS = MINUTE_MS;
/** Longest wait for somebody who looks at our own file at this very moment. */
const OWN_LOCK_TIMEOUT_MS = 2_000;

/**
 * Who has a state folder open, by one locked file each. The operating system drops the lock with the process, however it ends and
 * in whatever container it ran: nothing has to be beaten, waited for or guessed from process numbers.
 */
export function fileOwners({ folder, ids, clock }: { readonly folder: string; readonly ids: Ids; readonly clock: Clock }): Owners {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const own = ids.next();
  const lock = lockedFile(fileOf(folder, own), OWN_LOCK_TIMEOUT_MS);
  if (lock === undefined) throw new Error(`${fileOf(folder, own)} is locked by another process.`);
  sweep(folder, own, clock);
  return {
    own,
    isAlive: (owner) => owner === own || isLocked(fileOf(folder, owner)),
    isAlone: () => namesIn(folder).every((name) => name === own || !isLocked(fileOf(folder, name))),
    close() {
      lock.close();
      rmSync(fileOf(folder, own), { force: true });
    },
  };
}

/** Whether that runtime has the folder open, for somebody who does not open it: a command that only looks. */
export function isOwnerAlive(folder: string, owner: string): boolean {
  return isLocked(fileOf(folder, owner));
}

/** Whether any runtime has the folder open, for somebody who does not open it. */
export function isAnyOwnerAlive(folder: string): boolean {
  return existsSync(folder) && namesIn(folder).some((name) => isLocked(fileOf(folder, name)));
}

/** State that ends with the process has nobody else. */
export function lonelyOwner(ids: Ids): Owners {
  const own = ids.next();
  return { own, isAlive: (owner) => owner === own, isAlone: () => true, close: () => undefined };
}

function fileOf(folder: string, owner: string): string {
  return path.join(folder, `${path.basename(owner)}${EXTENSION}`);
}

function namesIn(folder: string): readonly string[] {
  return readdirSync(folder).filter((file) => file.endsWith(EXTENSION)).map((file) => file.slice(0, -EXTENSION.length));
}

/** The file, locked until it is closed; undefined where somebody else has it. */
function lockedFile(file: string, timeoutMs: number): DatabaseSync | undefined {
  closeSync(openSync(file, 'a', 0o600));
  const { DatabaseSync: Database } = requireSqlite();
  const lock = new Database(file, { timeout: timeoutMs });
  try {
    // Nothing is ever written: the file stays empty, has no journal beside it, and the lock is all that it is for.
    lock.exec('pragma journal_mode = memory; begin exclusive');
    return lock;
  } catch (error) {
    lock.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
}

function isLocked(file: string): boolean {
  if (!existsSync(file)) return false;
  const lock = lockedFile(file, 0);
  lock?.close();
  return lock === undefined;
}

/** Takes away what processes that were killed have left. */
function sweep(folder: string, own: string, clock: Clock): void {
  for (const name of namesIn(folder)) {
    const file = fileOf(folder, name);
    const age = clock.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? clock.now());
    if (name !== own && age > LEFT_BEHIND_AFTER_MS && !isLocked(file)) rmSync(file, { force: true });
  }
}
