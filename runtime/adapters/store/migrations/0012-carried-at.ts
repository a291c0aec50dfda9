import type { Kysely } from 'kysely';
import type { TableKit } from './tables';

/** The close that what a position had won or lost by then was counted at. */
export async function carriedAt(db: Kysely<unknown>, kit: TableKit): Promise<void> {
  await db.schema.alterTable('positions').addColumn('carried_at', kit.whole).execute();
}
