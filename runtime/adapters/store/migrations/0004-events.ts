import { sql, type Kysely } from 'kysely';
import { createTable, TIMES, type TableKit } from './tables';

/**
 * What happened to accounts, numbered, for flows and people that want to hear of it. A row of an order's own life is short, for it is written with
 * every order: it says what of which order, and how far it was filled then; the rest stands in the order.
 */
export async function events(db: Kysely<unknown>, kit: TableKit): Promise<void> {
  await createTable(db, kit, {
    name: 'events',
    columns: {
      account: 'text', kind: 'text', order_id: 'text?', filled_quantity: 'whole?', filled_value: 'whole?',
      key: 'text?', strategy_id: 'text?', instrument: 'text?', signal_id: 'text?', denial: 'text?', message: 'text?', facts: 'text?', ...TIMES,
    },
  });
  await createTable(db, kit, { name: 'event_readers', primaryKey: ['reader'], columns: { reader: 'text', position: 'whole', ...TIMES } });
  await db.schema.createIndex('events_by_key').unique().on('events').columns(['key', 'account']).where(sql`key`, 'is not', sql.lit(null)).execute();
}
