import { sql } from 'kysely';
import { z } from 'zod';
import type { AccountEvent, AccountEventKind, AccountEventStore, NewAccountEvent } from '../../../domain/accountEvent';
import type { Clock } from '../../../domain/ports';
import type { EpochMs } from '../../../domain/time';
import type { BookedOrder } from '../orderLedger';
import { orderNews } from '../orderNews';
import { EventReaderRow, EventRow, OrderNewsRow } from '../rows';
import { StoreError } from '../storeError';
import { limited, MAX_LISTED } from './listing';
import type { Orders } from './orders';
import { createSignal } from './signal';
import { atMost, type Param, type Statements } from './statements';

export type Events = ReturnType<typeof createEvents>;

interface Page {
  readonly after: number;
  readonly account: string | undefined;
  /** JSON list; absent lets everything pass. */
  readonly kinds: string | undefined;
  readonly limit: number;
}

interface Newest {
  readonly account: string | undefined;
  readonly strategyId: string | undefined;
  readonly kinds: string | undefined;
  readonly limit: number;
}

/** Looked at, and removed, in one write at most: some milliseconds, so that no order waits for it. */
const MOST_PRUNED = 1_000;

const Seq = z.object({ seq: z.int() });
/** The key tells an event that was told in full from one of an order's own life. */
const Read = z.union([Seq.extend(EventRow.shape), Seq.extend(OrderNewsRow.shape).extend({ key: z.undefined().optional() })]);

/** What happened to accounts, as numbered rows. Every method runs inside one write operation or read. */
export function createEvents(statements: Statements, clock: Clock, orders: Pick<Orders, 'find'>) {
  const insert = statements.insertNew('events', EventRow);
  const insertOfOrder = statements.insert('events', OrderNewsRow);
  const page = statements.query('events', Read, (db, p: Param<Page>) =>
    db.selectFrom('events').selectAll().where('seq', '>', p('after'))
      .where((eb) => eb.or([eb(p('account'), 'is', null), eb('account', '=', p('account'))]))
      .where((eb) => eb.or([eb(p('kinds'), 'is', null), eb('kind', 'in', sql<AccountEventKind>`(select value from json_each(${p('kinds')}))`)]))
      .orderBy('seq').limit(atMost(p('limit'))));
  const newestFirst = statements.query('events', Read, (db, p: Param<Newest>) =>
    db.selectFrom('events').selectAll()
      .where((eb) => eb.or([eb(p('account'), 'is', null), eb('account', '=', p('account'))]))
      .where((eb) => eb.or([eb(p('strategyId'), 'is', null), eb('strategyId', '=', p('strategyId')), eb('orderId', 'in', eb.selectFrom('orders').select('id').where('orders.strategyId', '=', p('strategyId')))]))
      .where((eb) => eb.or([eb(p('kinds'), 'is', null), eb('kind', 'in', sql<AccountEventKind>`(select value from json_each(${p('kinds')}))`)]))
      .orderBy('seq', 'desc').limit(atMost(p('limit'))));
  const prunable = statements.query('events', z.object({ newestOld: z.int().exactOptional(), total: z.int() }), (db, p: Param<{ before: number; limit: number }>) =>
    db.selectFrom((eb) => eb.selectFrom('events').select(['seq', 'recordedAt']).orderBy('seq').limit(atMost(p('limit'))).as('old'))
      .where('old.recordedAt', '<', p('before'))
      .where((at) => at('old.seq', '<', at.selectFrom('events').select((nested) => nested.fn.max<number>('seq').as('seq'))))
      .where(sql<boolean>`old.seq <= coalesce((select min(position) from event_readers), old.seq)`).select((eb) => [eb.fn.max<number | null>('old.seq').as('newestOld'), eb.fn.countAll<number>().as('total')]));
  const removeUntil = statements.change((db, p: Param<{ before: number; until: number }>) => db.deleteFrom('events').where('seq', '<=', p('until')).where('recordedAt', '<', p('before')));
  const last = statements.query('events', Seq, (db, p: Param<{ account: string | undefined }>) =>
    db.selectFrom('events').select('seq').where((eb) => eb.or([eb(p('account'), 'is', null), eb('account', '=', p('account'))])).orderBy('seq', 'desc').limit(atMost(1)));
  const byReader = statements.query('eventReaders', EventReaderRow, (db, p: Param<{ reader: string }>) => db.selectFrom('eventReaders').selectAll().where('reader', '=', p('reader')));
  const putReader = statements.insert('eventReaders', EventReaderRow, ['reader']);
  const gone = statements.query('eventReaders', EventReaderRow.pick({ reader: true }), (db, p: Param<{ notSince: number; limit: number }>) =>
    db.selectFrom('eventReaders').select('reader').where('recordedAt', '<', p('notSince')).orderBy('reader').limit(atMost(p('limit'))));
  const forget = statements.change((db, p: Param<{ reader: string }>) => db.deleteFrom('eventReaders').where('reader', '=', p('reader')));
  const signal = createSignal();
  const newest = (account?: string): number => last.one({ account })?.seq ?? 0;

  /** The row of an order's life says how far it was filled then; the rest of an order never changes. */
  function eventOf(row: z.output<typeof Read>): AccountEvent {
    if (row.key !== undefined) return row;
    const { seq, orderId, kind, filledQuantity, filledValue, denial, happenedAt, recordedAt } = row;
    const order = orders.find(orderId);
    if (order === undefined) throw new StoreError('DAMAGED_ROW', `The order ${orderId} of an event is missing. Keep a copy of the file and restore the last backup.`);
    return { seq, ...orderNews({ ...order, filledQuantity, filledValue, denial }, kind, happenedAt), recordedAt };
  }

  return {
    newest,
    onRecorded: signal.listen,

    /** Records it in the transaction that is open; false when its key is known. */
    add({ denial, facts, ...event }: NewAccountEvent): boolean {
      const isNew = insert({ ...event, facts: JSON.stringify(facts), ...(denial === undefined ? {} : { denial: JSON.stringify(denial) }), recordedAt: clock.now() });
      if (isNew) signal.raise();
      return isNew;
    },

    /** The same for an order's own life: short, and with no look for its key, because the table of states lets nothing happen twice. */
    addOfOrder({ account, id, filledQuantity, filledValue, denial }: BookedOrder, kind: AccountEventKind, happenedAt: EpochMs): void {
      insertOfOrder({ account, kind, orderId: id, filledQuantity, filledValue, ...(denial === undefined ? {} : { denial: JSON.stringify(denial) }), happenedAt, recordedAt: clock.now() });
      signal.raise();
    },

    list: ({ account, strategyId, kinds, limit }: Parameters<AccountEventStore['list']>[0] = {}): readonly AccountEvent[] =>
      newestFirst.all({ account, strategyId, kinds: kinds === undefined ? undefined : JSON.stringify(kinds), limit: limited(limit === undefined ? {} : { limit }).limit }).map(eventOf),

    prune({ before }: { readonly before: EpochMs }): number {
      const { newestOld, total } = prunable.one({ before, limit: MOST_PRUNED }) ?? { total: 0 };
      if (newestOld !== undefined) removeUntil({ before, until: newestOld });
      return total;
    },

    forgetReaders({ notSince }: { readonly notSince: EpochMs }): readonly string[] {
      const readers = gone.all({ notSince, limit: MAX_LISTED }).map(({ reader }) => reader);
      for (const reader of readers) forget({ reader });
      return readers;
    },

    position: (reader: string): number | undefined => byReader.one({ reader })?.position,

    advance({ reader, seq, happenedAt }: Parameters<AccountEventStore['advance']>[0]): void {
      const before = byReader.one({ reader })?.position;
      if (before === undefined || seq >= before) putReader({ reader, position: seq, happenedAt, recordedAt: clock.now() });
    },

    /** For what can happen again and again and has no name of its own: the transaction gives it the next number. */
    nextKey: (kind: AccountEventKind): string => `${kind} ${newest() + 1}`,

    after: ({ after, account, kinds, limit }: Parameters<AccountEventStore['after']>[0]): readonly AccountEvent[] =>
      page.all({ after, account, kinds: kinds === undefined ? undefined : JSON.stringify(kinds), limit: limited(limit === undefined ? {} : { limit }).limit }).map(eventOf),
  };
}
