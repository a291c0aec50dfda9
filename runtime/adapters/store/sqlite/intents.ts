import type { Intent, Size } from '../../../domain/order';
import type { ListOptions } from '../../../domain/ports';
import { IntentRow } from '../rows';
import { limited, type Listing } from './listing';
import { atMost, type Param, type Statements } from './statements';

export type Intents = ReturnType<typeof createIntents>;

/** Decided drafts, one row per key for ever. */
export function createIntents(statements: Statements) {
  const KnownIntent = IntentRow.omit({ size: true });
  const insert = statements.insert('intents', IntentRow);
  const byKey = statements.query('intents', KnownIntent, (db, p: Param<{ key: string }>) => db.selectFrom('intents').selectAll().where('key', '=', p('key')));
  const newest = statements.query('intents', KnownIntent, (db, p: Param<Listing>) =>
    db.selectFrom('intents').selectAll()
      .where((eb) => eb.or([eb(p('account'), 'is', null), eb('account', '=', p('account'))]))
      .where((eb) => eb.or([eb(p('strategyId'), 'is', null), eb('strategyId', '=', p('strategyId'))]))
      .where((eb) => eb.or([eb(p('nodeKey'), 'is', null), eb('nodeKey', '=', p('nodeKey'))]))
      .orderBy('seq', 'desc').limit(atMost(p('limit'))));

  return {
    find: (key: string): Intent | undefined => byKey.one({ key }),

    /** `size` is kept beside the decision, as it was asked for. */
    add({ denial, added, ...intent }: Intent, size: Size): void {
      insert({ ...intent, size: JSON.stringify(size), ...(added === undefined ? {} : { added: JSON.stringify(added) }), ...(denial === undefined ? {} : { denial: JSON.stringify(denial) }) });
    },

    list: (options?: ListOptions): readonly Intent[] => newest.all(limited(options)),
  };
}
