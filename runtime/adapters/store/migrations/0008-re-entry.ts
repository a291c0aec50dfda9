import { sql, type Kysely } from 'kysely';
import { createTable, TIMES, type TableKit } from './tables';

/** Entries that count towards a group's maximum, and what waits for its price after a stop. */
export async function reEntry(db: Kysely<unknown>, kit: TableKit): Promise<void> {
  await createTable(db, kit, {
    name: 'group_entries', unique: [['order_id']], references: { column: 'order_id', table: 'orders', target: 'id' },
    columns: {
      order_id: 'text', account: 'text', strategy_id: 'text', node_key: 'text', signal_id: 'text', instrument: 'text', product: 'text', action: 'text',
      day: 'text', entry_group: 'text', maximum: 'whole', cooldown_ms: 'whole', at_cost: 'whole', ready_at: 'whole?', early_at: 'whole?', ended_at: 'whole?', outcome: 'text?', ...TIMES,
    },
  });
  await db.schema.createIndex('group_entries_of_day').on('group_entries').columns(['account', 'strategy_id', 'instrument', 'day']).execute();
  await db.schema.createIndex('group_entries_waiting').on('group_entries').columns(['account', 'seq']).where(sql`at_cost`, '=', sql.lit(1)).where(sql`ended_at`, 'is', null).execute();
}
