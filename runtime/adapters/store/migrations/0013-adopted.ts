import type { Kysely } from 'kysely';
import type { TableKit } from './tables';

/** Units that were adopted from the broker's list, and of which is not counted yet what they had won before. */
export async function adopted(db: Kysely<unknown>, kit: TableKit): Promise<void> {
  await db.schema.alterTable('positions').addColumn('adopted_quantity', kit.whole).execute();
  await db.schema.alterTable('positions').addColumn('adopted_value', kit.whole).execute();
}
