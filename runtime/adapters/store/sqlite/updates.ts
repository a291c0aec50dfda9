import { z } from 'zod';
import type { Fill, Order } from '../../../domain/order';
import type { BrokerUpdate, Clock, Log, Store } from '../../../domain/ports';
import type { IsoDate } from '../../../domain/time';
import { afterFill, afterStatus, orderOf, type BookedOrder, type OrderStep } from '../orderLedger';
import { orderNewsKind } from '../orderNews';
import { FillRow } from '../rows';
import { StoreError } from '../storeError';
import type { Events } from './events';
import type { Orders } from './orders';
import type { Positions } from './positions';
import type { Protections } from './protections';
import type { Risk } from './risk';

type UpdateRequest = Parameters<Store['applyUpdates']>[0];

interface Books {
  readonly orders: Orders;
  readonly positions: Positions;
  readonly risk: Risk;
  readonly protections: Protections;
  readonly events: Events;
  readonly clock: Clock;
  readonly log: Log;
}

/** Books what a broker says about one order: order, history, fills, position and daily counters, in one write operation. */
export function createUpdates(books: Books): (request: UpdateRequest) => Order {
  return ({ orderId, brokerOrderId, updates, tradingDay }) => {
    const known = books.orders.find(orderId);
    if (known === undefined) throw new StoreError('NOT_FOUND', `There is no order ${orderId}.`);
    let order = brokerOrderId === undefined ? known : bind(books, known, brokerOrderId);
    for (const update of updates) order = apply(books, order, update, tradingDay);
    if (order === known) return orderOf(known);
    const saved = { ...order, updatedAt: books.clock.now() };
    books.orders.save(saved);
    const booked = orderOf(saved);
    books.protections.bookOrder(booked);
    return booked;
  };
}

/** The first broker order id stays. A second one would mean that the order was sent twice, so it is shouted about. */
function bind({ orders, risk, clock, log }: Books, order: BookedOrder, brokerOrderId: string): BookedOrder {
  if (order.brokerOrderId === brokerOrderId) return order;
  const now = clock.now();
  const isFirst = order.brokerOrderId === undefined;
  const detail = isFirst ? `broker order ${brokerOrderId}` : `bound to broker order ${order.brokerOrderId}, reported as ${brokerOrderId}`;
  orders.addEvent({ orderId: order.id, from: order.status, to: order.status, applied: isFirst, detail, happenedAt: now, recordedAt: now });
  if (isFirst) return { ...order, brokerOrderId };
  risk.record(order.account, 'BROKER_ID_CONFLICT', now, `${order.id}: ${detail}`);
  log.error({ orderId: order.id, bound: order.brokerOrderId, reported: brokerOrderId }, 'one order has two broker order ids');
  return order;
}

function apply(books: Books, order: BookedOrder, update: BrokerUpdate, tradingDay: IsoDate): BookedOrder {
  const about = update.kind === 'fill' ? update.fill.orderId : update.orderId;
  if (about !== order.id) throw new StoreError('MISUSE', `An update of order ${about} came with those of order ${order.id}.`);
  switch (update.kind) {
    case 'status': return note(books, order, afterStatus(order, update));
    case 'fill': return bookFill(books, order, update.fill, tradingDay);
  }
}

function bookFill(books: Books, order: BookedOrder, fill: Fill, tradingDay: IsoDate): BookedOrder {
  const known = books.orders.findFill(order.id, fill.tradeId);
  if (known !== undefined) {
    if (!isSameTrade(known, fill)) books.log.error({ orderId: order.id, tradeId: fill.tradeId, known, reported: fill }, 'a trade was reported again with other numbers; the first report stands');
    return order;
  }
  const row = FillRow.safeParse({ ...fill, recordedAt: books.clock.now() });
  if (!row.success) throw new StoreError('MISUSE', `The fill ${fill.tradeId} of order ${order.id} can not be booked: ${z.prettifyError(row.error)}`);
  books.orders.addFill(row.data);
  const { account, strategyId, instrument, product, action } = order;
  const { quantity, price, charges, happenedAt } = fill;
  const realised = books.positions.book({ account, strategyId, instrument, product }, { action, quantity, price, charges, happenedAt });
  books.risk.addRealised(account, tradingDay, happenedAt, realised);
  return note(books, order, afterFill(order, fill));
}

function note({ orders, risk, events, clock, log }: Books, before: BookedOrder, step: OrderStep): BookedOrder {
  const { order, event, excess } = step;
  if (event === undefined) return order;
  if (!event.applied && orders.hasEvent({ orderId: order.id, to: event.to, happenedAt: event.happenedAt })) return before;
  orders.addEvent({ orderId: order.id, ...event, recordedAt: clock.now() });
  const news = orderNewsKind(before, step);
  if (news !== undefined) events.addOfOrder(order, news, event.happenedAt);
  if (excess > 0) {
    risk.record(order.account, 'OVERFILL', event.happenedAt, `${order.id}: ${event.detail ?? ''}`);
    log.error({ orderId: order.id, quantity: order.quantity, filledQuantity: order.filledQuantity, excess }, 'more was filled than was ordered');
  }
  return order;
}

function isSameTrade(a: Fill, b: Fill): boolean {
  return a.quantity === b.quantity && a.price === b.price && a.charges === b.charges;
}
