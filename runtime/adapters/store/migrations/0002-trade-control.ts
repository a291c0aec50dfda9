import type { Kysely } from 'kysely';
import { createTable, TIMES, type TableKit, type TableShape } from './tables';

/** Who owns work that has one owner, which accounts may trade live, and what brokers' clients have asked for. */
export async function tradeControl(db: Kysely<unknown>, kit: TableKit): Promise<void> {
  for (const shape of TRADE_CONTROL_TABLES) await createTable(db, kit, shape);
  await db.schema.createIndex('arming_by_account').on('arming').columns(['account', 'seq']).execute();
}

const TRADE_CONTROL_TABLES: readonly TableShape[] = [
  // A released lease has no owner; its token is kept, because the next one has to be higher.
  { name: 'leases', primaryKey: ['name'], columns: { name: 'text', token: 'whole', owner: 'text?', until: 'whole', ...TIMES } },
  { name: 'arming', columns: { account: 'text', kind: 'text', client: 'text', by: 'text', protection: 'text?', reason: 'text?', ...TIMES } },
  { name: 'budgets', primaryKey: ['name'], columns: { name: 'text', state: 'text', ...TIMES } },
];
