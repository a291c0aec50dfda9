import { sql, type Kysely } from 'kysely';
import { createTable, TIMES, type TableKit, type TableShape } from './tables';

/** What the broker and the journal do not agree on, and what people trade beside the flows. */
export async function differences(db: Kysely<unknown>, kit: TableKit): Promise<void> {
  for (const shape of TABLES) await createTable(db, kit, shape);
  await db.schema.createIndex('differences_open').unique().on('differences').columns(['account', 'key']).where(sql`resolved_as`, 'is', null).execute();
  await db.schema.createIndex('differences_by_key').on('differences').columns(['account', 'key', 'seq']).execute();
  await db.schema.createIndex('orders_by_broker').on('orders').columns(['account', 'broker_order_id']).execute();
  await db.schema.createIndex('fills_by_time').on('fills').columns(['happened_at']).execute();
  await db.schema.createIndex('external_fills_by_time').on('external_fills').columns(['happened_at']).execute();
}

const TABLES: readonly TableShape[] = [
  {
    name: 'differences',
    columns: {
      account: 'text', key: 'text', kind: 'text', mark: 'text', instrument: 'text?', product: 'text?', order_id: 'text?', broker_order_id: 'text?',
      broker_says: 'text', journal_says: 'text', gap: 'whole?', price: 'whole?', seen_at: 'whole',
      resolved_as: 'text?', resolved_by: 'text?', reason: 'text?', resolved_at: 'whole?', ...TIMES,
    },
  },
  {
    name: 'external_orders', unique: [['account', 'broker_order_id', 'day']],
    columns: {
      account: 'text', broker_order_id: 'text', day: 'text', instrument: 'text', product: 'text', action: 'text', quantity: 'whole',
      filled_quantity: 'whole', filled_value: 'whole', status: 'text', ...TIMES,
    },
  },
  {
    name: 'external_fills',
    columns: { account: 'text', strategy_id: 'text', instrument: 'text', product: 'text', action: 'text', quantity: 'whole', price: 'whole', charges: 'whole', source: 'text', ...TIMES },
  },
];
