import { deny, ok } from '../../runtime/domain/denial';
import type { InstrumentKey } from '../../runtime/domain/market';
import { toMoney, ZERO_MONEY } from '../../runtime/domain/money';
import type { Action, Order, OrderStatus } from '../../runtime/domain/order';
import type { Broker, BrokerOrder, BrokerUpdate, Clock, ListedOrder } from '../../runtime/domain/ports';
import { SBIN } from './routerWorld';

interface Row extends ListedOrder {
  filledQuantity: number;
  status: OrderStatus;
  averagePrice?: ReturnType<typeof toMoney>;
}

/** What a person trades in the broker's own app. */
export interface HandTrade {
  readonly action: Action;
  readonly quantity: number;
  /** Default 800; undefined: the list tells no price. */
  readonly rupees?: number | undefined;
  /** Default: all of it. */
  readonly filled?: number;
  readonly instrument?: InstrumentKey;
  readonly product?: Order['product'];
}

export interface ListingBroker extends Broker {
  orders?: NonNullable<Broker['orders']>;
  positions?: NonNullable<Broker['positions']>;
  readonly sent: string[];
  /** Fills an order of ours at the broker; `tell: false` keeps the report back. */
  fill(orderId: string, quantity: number, more?: { rupees?: number; tell?: boolean }): void;
  /** A person's trade; answers with the broker's order id. */
  byHand(trade: HandTrade): string;
  /** Takes an order off the list, as a broker does that lags or whose day is over. */
  hide(brokerOrderId: string): void;
  /** What is held by the broker's word, changed without any order. */
  move(quantity: number, instrument?: InstrumentKey): void;
  /** `refused`: lists can not be read. */
  lists: 'fine' | 'refused';
  /** The order of the account by the position list that it shows, frozen while it lags. */
  lagPositions(isLate: boolean): void;
  cancelHere(orderId: string): void;
  /** What becomes of the next placements: `lost` arrives and is not answered, `dropped` does neither. A row whose answer was lost shows no id of ours. */
  answers: 'given' | 'lost' | 'dropped';
  /** The broker's order is known as ours from now on. */
  recognise(brokerOrderId: string, orderId: string): void;
}

/** A broker with a book: it lists what it has, whoever traded it, and lets the test do to it what people and networks do. Lookups prove absence unless told otherwise. */
export function listingBroker(clock: Clock, { lookupProvesAbsence = true, coversHoldings = true, independentLists = true } = {}): ListingBroker {
  const rows = new Map<string, Row>();
  const hidden = new Set<string>();
  const told = new Map<string, BrokerUpdate[]>();
  const held = new Map<string, { instrument: InstrumentKey; product: Order['product']; quantity: number }>();
  const listeners = new Set<(update: BrokerUpdate) => void>();
  const sent: string[] = [];
  let shown: readonly { instrument: InstrumentKey; product: Order['product']; quantity: number }[] | undefined;
  let numbers = 0;
  const hold = (instrument: InstrumentKey, product: Order['product'], signed: number): void => {
    const key = `${instrument} ${product}`;
    held.set(key, { instrument, product, quantity: (held.get(key)?.quantity ?? 0) + signed });
  };
  const rowOf = (orderId: string): Row => {
    const row = [...rows.values()].find((entry) => entry.orderId === orderId);
    if (row === undefined) throw new Error(`The broker has no order ${orderId}.`);
    return row;
  };
  const holdings = (): NonNullable<typeof shown> => [...held.values()].filter(({ quantity }) => quantity !== 0).map((entry) => ({ ...entry }));
  const broker: ListingBroker = {
    sent, lists: 'fine', answers: 'given',
    capabilities: { lookupProvesAbsence, positionsCoverHoldings: coversHoldings, independentLists },
    place(order: BrokerOrder) {
      sent.push(order.id);
      if (broker.answers === 'dropped') return Promise.resolve({ kind: 'unknown', reason: 'no answer' });
      const brokerOrderId = `B${++numbers}`;
      const { id, instrument, action, quantity, product } = order;
      if (broker.answers === 'lost') {
        rows.set(brokerOrderId, { brokerOrderId, instrument, action, quantity, product, filledQuantity: 0, status: 'OPEN', placedAt: clock.now() });
        return Promise.resolve({ kind: 'unknown', reason: 'no answer' });
      }
      rows.set(brokerOrderId, { brokerOrderId, orderId: id, instrument, action, quantity, product, filledQuantity: 0, status: 'OPEN', placedAt: clock.now() });
      told.set(id, [{ kind: 'status', orderId: id, status: 'OPEN', happenedAt: clock.now() }]);
      return Promise.resolve({ kind: 'accepted', brokerOrderId, updates: told.get(id) ?? [] });
    },
    fill(orderId, quantity, { rupees = 800, tell = true } = {}) {
      const row = rowOf(orderId);
      row.filledQuantity += quantity;
      row.averagePrice = toMoney(rupees);
      if (row.filledQuantity >= row.quantity) row.status = 'FILLED';
      hold(row.instrument, row.product ?? 'MIS', row.action === 'BUY' ? quantity : -quantity);
      const update: BrokerUpdate = { kind: 'fill', fill: { orderId, tradeId: `${row.brokerOrderId}-${row.filledQuantity}`, quantity, price: toMoney(rupees), charges: ZERO_MONEY, happenedAt: clock.now() } };
      told.get(orderId)?.push(update);
      if (tell) for (const listener of [...listeners]) listener(update);
    },
    byHand({ action, quantity, filled = quantity, instrument = SBIN.key, product = 'MIS', ...trade }) {
      const rupees = 'rupees' in trade ? trade.rupees : 800;
      const brokerOrderId = `H${++numbers}`;
      rows.set(brokerOrderId, { brokerOrderId, instrument, action, quantity, product, filledQuantity: filled, ...(rupees === undefined ? {} : { averagePrice: toMoney(rupees) }), status: filled === quantity ? 'FILLED' : 'OPEN', placedAt: clock.now() });
      hold(instrument, product, action === 'BUY' ? filled : -filled);
      return brokerOrderId;
    },
    hide: (brokerOrderId) => void hidden.add(brokerOrderId),
    move: (quantity, instrument = SBIN.key) => { hold(instrument, 'MIS', quantity); },
    lagPositions(isLate) { shown = isLate ? holdings() : undefined; },
    cancelHere(orderId) { rowOf(orderId).status = 'CANCELLED'; },
    recognise(brokerOrderId, orderId) {
      const row = rows.get(brokerOrderId);
      if (row === undefined) throw new Error(`The broker has no order ${brokerOrderId}.`);
      rows.set(brokerOrderId, { ...row, orderId });
      told.set(orderId, [{ kind: 'status', orderId, status: 'OPEN', happenedAt: clock.now() }]);
    },
    cancel: () => Promise.resolve({ ok: true }),
    find(orderId) {
      const row = [...rows.values()].find((entry) => entry.orderId === orderId && !hidden.has(entry.brokerOrderId));
      return Promise.resolve(row === undefined ? undefined : { brokerOrderId: row.brokerOrderId, updates: told.get(orderId) ?? [] });
    },
    orders: () => Promise.resolve(broker.lists === 'refused' ? deny('SESSION_EXPIRED', 'Log in again.') : ok([...rows.values()].filter(({ brokerOrderId }) => !hidden.has(brokerOrderId)).map((row) => ({ ...row })))),
    positions: () => Promise.resolve(broker.lists === 'refused' ? deny('SESSION_EXPIRED', 'Log in again.') : ok(shown ?? holdings())),
    funds: () => Promise.resolve({ available: toMoney(1_000_000), used: ZERO_MONEY }),
    marginPerUnit: (_instrument, _product, price) => price,
    onUpdate(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => Promise.resolve(),
  };
  return broker;
}
