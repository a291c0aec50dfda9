import { sql } from 'kysely';
import { z } from 'zod';
import { fromMoney } from '../../../domain/money';
import type { Order } from '../../../domain/order';
import type { Clock } from '../../../domain/ports';
import { protectedPart } from '../../../domain/protection';
import { judgeTouch, type GroupEntry, type ReEntryStore, type ReEntryTerms, type ReEntryUse, type Touched } from '../../../domain/reEntry';
import type { EpochMs, IsoDate } from '../../../domain/time';
import { GroupEntryRow } from '../rows';
import type { Events } from './events';
import { MAX_LISTED } from './listing';
import type { Positions } from './positions';
import { atMost, type Param, type Statements } from './statements';

export type ReEntries = ReturnType<typeof createReEntries>;

interface Parts {
  readonly positions: Pick<Positions, 'find'>;
  readonly events: Pick<Events, 'add'>;
  readonly clock: Clock;
}

type Asked = Pick<Order, 'account' | 'strategyId' | 'instrument' | 'product'> & { readonly group: string; readonly tradingDay: IsoDate };
type Own = Pick<Order, 'nodeKey' | 'signalId'>;

/** Entries of groups. Every method runs inside one write operation or read. */
export function createReEntries(statements: Statements, { positions, events, clock }: Parts) {
  const q = prepare(statements);

  /** What the group has used; `own` is left out: slices of one signal are one entry. */
  function use({ account, strategyId, instrument, product, group, tradingDay }: Asked, own?: Own): ReEntryUse {
    const { entries, lastAt } = q.use.one({ account, strategyId, instrument, entryGroup: group, day: tradingDay, nodeKey: own?.nodeKey, signalId: own?.signalId }) ?? { entries: 0 };
    if (lastAt === undefined) return { entries };
    const changedAt = positions.find({ account, strategyId, instrument, product })?.updatedAt ?? lastAt;
    return { entries, lastAt: Math.max(lastAt, changedAt) };
  }

  function end(orderId: string, outcome: string, happenedAt: EpochMs): void {
    q.end({ orderId, outcome, happenedAt });
  }

  return {
    use,

    /** Of an entry that has just been admitted, unless it only makes a position smaller. Of the slices of one signal the first waits for the price. */
    add({ id: orderId, account, strategyId, nodeKey, signalId, instrument, product, action, quantity }: Order, heldBefore: number, { group, maximum, cooldownMs, atCost }: ReEntryTerms, day: IsoDate, happenedAt: EpochMs): void {
      if (protectedPart(heldBefore, action, quantity) === undefined) return;
      const isFirst = q.ofSignal.one({ account, strategyId, instrument, nodeKey, signalId, day }) === undefined;
      q.insert({ orderId, account, strategyId, nodeKey, signalId, instrument, product, action, day, entryGroup: group, maximum, cooldownMs, atCost: atCost && isFirst ? 1 : 0, happenedAt, recordedAt: clock.now() });
    },

    of(orderId: string): GroupEntry | undefined {
      const row = q.byOrder.one({ orderId });
      return row === undefined ? undefined : entryOf(row);
    },

    waiting: (account: string): readonly GroupEntry[] => q.waiting.all({ account, limit: MAX_LISTED }).map(entryOf),

    ready({ orderId, happenedAt }: Parameters<ReEntryStore['ready']>[0]): void {
      q.ready({ orderId, readyAt: happenedAt });
    },

    touch({ orderId, entryPrice, happenedAt }: Parameters<ReEntryStore['touch']>[0]): Touched {
      const row = q.byOrder.one({ orderId });
      if (row?.readyAt === undefined || row.endedAt !== undefined) return 'nothing';
      const entry = entryOf(row);
      const used = use(entry);
      const verdict = judgeTouch(entry, used, happenedAt);
      if (verdict.kind === 'cooling') {
        q.early({ orderId, happenedAt });
        return 'early';
      }
      end(orderId, verdict.kind === 'spent' ? 'maximum used up' : 'told', happenedAt);
      if (verdict.kind === 'spent') return 'ended';
      const { account, strategyId, instrument, signalId, action, product, group, maximum } = entry;
      const price = fromMoney(entryPrice);
      events.add({
        key: `reEntry ${orderId}`, account, kind: 'reEntry', strategyId, instrument, orderId, signalId, happenedAt,
        message: `${instrument} is back at ${price}, where ${strategyId} entered before its stop: re-entry ${used.entries} of ${maximum} in group ${group}.`,
        facts: { group, reEntry: used.entries, maximum, price, action, product },
      });
      return 'told';
    },

    end: ({ orderId, happenedAt, reason }: Parameters<ReEntryStore['end']>[0]): void => { end(orderId, reason, happenedAt); },
  };
}

/** What ended without a fill is no entry, and waits for nothing: another order may have taken its place. */
const cameToSomething = sql<boolean>`not (placed.status in ('REJECTED', 'CANCELLED', 'EXPIRED') and placed.filled_quantity = 0)`;

function prepare(statements: Statements) {
  const Use = z.object({ entries: z.int(), lastAt: z.int().exactOptional() });
  return {
    insert: statements.insert('groupEntries', GroupEntryRow),
    byOrder: statements.query('groupEntries', GroupEntryRow, (db, p: Param<{ orderId: string }>) => db.selectFrom('groupEntries').selectAll().where('orderId', '=', p('orderId'))),
    ofSignal: statements.query('groupEntries', z.object({ orderId: z.string() }), (db, p: Param<Pick<Order, 'account' | 'strategyId' | 'instrument' | 'nodeKey' | 'signalId'> & { day: IsoDate }>) =>
      db.selectFrom('groupEntries as entry').innerJoin('orders as placed', 'placed.id', 'entry.orderId').select('entry.orderId as orderId').where('entry.account', '=', p('account')).where('entry.strategyId', '=', p('strategyId'))
        .where('entry.instrument', '=', p('instrument')).where('entry.day', '=', p('day')).where('entry.nodeKey', '=', p('nodeKey')).where('entry.signalId', '=', p('signalId')).where(cameToSomething).limit(atMost(1))),
    use: statements.query('entries of a group', Use, (db, p: Param<Pick<Order, 'account' | 'strategyId' | 'instrument'> & { entryGroup: string; day: IsoDate; nodeKey: string | undefined; signalId: string | undefined }>) =>
      db.selectFrom('groupEntries as entry').innerJoin('orders as placed', 'placed.id', 'entry.orderId')
        .select([sql<number>`count(distinct entry.node_key || ' ' || entry.signal_id)`.as('entries'), (eb) => eb.fn.max<number>('entry.happenedAt').as('lastAt')])
        .where('entry.account', '=', p('account')).where('entry.strategyId', '=', p('strategyId')).where('entry.instrument', '=', p('instrument')).where('entry.day', '=', p('day')).where('entry.entryGroup', '=', p('entryGroup'))
        .where((eb) => eb.or([eb(p('signalId'), 'is', null), eb('entry.signalId', '<>', p('signalId')), eb('entry.nodeKey', '<>', p('nodeKey'))]))
        .where(cameToSomething)),
    waiting: statements.query('groupEntries', GroupEntryRow, (db, p: Param<{ account: string; limit: number }>) =>
      db.selectFrom('groupEntries').selectAll().where('account', '=', p('account')).where(sql<boolean>`at_cost = 1`).where('endedAt', 'is', null).orderBy('seq').limit(atMost(p('limit')))),
    ready: statements.change((db, p: Param<{ orderId: string; readyAt: EpochMs }>) => db.updateTable('groupEntries').set({ readyAt: p('readyAt') }).where('orderId', '=', p('orderId')).where('endedAt', 'is', null)),
    early: statements.change((db, p: Param<{ orderId: string; happenedAt: EpochMs }>) => db.updateTable('groupEntries').set({ readyAt: sql`null`, earlyAt: p('happenedAt') }).where('orderId', '=', p('orderId'))),
    end: statements.change((db, p: Param<{ orderId: string; outcome: string; happenedAt: EpochMs }>) =>
      db.updateTable('groupEntries').set({ endedAt: p('happenedAt'), outcome: p('outcome') }).where('orderId', '=', p('orderId')).where('endedAt', 'is', null)),
  };
}

function entryOf({ entryGroup: group, day: tradingDay, orderId, account, strategyId, nodeKey, signalId, instrument, product, action, maximum, cooldownMs, atCost, readyAt, earlyAt, happenedAt }: z.output<typeof GroupEntryRow>): GroupEntry {
  return { orderId, account, strategyId, nodeKey, signalId, instrument, product, action, tradingDay, group, maximum, cooldownMs, atCost, ...(readyAt === undefined ? {} : { readyAt }), ...(earlyAt === undefined ? {} : { earlyAt }), happenedAt };
}
