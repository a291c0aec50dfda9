import type { ExternalReport, Finding } from '../../../runtime/domain/ledger/difference';
import { toMoney, ZERO_MONEY, type Money } from '../../../runtime/domain/money';
import type { Store } from '../../../runtime/domain/ports';
import { admitted, apply, fill, MONDAY, SBIN, sell, stateNow, status, T0, TCS, withStore, type OpenStore } from './fixtures';

const finding = (changes: Partial<Finding> = {}): Finding & { price?: Money } => ({
  key: 'position NSE:SBIN MIS', kind: 'position', mark: '10', instrument: SBIN, product: 'MIS', brokerSays: '10', journalSays: '0', gap: 10, price: toMoney(800), ...changes,
});
const open = async (store: Store, changes: Partial<Finding> = {}, happenedAt = T0) => store.differences.open({ account: 'paper', finding: finding(changes), happenedAt });
const resolve = (store: Store, id: number, as: 'external' | 'ignored' | 'explained') => store.differences.resolve({ id, as, by: 'Asha', reason: 'seen at the broker', tradingDay: MONDAY, happenedAt: T0 + 9 });
const report = (changes: Partial<ExternalReport> = {}): ExternalReport & { averagePrice?: Money } => ({
  account: 'paper', brokerOrderId: 'B7', day: MONDAY, instrument: SBIN, product: 'MIS', action: 'BUY', quantity: 10, filledQuantity: 10, averagePrice: toMoney(800), status: 'FILLED', tradingDay: MONDAY, happenedAt: T0, ...changes,
});
const free = () => ZERO_MONEY;
const told = async (store: Store) => (await store.events.after({ after: 0 })).filter(({ kind }) => kind === 'difference' || kind === 'external').map(({ key }) => key);
const held = async (store: Store) => Object.fromEntries((await store.positions()).map(({ strategyId, quantity }) => [strategyId, quantity]));
/** A strategy that holds 10 SBIN at 100 rupees. */
const holding = async (store: Store, strategyId: string, key: string, quantity = 10) => {
  const order = await admitted(store, key, { kind: 'admit', action: 'BUY', quantity }, { draft: { strategyId, signalId: key } });
  await apply(store, order, [fill(order, 't', { quantity })]);
};

/** What the broker and the journal do not agree on, and what people trade beside the flows. */
export function differencesContract(openStore: OpenStore): void {
  describe('differences', () => {
    test('one is opened once, told once and renewed while it lasts', () => withStore(openStore, async ({ store }) => {
      const first = await open(store);
      expect(first).toEqual({ isNew: true, difference: { id: 1, account: 'paper', ...finding(), happenedAt: T0, seenAt: T0 } });
      const again = await open(store, { mark: '15', brokerSays: '15', gap: 15 }, T0 + 5);
      expect(again).toEqual({ isNew: false, difference: { ...first.difference, mark: '15', brokerSays: '15', gap: 15, seenAt: T0 + 5 } });
      expect(await told(store)).toEqual(['difference 1']);
      expect((await store.differences.list({ account: 'other' }))).toEqual([]);
    }));

    test('the gate sees the open ones of its account, and which are in its instrument', () => withStore(openStore, async ({ store }) => {
      await open(store);
      const elsewhere = await open(store, { key: 'position NSE:TCS MIS', instrument: TCS });
      expect((await stateNow(store)).unexplained).toEqual({ inInstrument: 1, inAccount: 2, gap: 10 });
      expect((await stateNow(store, { draft: { product: 'CNC' } })).unexplained).toEqual({ inInstrument: 1, inAccount: 2 });
      expect((await stateNow(store, { draft: { account: 'second' } })).unexplained).toEqual({ inInstrument: 0, inAccount: 0 });
      await resolve(store, elsewhere.difference.id, 'explained');
      expect((await stateNow(store)).unexplained).toEqual({ inInstrument: 1, inAccount: 1, gap: 10 });
    }));

    test('resolved is told with who and why, and happens once', () => withStore(openStore, async ({ store }) => {
      const { difference } = await open(store);
      expect(await resolve(store, difference.id, 'ignored')).toEqual({ ok: true, value: { ...difference, resolution: { as: 'ignored', by: 'Asha', reason: 'seen at the broker', at: T0 + 9 } } });
      expect(await resolve(store, difference.id, 'external')).toMatchObject({ ok: false, denial: { code: 'NOT_FOUND' } });
      expect(await resolve(store, 99, 'ignored')).toMatchObject({ ok: false, denial: { code: 'NOT_FOUND' } });
      expect(await told(store)).toEqual(['difference 1', 'difference 1 resolved']);
      expect(await store.positions()).toEqual([]);
    }));

    test('what a person ignores stays ignored while it is the same, and comes back when it changes', () => withStore(openStore, async ({ store }) => {
      const { difference } = await open(store);
      await resolve(store, difference.id, 'ignored');
      expect(await open(store)).toMatchObject({ isNew: false, difference: { resolution: { as: 'ignored' } } });
      expect((await stateNow(store)).unexplained.inAccount).toBe(0);
      expect((await store.differences.picture({ account: 'paper', brokerOrderIds: [] })).differences).toMatchObject([{ id: 1, mark: '10' }]);
      expect(await open(store, { mark: '20' })).toMatchObject({ isNew: true, difference: { id: 2 } });
    }));

    test('what was explained comes back as a new one', () => withStore(openStore, async ({ store }) => {
      await resolve(store, (await open(store)).difference.id, 'explained');
      expect(await open(store)).toMatchObject({ isNew: true, difference: { id: 2 } });
      expect(await store.differences.list({ openOnly: true })).toMatchObject([{ id: 2 }]);
      expect((await store.differences.list()).map(({ id }) => id)).toEqual([2, 1]);
    }));

    test('resolved as external, its gap is booked in the same step', () => withStore(openStore, async ({ store }) => {
      await resolve(store, (await open(store)).difference.id, 'external');
      expect(await store.positions()).toMatchObject([{ strategyId: 'external', instrument: SBIN, product: 'MIS', quantity: 10, openValue: toMoney(8_000), charges: 0 }]);
    }));

    test('without a gap or a price nothing is booked, and it stays open', () => withStore(openStore, async ({ store }) => {
      const missing = await store.differences.open({ account: 'paper', happenedAt: T0, finding: { key: 'order o1', kind: 'orderMissing', mark: '', brokerSays: 'nothing', journalSays: 'OPEN' } });
      expect(await resolve(store, missing.difference.id, 'external')).toMatchObject({ ok: false, denial: { code: 'INVALID_FIELD', field: 'as' } });
      const priceless = finding();
      delete priceless.price;
      const { difference } = await store.differences.open({ account: 'paper', happenedAt: T0, finding: priceless });
      expect(await resolve(store, difference.id, 'external')).toMatchObject({ ok: false, denial: { code: 'INVALID_FIELD', field: 'price' } });
      expect((await stateNow(store)).unexplained.inAccount).toBe(2);
      expect(await store.differences.resolve({ id: difference.id, as: 'external', by: 'Asha', reason: 'r', price: toMoney(5), tradingDay: MONDAY, happenedAt: T0 })).toMatchObject({ ok: true });
      expect(await store.positions()).toMatchObject([{ strategyId: 'external', openValue: toMoney(50) }]);
    }));
  });

  describe('trades of somebody else', () => {
    test('what is new of an order is booked once, however often and in which order it is reported', () => withStore(openStore, async ({ store }) => {
      expect(await store.differences.adopt(report({ filledQuantity: 4, averagePrice: toMoney(800), status: 'OPEN' }), free)).toEqual({ booked: 4, parts: [{ strategyId: 'external', quantity: 4 }] });
      expect(await store.differences.adopt(report({ averagePrice: toMoney(806) }), () => toMoney(3))).toEqual({ booked: 6, parts: [{ strategyId: 'external', quantity: 6 }] });
      expect(await store.differences.adopt(report({ filledQuantity: 4, averagePrice: toMoney(800) }), free)).toEqual({ booked: 0, parts: [] });
      expect(await store.positions()).toMatchObject([{ quantity: 10, openValue: toMoney(8_060), charges: toMoney(3) }]);
      expect(await store.differences.externalOrders({ account: 'paper' })).toMatchObject([{ brokerOrderId: 'B7', filledQuantity: 10, filledValue: toMoney(8_060) }]);
      expect(await told(store)).toEqual([`external ${MONDAY} B7 4 external`, `external ${MONDAY} B7 10 external`]);
    }));

    test('one that rests is told, and nothing is booked', () => withStore(openStore, async ({ store }) => {
      const resting = report({ filledQuantity: 0, status: 'OPEN' });
      delete resting.averagePrice;
      await store.differences.adopt(resting, free);
      await store.differences.adopt(resting, free);
      expect([await store.positions(), await told(store)]).toEqual([[], [`external ${MONDAY} B7 0 `]]);
    }));

    test('the same number on another day is another order', () => withStore(openStore, async ({ store }) => {
      await store.differences.adopt(report(), free);
      await store.differences.adopt(report({ day: '2025-06-03' }), free);
      expect(await held(store)).toEqual({ external: 20 });
    }));

    test('a sale closes what external holds, then the largest share of the strategies, and goes no share through zero', () => withStore(openStore, async ({ store }) => {
      await holding(store, 'small', 'k1', 5);
      await holding(store, 'large', 'k2', 10);
      await store.differences.adopt(report({ quantity: 3, filledQuantity: 3, brokerOrderId: 'B1' }), free);
      const { parts } = await store.differences.adopt(report({ action: 'SELL', quantity: 20, filledQuantity: 20, averagePrice: toMoney(110), brokerOrderId: 'B2' }), () => toMoney(2));
      expect(parts).toEqual([{ strategyId: 'external', quantity: -5 }, { strategyId: 'large', quantity: -10 }, { strategyId: 'small', quantity: -5 }]);
      expect(await held(store)).toEqual({ external: -2, large: 0, small: 0 });
      const positions = await store.positions();
      expect(positions.find(({ strategyId }) => strategyId === 'large')).toMatchObject({ realisedPnl: toMoney(100), charges: toMoney(1) });
      expect(positions.reduce((sum, { charges }) => sum + charges, 0)).toBe(toMoney(2));
      // What it realised counts to the day: (110 - 800) x 3 + (110 - 100) x 15 - 2.
      expect((await store.riskState('paper')).realisedToday).toBe(toMoney(-2_070 + 150 - 2));
    }));

    test('a fill without a price is a bug', () => withStore(openStore, async ({ store }) => {
      const priceless = report();
      delete priceless.averagePrice;
      await expect(store.differences.adopt(priceless, free)).rejects.toMatchObject({ code: 'MISUSE' });
      expect(await store.differences.externalOrders()).toEqual([]);
    }));
  });

  test('a picture holds open orders, those of the asked broker orders, and positions', () => withStore(openStore, async ({ store }) => {
    await holding(store, 'momentum', 'done');
    await store.applyUpdates({ orderId: 'odone', brokerOrderId: 'B1', updates: [], tradingDay: MONDAY });
    const resting = await admitted(store, 'rests');
    await apply(store, resting, [status(resting, 'OPEN')]);
    await admitted(store, 'far', undefined, { draft: { account: 'second' } });
    await store.differences.adopt(report({ brokerOrderId: 'B9' }), free);
    const picture = await store.differences.picture({ account: 'paper', brokerOrderIds: ['B1', 'B9', 'nobody'] });
    expect(picture.orders.map(({ id }) => id)).toEqual(['orests', 'odone']);
    expect((await store.differences.picture({ account: 'paper', brokerOrderIds: ['B1'], orderIds: ['odone', 'ofar'] })).orders.map(({ id }) => id)).toEqual(['orests', 'odone']);
    expect(picture.external).toMatchObject([{ brokerOrderId: 'B9' }]);
    expect(picture.positions.map(({ strategyId, quantity }) => [strategyId, quantity])).toEqual([['external', 10], ['momentum', 10]]);
  }));

  test('the ledger lists every booking in its order, of one strategy and span or of all', () => withStore(openStore, async ({ store }) => {
    await holding(store, 'momentum', 'k1');
    await store.differences.adopt(report({ happenedAt: T0 + 1 }), () => toMoney(1));
    const out = await admitted(store, 'k2', sell(4), { draft: { purpose: 'exit', signalId: 'k2' } });
    await apply(store, out, [fill(out, 't', { quantity: 4, rupees: 105, happenedAt: T0 + 50 })]);
    const { trades, isComplete } = await store.ledger.trades();
    expect(isComplete).toBe(true);
    expect(trades.map(({ strategyId, action, quantity }) => [strategyId, action, quantity])).toEqual([['external', 'BUY', 10], ['momentum', 'BUY', 10], ['momentum', 'SELL', 4]]);
    expect(trades[2]).toEqual({ account: 'paper', strategyId: 'momentum', instrument: SBIN, product: 'MIS', action: 'SELL', quantity: 4, price: toMoney(105), charges: 0, happenedAt: T0 + 50, orderId: out });
    expect((await store.ledger.trades({ strategyId: 'external' })).trades).toHaveLength(1);
    expect((await store.ledger.trades({ from: T0 + 3 })).trades).toHaveLength(1);
    expect(await store.ledger.trades({ limit: 2 })).toMatchObject({ isComplete: false, trades: [{}, {}] });
  }));
}
