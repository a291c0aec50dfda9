import type { DatabaseSync } from 'node:sqlite';

/** Runs a short synchronous step as one transaction. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('begin immediate');
  try {
    const result = work();
    database.exec('commit');
    return result;
  } catch (error) {
    // A full disk has ended it already.
    if (database.isTransaction) database.exec('rollback');
    throw error;
  }
}
