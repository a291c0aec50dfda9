import type { Kysely } from 'kysely';
import type { TableKit } from './tables';

/** Whether a kill switch asks for a flat account: 1 until it is cleared. */
export async function flatten(db: Kysely<unknown>, kit: TableKit): Promise<void> {
  await db.schema.alterTable('risk_state').addColumn('flatten', kit.whole).execute();
}
