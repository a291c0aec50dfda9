import type { Kysely } from 'kysely';
import { createTable, TIMES, type TableKit } from './tables';

/** What happened to accounts, numbered, for flows and people that want to hear of it. */
export async function events(db: Kysely<unknown>, kit: TableKit): Promise<void> {
  await createTable(db, kit, {
    name: 'events', unique: [['key', 'account']],
    columns: { key: 'text', account: 'text', kind: 'text', strategy_id: 'text?', instrument: 'text?', order_id: 'text?', signal_id: 'text?', denial: 'text?', message: 'text', facts: 'text', ...TIMES },
  });
}
