import type { Kysely } from 'kysely';

/** The account that a question is about. */
export async function approvalAccount(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('approvals').addColumn('account', 'text').execute();
}
