import type { DatabaseSync } from 'node:sqlite';
import { Kysely, Migrator } from 'kysely';
import { z } from 'zod';
import { migrations, SQLITE_KIT } from '../migrations';
import { StoreError } from '../storeError';
import { NodeSqliteDialect } from './dialect';
import { isError, storeErrorOf } from './failure';
import { damaged } from './file';

const TABLE = 'schema_migrations';
const Name = z.object({ name: z.string() });

/** Brings the tables up to date. A database that a newer version has changed is refused: its rows may mean something else. */
export async function migrate(db: DatabaseSync, path: string): Promise<void> {
  const known = migrations(SQLITE_KIT);
  const executed = executedMigrations(db);
  const newer = executed.filter((name) => !(name in known));
  if (newer.length > 0) {
    // A newer version did all that this one does, and more.
    const missing = Object.keys(known).filter((name) => !executed.includes(name));
    if (missing.length > 0) throw damaged(path, `it lists ${newer.join(', ')} among its changes, and not ${missing.join(', ')}`);
    throw new StoreError('NEWER_SCHEMA', `The journal ${path} was written by a newer version of Bellwether (${newer.join(', ')}). Update this installation to that version, or restore the backup made before the update.`);
  }
  if (executed.length === Object.keys(known).length) return;
  const kysely = new Kysely<unknown>({ dialect: new NodeSqliteDialect(db) });
  const migrator = new Migrator({ db: kysely, provider: { getMigrations: () => Promise.resolve(known) }, migrationTableName: TABLE, migrationLockTableName: `${TABLE}_lock` });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw isError(error) ? error : storeErrorOf(error);
}

function executedMigrations(db: DatabaseSync): readonly string[] {
  const hasTable = db.prepare("select name from sqlite_schema where type = 'table' and name = ?").get(TABLE) !== undefined;
  return hasTable ? z.array(Name).parse(db.prepare(`select name from ${TABLE} order by name`).all()).map((row) => row.name) : [];
}
