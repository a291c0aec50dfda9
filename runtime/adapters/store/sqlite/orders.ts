import { sql } from 'kysely';
import { z } from 'zod';
import type { InstrumentKey } from '../../../domain/market';
import { Action, Product, TERMINAL_STATUSES, type Fill, type Order, type OrderStatus } from '../../../domain/order';
import type { ListOptions, OrderEvent } from '../../../domain/ports';
import { PROTECTION_NODE } from '../../../domain/protection';
import type { EpochMs } from '../../../domain/time';
import { BookedOrder, orderOf } from '../orderLedger';
import { FillRow, OrderEventRow, OrderRow } from '../rows';
import { byNumber, limited, MAX_LISTED, type Listing } from './listing';
import { atMost, type Param, type Statements } from './statements';

export type Orders = ReturnType<typeof createOrders>;

/** What tells the orders of one signal in one strategy and instrument. */
type SignalOrder = Pick<Order, 'account' | 'strategyId' | 'signalId' | 'instrument' | 'purpose'>;

/** Unfilled rest of open orders, and how many are of unknown outcome, by who wants them. */
const Pending = z.object({ strategyId: z.string(), product: Product, action: Action, isStop: z.int(), rest: z.int(), unknown: z.int() });

/** Statuses that the index of open orders leaves out, spelled as it spells them. */
export const isOpen = sql<boolean>`(${sql.join([...TERMINAL_STATUSES].map((status) => sql`status <> ${sql.lit(status)}`), sql` and `)})`;
const rest = sql<number>`sum(case when quantity > filled_quantity then quantity - filled_quantity else 0 end)`;
/** `isHeldStop` as SQL. */
const isStop = sql<number>`(node_key = ${sql.lit(PROTECTION_NODE)} and trigger_price is not null)`;
const unknown = sql<number>`sum(case when status = 'UNKNOWN' then 1 else 0 end)`;

/** Orders, their history and their fills as rows. Every method runs inside one write operation or read. */
export function createOrders(statements: Statements) {
  const q = prepare(statements);

  return {
    find: (id: string): BookedOrder | undefined => q.byId.one({ id }),
    ofSignal: (wanted: SignalOrder): BookedOrder | undefined => q.bySignal.one({ ...wanted }),
    add: q.insert,

    /** Writes what may change of an order. */
    save({ id, brokerOrderId, filledQuantity, filledValue, status, denial, updatedAt }: BookedOrder): void {
      q.update({ id, brokerOrderId, filledQuantity, filledValue, status, denial: denial === undefined ? undefined : JSON.stringify(denial), updatedAt });
    },

    addEvent({ orderId, from, to, applied, detail, happenedAt, recordedAt }: OrderEvent): void {
      q.insertEvent({ orderId, ...(from === undefined ? {} : { fromStatus: from }), toStatus: to, applied: applied ? 1 : 0, ...(detail === undefined ? {} : { detail }), happenedAt, recordedAt });
    },

    /** True when this report is in the history already: brokers repeat themselves at every look. */
    hasEvent: (report: { orderId: string; to: OrderStatus; happenedAt: EpochMs }): boolean => q.eventByReport.one(report) !== undefined,

    findFill: (orderId: string, tradeId: string): Fill | undefined => q.fillById.one({ orderId, tradeId }),
    addFill: q.insertFill,

    pending: (account: string, instrument: InstrumentKey): readonly z.output<typeof Pending>[] => q.pending.all({ account, instrument }),
    open: (account?: string): readonly Order[] => q.open.all({ account, limit: MAX_LISTED }).map(orderOf),
    /** Those that one of the broker's order ids is bound to, and those of our own ids (both JSON lists). */
    among: (wanted: { account: string; brokerIds: string; ids: string }): readonly Order[] => q.among.all({ ...wanted, limit: MAX_LISTED }).map(orderOf),
    list: (options?: ListOptions): readonly Order[] => q.newest.all(limited(options)).map(orderOf),
    fills: (orderId: string): readonly Fill[] => q.fills.all({ orderId, limit: MAX_LISTED }),
    events: (orderId: string): readonly OrderEvent[] => q.events.all({ orderId, limit: MAX_LISTED }).map(eventOf),
  };
}

function prepare(statements: Statements) {
  const KnownFill = FillRow.omit({ recordedAt: true });
  return {
    insert: statements.insert('orders', OrderRow),
    insertEvent: statements.insert('orderEvents', OrderEventRow),
    insertFill: statements.insert('fills', FillRow),
    byId: statements.query('orders', BookedOrder, (db, p: Param<{ id: string }>) => db.selectFrom('orders').selectAll().where('id', '=', p('id'))),
    bySignal: statements.query('orders', BookedOrder, (db, p: Param<SignalOrder>) =>
      db.selectFrom('orders').selectAll().where('signalId', '=', p('signalId')).where('account', '=', p('account')).where('strategyId', '=', p('strategyId')).where('instrument', '=', p('instrument')).where('purpose', '=', p('purpose')).orderBy('recordedAt', 'desc').limit(atMost(1))),
    update: statements.change((db, p: Param<{ id: string; brokerOrderId: string | undefined; filledQuantity: number; filledValue: number; status: OrderStatus; denial: string | undefined; updatedAt: number }>) =>
      db.updateTable('orders').set({ brokerOrderId: p('brokerOrderId'), filledQuantity: p('filledQuantity'), filledValue: p('filledValue'), status: p('status'), denial: p('denial'), updatedAt: p('updatedAt') }).where('id', '=', p('id'))),
    eventByReport: statements.query('orderEvents', OrderEventRow, (db, p: Param<{ orderId: string; to: OrderStatus; happenedAt: number }>) =>
      db.selectFrom('orderEvents').selectAll().where('orderId', '=', p('orderId')).where('toStatus', '=', p('to')).where('happenedAt', '=', p('happenedAt')).limit(atMost(1))),
    fillById: statements.query('fills', KnownFill, (db, p: Param<{ orderId: string; tradeId: string }>) => db.selectFrom('fills').selectAll().where('orderId', '=', p('orderId')).where('tradeId', '=', p('tradeId'))),
    pending: statements.query('orders', Pending, (db, p: Param<{ account: string; instrument: InstrumentKey }>) =>
      db.selectFrom('orders').select(['strategyId', 'product', 'action', isStop.as('isStop'), rest.as('rest'), unknown.as('unknown')]).where('account', '=', p('account')).where('instrument', '=', p('instrument')).where(isOpen).groupBy(['strategyId', 'product', 'action', isStop])),
    open: statements.query('orders', BookedOrder, (db, p: Param<{ account: string | undefined; limit: number }>) =>
      db.selectFrom('orders').selectAll().where((eb) => eb.or([eb(p('account'), 'is', null), eb('account', '=', p('account'))])).where(isOpen).orderBy(byNumber).limit(atMost(p('limit')))),
    among: statements.query('orders', BookedOrder, (db, p: Param<{ account: string; brokerIds: string; ids: string; limit: number }>) =>
      db.selectFrom('orders').selectAll().where('account', '=', p('account')).where('brokerOrderId', 'in', sql<string>`(select value from json_each(${p('brokerIds')}))`)
        .union(db.selectFrom('orders').selectAll().where('account', '=', p('account')).where('id', 'in', sql<string>`(select value from json_each(${p('ids')}))`)).orderBy('seq').limit(atMost(p('limit')))),
    newest: statements.query('orders', BookedOrder, (db, p: Param<Listing>) =>
      db.selectFrom('orders').selectAll()
        .where((eb) => eb.or([eb(p('account'), 'is', null), eb('account', '=', p('account'))]))
        .where((eb) => eb.or([eb(p('strategyId'), 'is', null), eb('strategyId', '=', p('strategyId'))]))
        .where((eb) => eb.or([eb(p('nodeKey'), 'is', null), eb('nodeKey', '=', p('nodeKey'))]))
        .orderBy('seq', 'desc').limit(atMost(p('limit')))),
    fills: statements.query('fills', KnownFill, (db, p: Param<{ orderId: string; limit: number }>) => db.selectFrom('fills').selectAll().where('orderId', '=', p('orderId')).orderBy('seq').limit(atMost(p('limit')))),
    events: statements.query('orderEvents', OrderEventRow, (db, p: Param<{ orderId: string; limit: number }>) => db.selectFrom('orderEvents').selectAll().where('orderId', '=', p('orderId')).orderBy('seq').limit(atMost(p('limit')))),
  };
}

function eventOf({ fromStatus, toStatus, ...event }: z.output<typeof OrderEventRow>): OrderEvent {
  return { ...event, ...(fromStatus === undefined ? {} : { from: fromStatus }), to: toStatus };
}
