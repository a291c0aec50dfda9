import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { CamelCasePlugin, Kysely, sql, type CompiledQuery, type RawBuilder } from 'kysely';
import { z } from 'zod';
import type { Tables } from '../rows';
import { StoreError } from '../storeError';
import { NodeSqliteDialect } from './dialect';

/** Stands for the value of one parameter inside a query: text or a finite number; absent is NULL. */
export interface Param<P> {
  <K extends keyof P & string>(name: K): RawBuilder<P[K]>;
}

/**
 * The number of a LIMIT. SQLite prepares a statement anew at every run when its LIMIT is a bare parameter, because it plans with the value
 * (https://sqlite.org/c3ref/prepare.html): that is several times the work of the query itself.
 */
export function atMost(rows: number | RawBuilder<number>): RawBuilder<number> {
  return typeof rows === 'number' ? sql.lit(rows) : sql<number>`${rows} + 0`;
}

interface Compilable {
  compile(): CompiledQuery;
}

/** A prepared query whose rows are checked. */
export interface Query<P, Row> {
  one(params: P): Row | undefined;
  all(params: P): readonly Row[];
  /** Row by row, none of them kept: for answers that are long. `take` asks nothing of the database. */
  each(params: P, take: (row: Row) => void): void;
}

class Placeholder {
  constructor(readonly name: string) {}
}

/** Builds each statement once with Kysely, prepares it once, and runs it synchronously on the handle: inside a write operation or a read. */
export class Statements {
  readonly #db: DatabaseSync;
  readonly #builder: Kysely<Tables>;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#builder = new Kysely<Tables>({ dialect: new NodeSqliteDialect(db), plugins: [new CamelCasePlugin()] });
  }

  /** A query whose rows are parsed with `schema`; NULL columns are absent keys. A row that does not fit is reported as damage of `what`. */
  query<P extends object, S extends z.ZodType>(what: string, schema: S, build: (db: Kysely<Tables>, param: Param<P>) => Compilable): Query<P, z.output<S>> {
    const { statement, bind } = this.#prepare(build(this.#builder, placeholder).compile());
    const camelCased = rowReader();
    const read = (row: Record<string, unknown>): z.output<S> => checked(what, schema, camelCased(row));
    return {
      one: (params) => {
        const row = statement.get(...bind(params));
        return row === undefined ? undefined : read(row);
      },
      all: (params) => statement.all(...bind(params)).map(read),
      each: (params, take) => { for (const row of statement.iterate(...bind(params))) take(read(row)); },
    };
  }

  /** A statement that changes rows; returns how many. */
  change<P extends object>(build: (db: Kysely<Tables>, param: Param<P>) => Compilable): (params: P) => number {
    const { statement, bind } = this.#prepare(build(this.#builder, placeholder).compile());
    return (params) => Number(statement.run(...bind(params)).changes);
  }

  /** Inserts a whole row; with `replaceBy`, a row with the same key is overwritten. */
  insert<S extends z.ZodObject>(table: keyof Tables, schema: S, replaceBy: readonly (keyof z.input<S> & string)[] = []): (row: z.input<S>) => void {
    const rest = Object.keys(schema.shape).filter((column) => !replaceBy.some((key) => key === column));
    const onConflict = replaceBy.length === 0 ? sql`` : sql` on conflict (${list(replaceBy)}) do update set ${sql.join(rest.map((column) => sql`${sql.ref(column)} = ${sql.ref(`excluded.${column}`)}`))}`;
    const run = this.#insert(table, schema, onConflict);
    return (row) => { run(row); };
  }

  /** Inserts a whole row unless one with the same key is there; says whether it did. */
  insertNew<S extends z.ZodObject>(table: keyof Tables, schema: S): (row: z.input<S>) => boolean {
    const run = this.#insert(table, schema, sql` on conflict do nothing`);
    return (row) => run(row) === 1;
  }

  #insert<S extends z.ZodObject>(table: keyof Tables, schema: S, onConflict: RawBuilder<unknown>): (row: z.input<S>) => number {
    const columns = Object.keys(schema.shape);
    const query = sql`insert into ${sql.table(table)} (${list(columns)}) values (${sql.join(columns.map((column) => placeholder(column)))})${onConflict}`;
    const { statement, bind } = this.#prepare(query.compile(this.#builder));
    return (row) => Number(statement.run(...bind(row)).changes);
  }

  #prepare(compiled: CompiledQuery): { statement: StatementSync; bind: (params: object) => (string | number | null)[] } {
    const statement = this.#db.prepare(compiled.sql);
    const slots = compiled.parameters.map((slot) => (slot instanceof Placeholder ? slot : Constant.parse(slot)));
    return { statement, bind: (params) => slots.map((slot) => (slot instanceof Placeholder ? bound(slot.name, params) : slot)) };
  }
}

const Constant = z.union([z.string(), z.number(), z.null()]);

function placeholder<T>(name: string): RawBuilder<T> {
  return sql`${new Placeholder(name)}`;
}

function bound(name: string, params: object): string | number | null {
  const value: unknown = Reflect.get(params, name) ?? null;
  if (value === null || typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value))) return value;
  throw new StoreError('MISUSE', `"${name}" is a ${typeof value} that can not be stored.`);
}

function list(columns: readonly string[]): RawBuilder<unknown> {
  return sql.join(columns.map((column) => sql.ref(column)));
}

function checked<S extends z.ZodType>(what: string, schema: S, row: Record<string, unknown>): z.output<S> {
  const parsed = schema.safeParse(row);
  if (parsed.success) return parsed.data;
  throw new StoreError('DAMAGED_ROW', `A stored row of "${what}" is damaged: ${z.prettifyError(parsed.error)}. Stop trading, keep a copy of the file and restore the last backup.`);
}

/** Renames a query's columns and leaves NULLs out. All rows of a query have the same columns, so the names are worked out once. */
function rowReader(): (row: Record<string, unknown>) => Record<string, unknown> {
  let names: readonly (readonly [column: string, name: string])[] | undefined;
  return (row) => {
    names ??= Object.keys(row).map((column) => [column, column.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase())] as const);
    const result: Record<string, unknown> = {};
    for (const [column, name] of names) {
      const value = row[column];
      if (value !== null) result[name] = value;
    }
    return result;
  };
}
