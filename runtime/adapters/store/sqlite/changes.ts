import { sql } from 'kysely';
import type { z } from 'zod';
import { fromMoney } from '../../../domain/money';
import type { Order } from '../../../domain/order';
import { isOpenChange, termsOf, type ChangeRequest, type ChangeSubject, type OrderChangeStore, type OrderTerms, type RecordedChange } from '../../../domain/orderChange';
import type { AdmissionState, Clock } from '../../../domain/ports';
import { orderOf } from '../orderLedger';
import { ChangeRow } from '../rows';
import { StoreError } from '../storeError';
import type { StateRequest } from './admission';
import type { Events } from './events';
import { byNumber, MAX_LISTED } from './listing';
import type { Orders } from './orders';
import { atMost, type Param, type Statements } from './statements';

interface ChangeParts {
  readonly orders: Orders;
  readonly events: Events;
  readonly stateOf: (request: StateRequest) => AdmissionState;
  readonly clock: Clock;
}

type Requested = Awaited<ReturnType<OrderChangeStore['request']>>;
type End = Parameters<OrderChangeStore['finish']>[0];

/** Modifications and cancellations as rows, each step also a line in its order's history. Every method runs inside one write operation or read. */
export function createChanges(statements: Statements, { orders, events, stateOf, clock }: ChangeParts) {
  const q = prepare(statements);

  function bookedOrder(orderId: string): Order {
    const booked = orders.find(orderId);
    if (booked === undefined) throw new StoreError('NOT_FOUND', `There is no order ${orderId}.`);
    return orderOf(booked);
  }

  function note(order: Order, change: RecordedChange, applied: boolean): void {
    const why = change.denial === undefined ? '' : `: ${change.denial.code}: ${change.denial.message}`;
    const detail = `${change.kind} ${change.status}${change.kind === 'modify' ? `, ${told(change.before)} to ${told(change.wished)}` : ''}${why}`;
    orders.addEvent({ orderId: order.id, from: order.status, to: order.status, applied, detail, happenedAt: change.happenedAt, recordedAt: clock.now() });
  }

  return {
    request(request: ChangeRequest, judge: (subject: ChangeSubject) => RecordedChange['denial']): Requested {
      const known = q.byKey.one({ key: request.key });
      if (known !== undefined) return { change: changeOf(known), duplicate: true };
      const { key, kind, orderId, origin, wished, tradingDay, lockNames, happenedAt } = request;
      const order = bookedOrder(orderId);
      const open = q.ofOrder.all({ orderId, limit: MAX_LISTED }).map(changeOf).find((change) => change.kind === 'modify' && isOpenChange(change));
      const denial = judge({ order, state: stateOf({ draft: draftOf(order), tradingDay, lockNames, happenedAt }), ...(open === undefined ? {} : { open }) });
      const recordedAt = clock.now();
      const before = termsOf(order);
      const change: RecordedChange = {
        ...origin, key, kind, orderId, before, wished: wished ?? before, status: denial === undefined ? 'REQUESTED' : 'REFUSED', ...(denial === undefined ? {} : { denial }), happenedAt, recordedAt, updatedAt: recordedAt,
      };
      q.insert(rowOf(change));
      note(order, change, denial === undefined);
      return { change, duplicate: false };
    },

    finish({ key, status, denial, happenedAt }: End): RecordedChange {
      const row = q.byKey.one({ key });
      if (row === undefined) throw new StoreError('NOT_FOUND', `There is no change ${key}.`);
      const known = changeOf(row);
      if (!isOpenChange(known) || known.status === status) return known;
      const { denial: earlier, ...rest } = known;
      const reason = denial ?? (status === 'UNKNOWN' ? earlier : undefined);
      const ended: RecordedChange = { ...rest, status, ...(reason === undefined ? {} : { denial: reason }), happenedAt, updatedAt: clock.now() };
      q.update({ key, status, denial: reason === undefined ? undefined : JSON.stringify(reason), updatedAt: ended.updatedAt });
      const order = bookedOrder(ended.orderId);
      if (status === 'DONE' && ended.kind === 'modify') adopt(order, ended);
      note(order, ended, status === 'DONE');
      return { ...ended, happenedAt: known.happenedAt };
    },

    find: (key: string): RecordedChange | undefined => optional(q.byKey.one({ key })),
    open: (account?: string): readonly RecordedChange[] => q.open.all({ account, limit: MAX_LISTED }).map(changeOf),
    ofOrder: (orderId: string): readonly RecordedChange[] => q.ofOrder.all({ orderId, limit: MAX_LISTED }).map(changeOf),
  };

  function adopt(order: Order, { wished, before, key, happenedAt, updatedAt }: RecordedChange): void {
    q.saveTerms({ id: order.id, quantity: wished.quantity, limitPrice: wished.limitPrice, triggerPrice: wished.triggerPrice, updatedAt });
    events.add({
      key: `change ${key}`, account: order.account, kind: 'modified', strategyId: order.strategyId, instrument: order.instrument, orderId: order.id, signalId: order.signalId,
      message: `${order.action} ${order.quantity} ${order.instrument} was changed from ${told(before)} to ${told(wished)}.`,
      facts: { quantity: wished.quantity, ...priceFacts(wished) }, happenedAt,
    });
  }
}

function prepare(statements: Statements) {
  return {
    insert: statements.insert('orderChanges', ChangeRow),
    byKey: statements.query('orderChanges', ChangeRow, (db, p: Param<{ key: string }>) => db.selectFrom('orderChanges').selectAll().where('key', '=', p('key'))),
    ofOrder: statements.query('orderChanges', ChangeRow, (db, p: Param<{ orderId: string; limit: number }>) => db.selectFrom('orderChanges').selectAll().where('orderId', '=', p('orderId')).orderBy('seq').limit(atMost(p('limit')))),
    open: statements.query('orderChanges', ChangeRow, (db, p: Param<{ account: string | undefined; limit: number }>) =>
      db.selectFrom('orderChanges').selectAll().where((eb) => eb.or([eb(p('account'), 'is', null), eb('account', '=', p('account'))]))
        .where(isOpenRow).orderBy(byNumber).limit(atMost(p('limit')))),
    update: statements.change((db, p: Param<{ key: string; status: RecordedChange['status']; denial: string | undefined; updatedAt: number }>) =>
      db.updateTable('orderChanges').set({ status: p('status'), denial: p('denial'), updatedAt: p('updatedAt') }).where('key', '=', p('key'))),
    saveTerms: statements.change((db, p: Param<{ id: string; quantity: number; limitPrice: number | undefined; triggerPrice: number | undefined; updatedAt: number }>) =>
      db.updateTable('orders').set({ quantity: p('quantity'), limitPrice: p('limitPrice'), triggerPrice: p('triggerPrice'), updatedAt: p('updatedAt') }).where('id', '=', p('id'))),
  };
}

/** Spelled as the index of open changes spells it. */
const isOpenRow = sql<boolean>`status in ('REQUESTED', 'UNKNOWN')`;

/** The order as the wish it once was: what the gate's state is read for. */
function draftOf(order: Order): StateRequest['draft'] {
  const { account, strategyId, nodeKey, signalId, instrument, purpose, product, orderType, action, quantity } = order;
  return { account, strategyId, nodeKey, signalId, instrument, leg: 0, purpose, product, orderType, size: { kind: 'fixed', action, quantity } };
}

function told({ quantity, limitPrice, triggerPrice }: OrderTerms): string {
  const limit = limitPrice === undefined ? '' : ` at ${fromMoney(limitPrice)}`;
  return `${quantity}${limit}${triggerPrice === undefined ? '' : ` when ${fromMoney(triggerPrice)}`}`;
}

function priceFacts({ limitPrice, triggerPrice }: OrderTerms): Readonly<Record<string, number>> {
  return { ...(limitPrice === undefined ? {} : { limitPrice: fromMoney(limitPrice) }), ...(triggerPrice === undefined ? {} : { triggerPrice: fromMoney(triggerPrice) }) };
}

function rowOf({ before, wished, denial, ...change }: RecordedChange): z.input<typeof ChangeRow> {
  return {
    ...change, ...before, wishedQuantity: wished.quantity,
    ...(wished.limitPrice === undefined ? {} : { wishedLimitPrice: wished.limitPrice }), ...(wished.triggerPrice === undefined ? {} : { wishedTriggerPrice: wished.triggerPrice }),
    ...(denial === undefined ? {} : { denial: JSON.stringify(denial) }),
  };
}

function optional(row: z.output<typeof ChangeRow> | undefined): RecordedChange | undefined {
  return row === undefined ? undefined : changeOf(row);
}

function changeOf({ quantity, limitPrice, triggerPrice, wishedQuantity, wishedLimitPrice, wishedTriggerPrice, ...change }: z.output<typeof ChangeRow>): RecordedChange {
  const before = { quantity, ...(limitPrice === undefined ? {} : { limitPrice }), ...(triggerPrice === undefined ? {} : { triggerPrice }) };
  const wished = { quantity: wishedQuantity, ...(wishedLimitPrice === undefined ? {} : { limitPrice: wishedLimitPrice }), ...(wishedTriggerPrice === undefined ? {} : { triggerPrice: wishedTriggerPrice }) };
  return { ...change, before, wished };
}
