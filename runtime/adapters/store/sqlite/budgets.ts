import type { BudgetState } from '../../../domain/rateLimit/budget';
import type { Clock } from '../../../domain/ports';
import type { EpochMs } from '../../../domain/time';
import { BudgetRow } from '../rows';
import { MAX_LISTED } from './listing';
import { atMost, type Param, type Statements } from './statements';

export type Budgets = ReturnType<typeof createBudgets>;

/** What brokers' clients have asked for. Every method runs inside one write operation or read. */
export function createBudgets(statements: Statements, clock: Clock) {
  const byName = statements.query('budgets', BudgetRow, (db, p: Param<{ name: string }>) => db.selectFrom('budgets').selectAll().where('name', '=', p('name')));
  const all = statements.query('budgets', BudgetRow, (db, p: Param<{ limit: number }>) => db.selectFrom('budgets').selectAll().orderBy('name').limit(atMost(p('limit'))));
  const put = statements.insert('budgets', BudgetRow, ['name']);

  return {
    change<T>(name: string, step: (state: BudgetState | undefined, now: EpochMs) => { readonly state?: BudgetState; readonly result: T }): T {
      // Read inside the transaction: the processes of one machine have one clock, and their turns follow each other.
      const now = clock.now();
      const { state, result } = step(byName.one({ name })?.state, now);
      if (state !== undefined) put({ name, state: JSON.stringify(state), happenedAt: now, recordedAt: now });
      return result;
    },

    list: (): readonly { readonly name: string; readonly state: BudgetState }[] => all.all({ limit: MAX_LISTED }).map(({ name, state }) => ({ name, state })),
  };
}
