import type { Kysely } from 'kysely';
import type { TableKit } from './tables';

/** The account that a question is about. */
export async function approvalAccount(db: Kysely<unknown>, _kit: TableKit): Promise<void> {
  await db.schema.alterTable('approvals').addColumn('account', 'text').execute();
}
