import type { AlertRecord, AlertStatus, Clock, ListOptions, Store } from '../../../domain/ports';
import { AlertEventRow, AlertRow } from '../rows';
import { StoreError } from '../storeError';
import { limited, type Listing } from './listing';
import { atMost, type Param, type Statements } from './statements';

type NewAlert = Parameters<Store['recordAlert']>[0];
type FinishAlert = Parameters<Store['finishAlert']>[0];

/** Alerts, once per key, and what became of them. */
export function createAlerts(statements: Statements, clock: Clock) {
  const byKey = statements.query('alerts', AlertRow, (db, p: Param<{ key: string }>) => db.selectFrom('alerts').selectAll().where('key', '=', p('key')));
  const insert = statements.insert('alerts', AlertRow);
  const insertEvent = statements.insert('alertEvents', AlertEventRow);
  const setStatus = statements.change((db, p: Param<{ key: string; status: AlertStatus; reason: string | undefined }>) => db.updateTable('alerts').set({ status: p('status'), reason: p('reason') }).where('key', '=', p('key')));
  const newest = statements.query('alerts', AlertRow, (db, p: Param<Listing>) =>
    db.selectFrom('alerts').selectAll()
      .where((eb) => eb.or([eb(p('strategyId'), 'is', null), eb('strategyId', '=', p('strategyId'))]))
      .where((eb) => eb.or([eb(p('nodeKey'), 'is', null), eb('nodeKey', '=', p('nodeKey'))]))
      .orderBy('seq', 'desc').limit(atMost(p('limit'))));

  return {
    record(alert: NewAlert): { readonly alert: AlertRecord; readonly duplicate: boolean } {
      const known = byKey.one({ key: alert.key });
      if (known !== undefined) return { alert: known, duplicate: true };
      const recorded: AlertRecord = { ...alert, status: 'PENDING', recordedAt: clock.now() };
      insert({ ...recorded, channels: JSON.stringify(alert.channels) });
      insertEvent({ key: alert.key, status: 'PENDING', happenedAt: alert.happenedAt, recordedAt: recorded.recordedAt });
      return { alert: recorded, duplicate: false };
    },

    /** A sent alert stays sent. */
    finish({ key, status, reason, happenedAt }: FinishAlert): void {
      const known = byKey.one({ key });
      if (known === undefined) throw new StoreError('NOT_FOUND', `There is no alert ${key}.`);
      if (known.status === 'SENT') return;
      setStatus({ key, status, reason });
      insertEvent({ key, status, ...(reason === undefined ? {} : { reason }), happenedAt, recordedAt: clock.now() });
    },

    list: (options?: ListOptions): readonly AlertRecord[] => newest.all(limited(options)),
  };
}
