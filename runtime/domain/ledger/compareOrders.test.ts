import { instrumentKey } from '../market';
import { toMoney } from '../money';
import type { Order } from '../order';
import type { BrokerPosition, ListedOrder } from '../ports';
import { flatPosition, type Position } from '../position';
import { indiaDate } from '../session';
import { compareOrders } from './compareOrders';
import { comparePositions } from './comparePositions';
import type { ExternalOrder } from './difference';
import { DAY_MS } from '../time';

const SBIN = instrumentKey('NSE', 'SBIN');
const NOW = Date.UTC(2026, 10, 20, 5, 30);
const order = (changes: Partial<Order> = {}): Order => ({
  id: 'o1', intentKey: 'k1', account: 'live', strategyId: 'momentum', nodeKey: 'n', signalId: 's1', instrument: SBIN, purpose: 'entry', action: 'BUY', quantity: 10, filledQuantity: 0, product: 'MIS', orderType: 'LIMIT',
  brokerOrderId: 'B1', status: 'OPEN', createdAt: NOW, updatedAt: NOW, ...changes,
});
const row = (changes: Partial<ListedOrder> = {}): ListedOrder => ({ brokerOrderId: 'B1', instrument: SBIN, action: 'BUY', quantity: 10, filledQuantity: 0, product: 'MIS', status: 'OPEN', placedAt: NOW, ...changes });
/** An order whose number at the broker was never learnt. */
const unbound = (changes: Partial<Order> = {}): Order => {
  const made: Order & { brokerOrderId?: string } = order(changes);
  delete made.brokerOrderId;
  return made;
};
const untold = (key: 'product' | 'placedAt'): ListedOrder => {
  const made: ListedOrder & { product?: Order['product']; placedAt?: number } = row({ brokerOrderId: 'H1', filledQuantity: 10, status: 'FILLED' });
  if (key === 'product') delete made.product;
  else delete made.placedAt;
  return made;
};
const external = (changes: Partial<ExternalOrder> = {}): ExternalOrder => ({ account: 'live', brokerOrderId: 'H1', day: '2026-11-20', instrument: SBIN, product: 'MIS', action: 'BUY', quantity: 10, filledQuantity: 10, filledValue: toMoney(8_000), status: 'FILLED', ...changes });
const compare = (orders: readonly Order[], rows: readonly ListedOrder[], known: readonly ExternalOrder[] = []) => {
  const { ask, adopt, over, findings } = compareOrders({ orders, external: known }, rows, { dayOf: indiaDate, now: NOW });
  return { ask: ask.map(({ order: { id } }) => id), adopt: adopt.map(({ brokerOrderId }) => brokerOrderId), over: over.map(({ order: { id } }) => id), findings: findings.map(({ kind, key }) => `${kind}: ${key}`) };
};
const NOTHING = { ask: [], adopt: [], over: [], findings: [] };

test.each<readonly [string, Partial<Order>, Partial<ListedOrder>, Partial<ReturnType<typeof compare>>]>([
  ['the same on both sides is nothing', {}, {}, {}],
  ['more filled there is asked for', {}, { filledQuantity: 4 }, { ask: ['o1'] }],
  ['complete there, without a number, is asked for', {}, { status: 'FILLED', filledQuantity: 10 }, { ask: ['o1'] }],
  ['ended there and open here is asked for', {}, { status: 'CANCELLED' }, { ask: ['o1'] }],
  ['a fill after a cancel that is journalled is asked for', { status: 'CANCELLED' }, { status: 'FILLED', filledQuantity: 10 }, { ask: ['o1'] }],
  ['an order whose answer was lost is asked for', { status: 'UNKNOWN' }, {}, { ask: ['o1'] }],
  ['less filled there is told', { filledQuantity: 4, status: 'PARTIALLY_FILLED' }, { filledQuantity: 0 }, { findings: ['orderProgress: order o1'] }],
  ['working there and ended here is told', { status: 'EXPIRED' }, {}, { findings: ['orderProgress: order o1'] }],
  ['two ends that differ, with the same fills, are the same end', { status: 'EXPIRED' }, { status: 'CANCELLED' }, {}],
])('%s', (_name, ours, theirs, expected) => {
  expect(compare([order(ours)], [row(theirs)])).toEqual({ ...NOTHING, ...expected });
});

test('our own id in the list decides, also where the number at the broker was never learnt', () => {
  expect(compare([unbound({ status: 'UNKNOWN' })], [row({ brokerOrderId: 'B77', orderId: 'o1' })])).toEqual({ ...NOTHING, ask: ['o1'] });
});

test('a number that the broker gave again, for another instrument, is not ours', () => {
  expect(compare([order({ status: 'FILLED', filledQuantity: 10 })], [row({ instrument: instrumentKey('NSE', 'TCS'), filledQuantity: 10, status: 'FILLED' })])).toEqual({ ...NOTHING, adopt: ['B1'] });
});

describe('an order that is not known', () => {
  test.each<readonly [string, ListedOrder, readonly ExternalOrder[], readonly string[]]>([
    ['is adopted', row({ brokerOrderId: 'H1' }), [], ['H1']],
    ['is adopted with an id of ours that this journal does not have: a backup was restored', row({ brokerOrderId: 'H1', orderId: 'lost', status: 'FILLED', filledQuantity: 10 }), [], ['H1']],
    ['that ended unfilled concerns nobody', row({ brokerOrderId: 'H1', status: 'REJECTED' }), [], []],
    ['that was adopted, and rests as it did, has no news', row({ brokerOrderId: 'H1' }), [external({ filledQuantity: 0, status: 'OPEN' })], []],
    ['that has filled since has', row({ brokerOrderId: 'H1', filledQuantity: 10, status: 'FILLED' }), [external({ filledQuantity: 4, status: 'OPEN' })], ['H1']],
    ['that ended since has', row({ brokerOrderId: 'H1', status: 'CANCELLED' }), [external({ filledQuantity: 0, status: 'OPEN' })], ['H1']],
    ['with the number of another day is another one', row({ brokerOrderId: 'H1', filledQuantity: 10, status: 'FILLED' }), [external({ day: '2026-11-19' })], ['H1']],
    ['without a time is the known one, whatever day it is: a list that is still yesterday’s books nothing twice', untold('placedAt'), [external({ day: '2026-11-19' })], []],
  ])('%s', (_name, listed, known, adopted) => {
    expect(compare([], [listed], known)).toEqual({ ...NOTHING, adopt: adopted });
  });

  test.each(['UNKNOWN', 'SUBMITTING'] as const)('that asks for what an order of ours in %s asks for may be that one: it is not adopted', (status) => {
    const ours = unbound({ status });
    expect(compare([ours], [row({ brokerOrderId: 'H1', filledQuantity: 10, status: 'FILLED' })])).toEqual({ ...NOTHING, findings: ['externalOrder: broker order H1'] });
    expect(compare([ours], [row({ brokerOrderId: 'H1', quantity: 11 })])).toEqual({ ...NOTHING, adopt: ['H1'] });
  });

  test('that has filled and does not say in which product is told', () => {
    expect(compare([], [untold('product')])).toEqual({ ...NOTHING, findings: ['externalOrder: broker order H1'] });
  });
});

test.each<readonly [string, Partial<Order>, Partial<ReturnType<typeof compare>>]>([
  ['an open order of today is asked for', {}, { ask: ['o1'] }],
  ['an open order of an earlier day is over', { createdAt: NOW - DAY_MS }, { over: ['o1'] }],
  ['an order of today whose outcome nobody knows is the router’s', { status: 'UNKNOWN' }, {}],
  ['one of an earlier day is over as well', { status: 'UNKNOWN', createdAt: NOW - DAY_MS }, { over: ['o1'] }],
  ['one that was not sent yet is nobody’s', { status: 'SUBMITTING', createdAt: NOW - DAY_MS }, {}],
  ['one that has ended needs no row', { status: 'FILLED', filledQuantity: 10 }, {}],
])('not in the list: %s', (_name, ours, expected) => {
  expect(compare([order(ours)], [])).toEqual({ ...NOTHING, ...expected });
});

describe('positions', () => {
  const held = (strategyId: string, quantity: number, product: Position['product'] = 'MIS'): Position => ({ ...flatPosition({ account: 'live', strategyId, instrument: SBIN, product }, NOW), quantity, openValue: toMoney(quantity * 790) });
  const positionsOf = (ours: readonly Position[], theirs: readonly BrokerPosition[], more: Partial<Parameters<typeof comparePositions>[0]> = {}) =>
    comparePositions({ picture: { orders: [], positions: ours }, broker: theirs, isOver: () => false, coversHoldings: true, priceOf: () => undefined, ...more });
  const at = (quantity: number, product: Position['product'] = 'MIS'): BrokerPosition => ({ instrument: SBIN, product, quantity, averagePrice: toMoney(795) });

  test('all strategies and external together are what the broker holds', () => {
    expect(positionsOf([held('a', 10), held('b', -4), held('external', 3)], [at(9)])).toEqual([]);
    expect(positionsOf([held('a', 10), held('b', -4)], [at(10)])).toMatchObject([{ gap: 4, mark: '4', journalSays: '6', brokerSays: '10 at 795' }]);
  });

  test('what the list leaves out is flat; products are apart', () => {
    expect(positionsOf([held('a', 10)], [])).toMatchObject([{ gap: -10, brokerSays: 'no position' }]);
    expect(positionsOf([held('a', 10)], [at(10, 'NRML')]).map(({ product, gap }) => [product, gap])).toEqual([['MIS', -10], ['NRML', 10]]);
  });

  test('delivered shares are compared only where the list holds them', () => {
    expect(positionsOf([held('a', 10, 'CNC')], [], { coversHoldings: false })).toEqual([]);
    expect(positionsOf([held('a', 10, 'CNC')], [])).toHaveLength(1);
  });

  test('an order of today in doubt is the difference itself; one of an earlier day shows in the positions', () => {
    const picture = { orders: [order({ status: 'UNKNOWN' })], positions: [] };
    expect(positionsOf([], [at(10)], { picture })).toEqual([]);
    expect(positionsOf([], [at(10)], { picture, isOver: () => true })).toHaveLength(1);
  });

  test.each([
    ['where all of it is new, the broker’s average', [], at(10), toMoney(801), toMoney(795)],
    ['where part of it is, the newest price', [held('a', 4)], at(10), toMoney(801), toMoney(801)],
    ['else the broker’s average', [held('a', 4)], at(10), undefined, toMoney(795)],
    ['else our own, which leaves the profit as it is', [held('a', 4)], undefined, undefined, toMoney(790)],
  ] as const)('what adopting would book it at: %s', (_name, ours, theirs, newest, price) => {
    expect(positionsOf(ours, theirs === undefined ? [] : [theirs], { priceOf: () => newest })).toMatchObject([{ price }]);
  });
});
