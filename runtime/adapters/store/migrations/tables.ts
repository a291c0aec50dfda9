import { sql, type ColumnDefinitionBuilder, type CreateTableBuilder, type Kysely, type RawBuilder } from 'kysely';

/** What differs between databases in a table's definition. */
export interface TableKit {
  /** Whole numbers up to 2^53: money, quantities, epoch milliseconds. */
  readonly whole: 'integer' | 'bigint';
  /** Makes a whole-number column count upwards by itself. */
  counting(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder;
  /** What ends a table's definition. */
  readonly end: RawBuilder<unknown>;
}

export const SQLITE_KIT: TableKit = {
  whole: 'integer',
  counting: (column) => column.primaryKey(),
  end: sql`strict`,
};

/** `?`: may be absent. */
type ColumnKind = 'text' | 'text?' | 'whole' | 'whole?' | 'real';
/** A table as migrations write it out. */
export interface TableShape {
  readonly name: string;
  readonly columns: Readonly<Record<string, ColumnKind>>;
  /** Absent: rows are numbered by `seq`. */
  readonly primaryKey?: readonly string[];
  readonly unique?: readonly (readonly string[])[];
  readonly references?: { readonly column: string; readonly table: string; readonly target: string };
}

export async function createTable(db: Kysely<unknown>, kit: TableKit, shape: TableShape): Promise<void> {
  let table: CreateTableBuilder<string, string> = db.schema.createTable(shape.name);
  if (shape.primaryKey === undefined) table = table.addColumn('seq', kit.whole, (column) => kit.counting(column));
  for (const [name, kind] of Object.entries(shape.columns)) {
    const type = kind.startsWith('text') ? 'text' : kind === 'real' ? 'real' : kit.whole;
    table = table.addColumn(name, type, (column) => (kind.endsWith('?') ? column : column.notNull()));
  }
  if (shape.primaryKey !== undefined) table = table.addPrimaryKeyConstraint(`${shape.name}_key`, [...shape.primaryKey]);
  for (const columns of shape.unique ?? []) table = table.addUniqueConstraint(`${shape.name}_${columns.join('_')}`, [...columns]);
  if (shape.references !== undefined) table = table.addForeignKeyConstraint(`${shape.name}_of`, [shape.references.column], shape.references.table, [shape.references.target]);
  await table.modifyEnd(kit.end).execute();
}

/** When it happened, and when this journal heard of it. */
export const TIMES = { happened_at: 'whole', recorded_at: 'whole' } as const;
