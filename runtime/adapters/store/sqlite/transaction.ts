import type { DatabaseSync } from 'node:sqlite';
import { isOutsideTransaction } from './failure';

/** Runs a short synchronous step as one transaction; a step that throws leaves nothing. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('begin immediate');
  try {
    const result = work();
    db.exec('commit');
    return result;
  } catch (error) {
    rollBack(db);
    throw error;
  }
}

/** A full disk has ended the transaction already; older versions of Node can not say so beforehand. */
function rollBack(db: DatabaseSync): void {
  try {
    db.exec('rollback');
  } catch (error) {
    if (!isOutsideTransaction(error)) throw error;
  }
}
