import { sql, type Kysely } from 'kysely';
import { createTable, TIMES, type TableKit } from './tables';

/** Modifications and cancellations of resting orders, each durable before the broker hears of it. */
export async function changes(db: Kysely<unknown>, kit: TableKit): Promise<void> {
  await createTable(db, kit, {
    name: 'order_changes', unique: [['key']], references: { column: 'order_id', table: 'orders', target: 'id' },
    columns: {
      key: 'text', kind: 'text', order_id: 'text', account: 'text', strategy_id: 'text', node_key: 'text', signal_id: 'text',
      quantity: 'whole', limit_price: 'whole?', trigger_price: 'whole?', wished_quantity: 'whole', wished_limit_price: 'whole?', wished_trigger_price: 'whole?',
      status: 'text', denial: 'text?', ...TIMES, updated_at: 'whole',
    },
  });
  await db.schema.createIndex('order_changes_open').on('order_changes').columns(['account', 'seq']).where(sql`status`, 'in', [sql.lit('REQUESTED'), sql.lit('UNKNOWN')]).execute();
  await db.schema.createIndex('order_changes_by_order').on('order_changes').columns(['order_id', 'seq']).execute();
}
