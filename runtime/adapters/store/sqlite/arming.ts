import type { z } from 'zod';
import type { ArmingChange, ArmingStore } from '../../../domain/arming';
import type { Clock } from '../../../domain/ports';
import { ArmingRow } from '../rows';
import { StoreError } from '../storeError';
import type { Events } from './events';
import { limited } from './listing';
import { atMost, type Param, type Statements } from './statements';

export type Arming = ReturnType<typeof createArming>;

/** Which accounts may trade live. Rows are only added; the newest one of an account is how it stands. */
export function createArming(statements: Statements, clock: Clock, events: Events) {
  const newest = statements.query('arming', ArmingRow, (db, p: Param<{ account: string }>) => db.selectFrom('arming').selectAll().where('account', '=', p('account')).orderBy('seq', 'desc').limit(atMost(1)));
  const all = statements.query('arming', ArmingRow, (db, p: Param<{ account: string | undefined; limit: number }>) =>
    db.selectFrom('arming').selectAll().where((eb) => eb.or([eb(p('account'), 'is', null), eb('account', '=', p('account'))])).orderBy('seq', 'desc').limit(atMost(p('limit'))));
  const insert = statements.insert('arming', ArmingRow);

  function state(account: string): ArmingChange | undefined {
    const row = newest.one({ account });
    return row === undefined ? undefined : changeOf(row);
  }

  function tell({ account, kind, client, by, happenedAt }: ArmingChange, message: string): void {
    events.add({ key: events.nextKey(kind), account, kind, message, facts: { client, by }, happenedAt });
  }

  return {
    state,

    arm({ account, client, by, protection, happenedAt }: Parameters<ArmingStore['arm']>[0]): ArmingChange {
      const change: ArmingChange = { kind: 'armed', account, client, by, protection, happenedAt, recordedAt: clock.now() };
      insert({ ...change, protection: JSON.stringify(protection) });
      tell(change, `Account ${account} is armed for live orders at ${client} by ${by}.`);
      return change;
    },

    disarm({ account, by, reason, happenedAt }: Parameters<ArmingStore['disarm']>[0]): ArmingChange | undefined {
      const before = state(account);
      if (before?.kind !== 'armed') return before;
      const change: ArmingChange = { kind: 'disarmed', account, client: before.client, by, reason, happenedAt, recordedAt: clock.now() };
      insert(change);
      tell(change, `Account ${account} is disarmed by ${by}: ${reason}`);
      return change;
    },

    history(request: Parameters<ArmingStore['history']>[0]): readonly ArmingChange[] {
      const { account, limit } = limited(request);
      return all.all({ account, limit }).map(changeOf);
    },
  };
}

function changeOf({ account, kind, client, by, protection, reason, happenedAt, recordedAt }: z.output<typeof ArmingRow>): ArmingChange {
  const common = { account, client, by, happenedAt, recordedAt };
  if (kind === 'disarmed') return { kind, ...common, reason: reason ?? '' };
  if (protection === undefined) throw new StoreError('DAMAGED_ROW', `The arming of account ${account} has no grounds. Disarm it and arm it again.`);
  return { kind, ...common, protection };
}
