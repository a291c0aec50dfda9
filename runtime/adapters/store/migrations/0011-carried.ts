import type { Kysely } from 'kysely';
import type { TableKit } from './tables';

/** What positions had won or lost by the close before a day, and for which day that is counted. */
export async function carried(db: Kysely<unknown>, kit: TableKit): Promise<void> {
  await db.schema.alterTable('positions').addColumn('carried_on', 'text').execute();
  await db.schema.alterTable('risk_state').addColumn('carried_today', kit.whole).execute();
}
