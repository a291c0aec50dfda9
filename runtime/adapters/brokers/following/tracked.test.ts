import fc from 'fast-check';
import { instrumentKey, type Instrument } from '../../../domain/market';
import { toMoney } from '../../../domain/money';
import type { Fill } from '../../../domain/order';
import type { BrokerOrder, BrokerUpdate } from '../../../domain/ports';
import { listsOf, type ListedRow, type ListedTrade, type Lists } from './listed';
import { standingOf } from './standing';
import { advance, fillsOf, isFollowed, track, type Tracked } from './tracked';

const NOW = Date.UTC(2026, 10, 20, 4, 30);
const SBIN: Instrument = { key: instrumentKey('NSE', 'SBIN'), exchange: 'NSE', symbol: 'SBIN', segment: 'cash', base: 'SBIN', lotSize: 1 };
const order: BrokerOrder = { id: 'o1', instrument: SBIN.key, action: 'BUY', quantity: 10, product: 'MIS', orderType: 'LIMIT', limitPrice: toMoney(99) };
const begin = (fills: readonly Fill[] = []): Tracked => track(order, NOW, { brokerOrderId: '7', fills, isUnsent: false });

const trade = (quantity: number, priceRupees: number, tradeId?: string): ListedTrade => ({ brokerOrderId: '7', tradeId, quantity, priceRupees, happenedAt: NOW });
const row: Omit<ListedRow, 'standing'> = {
  brokerOrderId: '7', tag: undefined, instrument: SBIN.key, action: 'BUY', quantity: 10, product: undefined, orderType: undefined, limitPrice: undefined, triggerPrice: undefined,
  filledQuantity: undefined, averagePrice: undefined, reason: undefined, placedAt: undefined,
};
const lists = (word: string, trades: readonly ListedTrade[] = [], more: Partial<ListedRow> = {}): Lists => listsOf({ askedAt: NOW, shownAt: NOW }, [{ ...row, standing: standingOf(word), ...more }], trades);
const look = (tracked: Tracked, seen: Lists, now = NOW) => advance(tracked, seen, { instrument: SBIN, now });
const words = (updates: readonly BrokerUpdate[]) => updates.map((update) => (update.kind === 'status' ? update.status : `${update.fill.quantity}@${update.fill.price / 10_000}`));

test.each<[string, readonly string[], readonly string[]]>([
  ['a stop that is triggered and cancelled', ['trigger pending', 'open', 'cancelled'], ['TRIGGER_PENDING', 'OPEN', 'CANCELLED']],
  ['lists that go back', ['open', 'trigger pending', 'open', 'cancelled', 'open', 'trigger pending'], ['OPEN', 'CANCELLED']],
  ['words of brokers', ['put order req received', 'Validation_Pending', 'PENDING', 'Expired'], ['OPEN', 'EXPIRED']],
  ['two ends', ['rejected', 'cancelled'], ['REJECTED']],
  ['a word nobody knows', ['quantum'], []],
])('%s', (_what, statuses, told) => {
  const tracked = begin();
  expect(statuses.flatMap((status) => words(look(tracked, lists(status))))).toEqual(told);
});

test.each<[string, Partial<ListedRow>]>([['of the other side', { action: 'SELL' }], ['in something else', { instrument: instrumentKey('NSE', 'TCS') }]])('executions of an order %s are not its own, whoever named that order', (_what, other) => {
  const tracked = begin();
  expect(look(tracked, lists('complete', [trade(10, 99)], other))).toEqual([]);
  expect(tracked.problem).toContain('order 7 there is');
  expect(words(look(tracked, lists('complete', [trade(10, 99)])))).toEqual(['10@99']);
});

test('an ended order is followed for a minute more, and a filled one no more', () => {
  const [ended, filled] = [begin(), begin()];
  look(ended, lists('cancelled'));
  look(filled, lists('complete', [trade(10, 99)]));
  expect([isFollowed(ended, NOW + 59_999), isFollowed(ended, NOW + 60_000), isFollowed(filled, NOW)]).toEqual([true, false, false]);
  expect(isFollowed(begin(), NOW + 13 * 3_600_000)).toBe(false);
});

test('trades without ids are told as the growth of their sum, at the price that the growth had', () => {
  const tracked = begin();
  expect(words(look(tracked, lists('open', [trade(4, 99)])))).toEqual(['OPEN', '4@99']);
  expect(words(look(tracked, lists('complete', [trade(4, 99), trade(6, 98.5)])))).toEqual(['6@98.5']);
  expect(fillsOf(tracked).map(({ tradeId }) => tradeId)).toEqual(['7@4', '7@10']);
});

test('an order that was continued by sums stays so when trades with ids appear', () => {
  const tracked = begin();
  const early = lists('open', [], { filledQuantity: 4, averagePrice: toMoney(99) });
  look(tracked, early);
  look(tracked, early, NOW + 5_000);
  expect(fillsOf(tracked)).toMatchObject([{ tradeId: '7@4', quantity: 4 }]);
  look(tracked, lists('complete', [trade(4, 99, 'A'), trade(6, 98, 'B')]), NOW + 6_000);
  expect(fillsOf(tracked).map(({ tradeId, quantity }) => [tradeId, quantity])).toEqual([['7@4', 4], ['7@10', 6]]);
  const next = begin(fillsOf(tracked).slice(0, 1));
  look(next, lists('complete', [trade(4, 99, 'A'), trade(6, 98, 'B')]));
  expect(fillsOf(next)).toHaveLength(2);
});

test('an execution without a price anywhere is no fill, and is said', () => {
  const tracked = begin();
  look(tracked, lists('complete'));
  look(tracked, lists('complete'), NOW + 6_000);
  expect(fillsOf(tracked)).toEqual([]);
  expect(tracked.problem).toContain('at which price');
});

test('charges of an order in parts are those of the whole order', () => {
  const [parts, whole] = [begin(), begin()];
  const trades = [trade(1, 99, 'A'), trade(4, 99, 'B'), trade(5, 99, 'C')];
  trades.forEach((_, index) => look(parts, lists('open', trades.slice(0, index + 1))));
  look(whole, lists('complete', [trade(10, 99, 'X')]));
  const total = (tracked: Tracked): number => fillsOf(tracked).reduce((sum, { charges }) => sum + charges, 0);
  expect(total(whole)).toBeGreaterThan(0);
  expect(total(parts)).toBe(total(whole));
});

test('however the looks fall, go back and repeat, the fills are the trades and no name comes twice', () => {
  const arbitrary = fc.record({
    parts: fc.array(fc.record({ quantity: fc.integer({ min: 1, max: 3 }), price: fc.integer({ min: 9_000, max: 9_900 }) }), { minLength: 1, maxLength: 3 }),
    looks: fc.array(fc.nat(3), { maxLength: 8 }), withIds: fc.boolean(), restartAt: fc.nat(8),
  });
  fc.assert(fc.property(arbitrary, ({ parts, looks, withIds, restartAt }) => {
    const trades = parts.map(({ quantity, price }, index) => trade(quantity, price / 100, withIds ? `T${index}` : undefined));
    let tracked = begin();
    [...looks, trades.length].forEach((count, index) => {
      if (index === restartAt) tracked = begin(fillsOf(tracked));
      look(tracked, lists('open', trades.slice(0, count)));
    });
    const fills = fillsOf(tracked);
    const value = (rows: readonly { readonly quantity: number; readonly price: number }[]): number => rows.reduce((sum, { quantity, price }) => sum + quantity * price, 0);
    expect(new Set(fills.map(({ tradeId }) => tradeId)).size).toBe(fills.length);
    expect(fills.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(parts.reduce((sum, { quantity }) => sum + quantity, 0));
    // Prices are whole 1/10000 rupees a unit: a sum over ten units may be off by as many.
    expect(Math.abs(value(fills) - value(parts.map(({ quantity, price }) => ({ quantity, price: price * 100 }))))).toBeLessThanOrEqual(20);
  }));
});
