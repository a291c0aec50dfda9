import type { Kysely } from 'kysely';

/** What a flow added to a wish, JSON: its own limits, and whether it may only reduce. */
export async function addedTerms(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('intents').addColumn('added', 'text').execute();
}
