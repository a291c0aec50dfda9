import type { DatabaseSync } from 'node:sqlite';
import { CompiledQuery, SqliteAdapter, SqliteDialect, SqliteDriver, type DatabaseConnection, type SqliteDatabase, type SqliteStatement } from 'kysely';
import { z } from 'zod';

/**
 * Kysely over an open `node:sqlite` database, for two uses only: running migrations, and compiling the statements that the store then
 * prepares and executes itself. The owner of the database closes it; destroying the Kysely instance does not.
 */
export class NodeSqliteDialect extends SqliteDialect {
  readonly #database: SqliteDatabase;

  constructor(db: DatabaseSync) {
    const database = asKyselyDatabase(db);
    super({ database });
    this.#database = database;
  }

  override createDriver(): SqliteDriver {
    return new ImmediateDriver({ database: this.#database });
  }

  override createAdapter(): SqliteAdapter {
    return new TransactionalDdlAdapter();
  }
}

/** Takes the write lock at once: two processes that open a new store migrate one after the other. */
class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }
}

/** SQLite rolls schema changes back like data, so a migration happens whole or not at all. */
class TransactionalDdlAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

const Bindings = z.array(z.union([z.string(), z.number(), z.null()]));

function asKyselyDatabase(db: DatabaseSync): SqliteDatabase {
  return {
    prepare: (text) => asKyselyStatement(db, text),
    close: () => undefined,
  };
}

function asKyselyStatement(db: DatabaseSync, text: string): SqliteStatement {
  const statement = db.prepare(text);
  return {
    // `all` runs every statement and gives no rows for those that have none; numbers of changed rows are of no interest to migrations.
    reader: true,
    all: (parameters) => statement.all(...Bindings.parse(parameters)),
    run: (parameters) => statement.run(...Bindings.parse(parameters)),
    iterate: (parameters) => statement.iterate(...Bindings.parse(parameters)),
  };
}
