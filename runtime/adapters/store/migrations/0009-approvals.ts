import { sql, type Kysely } from 'kysely';
import { createTable, TIMES, type TableKit } from './tables';

/** Trades that a person was asked about, and the answers. */
export async function approvals(db: Kysely<unknown>, kit: TableKit): Promise<void> {
  await createTable(db, kit, {
    name: 'approvals', unique: [['id'], ['token']],
    columns: {
      id: 'text', token: 'text', strategy_id: 'text', node_key: 'text', signal_id: 'text', item: 'text', question: 'text', price: 'real', expires_at: 'whole',
      verdict: 'text?', answered_at: 'whole?', answered_by: 'text?', told_at: 'whole?', ...TIMES,
    },
  });
  await db.schema.createIndex('approvals_untold').on('approvals').columns(['strategy_id', 'seq']).where(sql`told_at`, 'is', null).execute();
}
