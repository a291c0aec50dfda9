import type { AccountConfig } from '../../../domain/account';
import type { Clock } from '../../../domain/ports';
import type { EpochMs } from '../../../domain/time';
import { AccountEventRow, AccountRow } from '../rows';
import { atMost, type Param, type Statements } from './statements';
import { MAX_LISTED } from './listing';

/** Accounts as they were declared last, and every declaration that changed something. */
export function createAccounts(statements: Statements, clock: Clock) {
  const byId = statements.query('accounts', AccountRow, (db, p: Param<{ id: string }>) => db.selectFrom('accounts').selectAll().where('id', '=', p('id')));
  const all = statements.query('accounts', AccountRow, (db, p: Param<{ limit: number }>) => db.selectFrom('accounts').selectAll().orderBy('id').limit(atMost(p('limit'))));
  const put = statements.insert('accounts', AccountRow, ['id']);
  const insertEvent = statements.insert('accountEvents', AccountEventRow);

  return {
    declare(account: AccountConfig, happenedAt: EpochMs): void {
      const config = JSON.stringify(account);
      if (JSON.stringify(byId.one({ id: account.id })?.config) === config) return;
      const times = { happenedAt, recordedAt: clock.now() };
      put({ id: account.id, config, ...times });
      insertEvent({ account: account.id, config, ...times });
    },

    list: (): readonly AccountConfig[] => all.all({ limit: MAX_LISTED }).map((row) => row.config),
  };
}
