import { sql, type Kysely } from 'kysely';
import { createTable, TIMES, type TableKit } from './tables';

/** Stops, targets and what watches them: one row a protection with its whole state, and its history. */
export async function protection(db: Kysely<unknown>, kit: TableKit): Promise<void> {
  await createTable(db, kit, {
    name: 'protections', unique: [['id']],
    columns: { id: 'text', account: 'text', strategy_id: 'text', instrument: 'text', entry_order_id: 'text?', status: 'text', body: 'text', ...TIMES },
  });
  await createTable(db, kit, {
    name: 'protection_events', references: { column: 'protection_id', table: 'protections', target: 'id' },
    columns: { protection_id: 'text', status: 'text', kind: 'text', message: 'text', ...TIMES },
  });
  await db.schema.createIndex('protections_live').on('protections').columns(['account', 'seq']).where(sql`status`, 'in', ['PENDING', 'ACTIVE', 'EXITING', 'FAILED'].map((status) => sql.lit(status))).execute();
  await db.schema.createIndex('protections_by_entry').on('protections').columns(['entry_order_id']).where(sql`entry_order_id`, 'is not', null).execute();
  await db.schema.createIndex('protection_events_by_protection').on('protection_events').columns(['protection_id', 'seq']).execute();
}
