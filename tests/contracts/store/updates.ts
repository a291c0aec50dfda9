import fc from 'fast-check';
import { asMoney, toMoney } from '../../../runtime/domain/money';
import { admitted, apply, buy, fill, MONDAY, sell, stateNow, status, T0, TUESDAY, withStore, type OpenStore } from './fixtures';

export function updatesContract(open: OpenStore): void {
  describe('what a broker reports', () => {
    test('acceptance and a full fill: status, average price, history, position', () => withStore(open, async ({ store, clock }) => {
      await admitted(store, 'k');
      clock.set(T0 + 20);
      const order = await store.applyUpdates({ orderId: 'ok', brokerOrderId: 'B1', tradingDay: MONDAY, updates: [status('ok', 'ACCEPTED'), fill('ok', 't1', { quantity: 4 }), fill('ok', 't2', { quantity: 6, rupees: 101, chargesRupees: 1.5 })] });
      expect(order).toMatchObject({ status: 'FILLED', brokerOrderId: 'B1', filledQuantity: 10, averagePrice: toMoney(100.6), updatedAt: T0 + 20 });
      expect(await store.order('ok')).toEqual(order);
      expect((await store.fills('ok')).map(({ tradeId, quantity, price }) => [tradeId, quantity, price])).toEqual([['t1', 4, toMoney(100)], ['t2', 6, toMoney(101)]]);
      expect((await store.orderEvents('ok')).filter((event) => event.from !== event.to).map(({ to, happenedAt, recordedAt }) => [to, happenedAt, recordedAt])).toEqual([
        ['CREATED', T0, T0], ['SUBMITTING', T0, T0], ['ACCEPTED', T0 + 1, T0 + 20], ['PARTIALLY_FILLED', T0 + 2, T0 + 20], ['FILLED', T0 + 2, T0 + 20],
      ]);
      expect(await store.positions({ openOnly: true })).toMatchObject([{ quantity: 10, openValue: toMoney(1_006), realisedPnl: 0, charges: toMoney(1.5), updatedAt: T0 + 2 }]);
    }));

    test('a report that the table of states forbids changes nothing and is kept once', () => withStore(open, async ({ store }) => {
      await admitted(store, 'k');
      await apply(store, 'ok', [fill('ok', 't1')]);
      const late = status('ok', 'ACCEPTED', { happenedAt: T0 + 9 });
      await apply(store, 'ok', [late]);
      const order = await apply(store, 'ok', [late]);
      expect(order.status).toBe('FILLED');
      expect((await store.orderEvents('ok')).filter(({ applied }) => !applied)).toMatchObject([{ from: 'FILLED', to: 'ACCEPTED', happenedAt: T0 + 9 }]);
    }));

    test('a status that the order has already is no event', () => withStore(open, async ({ store }) => {
      await admitted(store, 'k');
      await apply(store, 'ok', [status('ok', 'OPEN'), status('ok', 'OPEN', { happenedAt: T0 + 5 })]);
      expect((await store.orderEvents('ok')).map(({ to }) => to)).toEqual(['CREATED', 'SUBMITTING', 'OPEN']);
    }));

    test('a rejection keeps its reason; a later success forgets the doubt', () => withStore(open, async ({ store }) => {
      await admitted(store, 'k');
      await admitted(store, 'l');
      const unknown = { code: 'OUTCOME_UNKNOWN', message: 'timeout' } as const;
      const rejected = { code: 'INSUFFICIENT_FUNDS', message: 'no margin', value: 5 } as const;
      expect(await apply(store, 'ok', [status('ok', 'UNKNOWN', { denial: unknown })])).toMatchObject({ status: 'UNKNOWN', denial: unknown });
      const filled = await apply(store, 'ok', [fill('ok', 't1')]);
      expect([filled.status, filled.denial]).toEqual(['FILLED', undefined]);
      expect(await apply(store, 'ol', [status('ol', 'REJECTED', { denial: rejected })])).toMatchObject({ status: 'REJECTED', denial: rejected });
      expect((await store.orderEvents('ol')).at(-1)?.detail).toContain('no margin');
    }));

    test('a fill counts once however often it is reported', () => withStore(open, async ({ store }) => {
      await admitted(store, 'k');
      for (let repeat = 0; repeat < 3; repeat += 1) await apply(store, 'ok', [fill('ok', 't1', { quantity: 4 }), fill('ok', 't1', { quantity: 4 })]);
      expect([(await store.order('ok'))?.filledQuantity, (await store.positions())[0]?.quantity, (await store.fills('ok')).length]).toEqual([4, 4, 1]);
    }));

    test('the same trade id of another order is another trade', () => withStore(open, async ({ store }) => {
      for (const key of ['a', 'b']) {
        await admitted(store, key);
        await apply(store, `o${key}`, [fill(`o${key}`, 't1')]);
      }
      expect((await store.positions())[0]?.quantity).toBe(20);
    }));

    test('a trade reported again with other numbers leaves the first report standing', () => withStore(open, async ({ store }) => {
      await admitted(store, 'k');
      await apply(store, 'ok', [fill('ok', 't1', { quantity: 4 }), fill('ok', 't1', { quantity: 5 })]);
      expect(await store.fills('ok')).toMatchObject([{ quantity: 4 }]);
    }));

    test('a cancel that loses the race against a fill: the fill counts', () => withStore(open, async ({ store }) => {
      await admitted(store, 'k');
      await admitted(store, 'l');
      expect(await apply(store, 'ok', [status('ok', 'CANCELLED'), fill('ok', 't1', { quantity: 4 })])).toMatchObject({ status: 'CANCELLED', filledQuantity: 4 });
      expect(await apply(store, 'ol', [status('ol', 'CANCELLED'), fill('ol', 't1', { quantity: 10 })])).toMatchObject({ status: 'FILLED', filledQuantity: 10 });
      expect(await stateNow(store)).toMatchObject({ position: { quantity: 14 }, pending: { buy: 0 } });
    }));

    test('a fill beyond the order is booked and visible in the history', () => withStore(open, async ({ store }) => {
      await admitted(store, 'k');
      const order = await apply(store, 'ok', [fill('ok', 't1', { quantity: 8 }), fill('ok', 't2', { quantity: 5 }), fill('ok', 't3', { quantity: 2 })]);
      expect(order).toMatchObject({ status: 'FILLED', quantity: 10, filledQuantity: 15 });
      expect((await store.positions())[0]?.quantity).toBe(15);
      expect((await store.orderEvents('ok')).slice(-2).map(({ detail }) => detail)).toEqual([expect.stringContaining('3 beyond'), expect.stringContaining('2 beyond')]);
      expect((await stateNow(store)).pending.buy).toBe(0);
    }));

    test('one update that can not be booked rolls back all of its request', () => withStore(open, async ({ store }) => {
      await admitted(store, 'k');
      await expect(apply(store, 'ok', [fill('ok', 't1', { quantity: 4 }), fill('ok', 't2', { quantity: 0 })])).rejects.toMatchObject({ code: 'MISUSE' });
      await expect(apply(store, 'ok', [fill('ok', 't1', { quantity: 4 }), fill('other', 't2')])).rejects.toMatchObject({ code: 'MISUSE' });
      expect([(await store.order('ok'))?.status, await store.fills('ok'), await store.positions()]).toEqual(['SUBMITTING', [], []]);
    }));

    test('an update for an order that is not known is a bug and says so', () => withStore(open, async ({ store }) => {
      await expect(apply(store, 'nobody', [])).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }));

    test('the first broker order id stays; a second one is kept in the history', () => withStore(open, async ({ store }) => {
      await admitted(store, 'k');
      await store.applyUpdates({ orderId: 'ok', brokerOrderId: 'B1', updates: [], tradingDay: MONDAY });
      const order = await store.applyUpdates({ orderId: 'ok', brokerOrderId: 'B2', updates: [], tradingDay: MONDAY });
      expect(order.brokerOrderId).toBe('B1');
      expect((await store.orderEvents('ok')).at(-1)).toMatchObject({ applied: false, detail: expect.stringContaining('B2') as string });
    }));

    test('open orders are oldest first, of one account or all', () => withStore(open, async ({ store }) => {
      await admitted(store, 'a');
      await admitted(store, 'b', buy(1), { draft: { account: 'second' } });
      await admitted(store, 'c');
      await apply(store, 'oa', [status('oa', 'REJECTED')]);
      expect((await store.openOrders()).map(({ id }) => id)).toEqual(['ob', 'oc']);
      expect((await store.openOrders('paper')).map(({ id }) => id)).toEqual(['oc']);
    }));
  });

  describe('the ledger', () => {
    test('the day realises profit less charges and starts anew with the next day', () => withStore(open, async ({ store }) => {
      await admitted(store, 'a');
      await admitted(store, 'b', sell(10), { draft: { purpose: 'exit' } });
      await apply(store, 'oa', [fill('oa', 't', { rupees: 100, chargesRupees: 2 })]);
      expect((await stateNow(store)).realisedToday).toBe(toMoney(-2));
      await apply(store, 'ob', [fill('ob', 't', { rupees: 103, chargesRupees: 3 })]);
      expect(await store.riskState('paper')).toMatchObject({ tradingDay: MONDAY, ordersToday: 2, realisedToday: toMoney(25) });
      expect((await stateNow(store, { tradingDay: TUESDAY })).realisedToday).toBe(0);
      await admitted(store, 'c');
      await apply(store, 'oc', [fill('oc', 't', { chargesRupees: 1 })], TUESDAY);
      expect(await store.riskState('paper')).toMatchObject({ tradingDay: TUESDAY, ordersToday: 0, realisedToday: toMoney(-1) });
    }));

    test('positions are kept per strategy and product; flat ones stay for their profit', () => withStore(open, async ({ store }) => {
      await admitted(store, 'a');
      await admitted(store, 'b', sell(10), { draft: { purpose: 'exit' } });
      await admitted(store, 'c', sell(10), { draft: { strategyId: 'other' } });
      for (const id of ['oa', 'ob', 'oc']) await apply(store, id, [fill(id, 't')]);
      expect((await store.positions()).map(({ strategyId, quantity }) => [strategyId, quantity])).toEqual([['momentum', 0], ['other', -10]]);
      expect((await store.positions({ openOnly: true })).map(({ strategyId }) => strategyId)).toEqual(['other']);
      expect((await store.positions({ strategyId: 'momentum' })).length).toBe(1);
      expect(await store.positions({ account: 'second' })).toEqual([]);
    }));

    test('whatever is filled in whatever order and however often: not a unit and not a paisa is lost', async () => {
      const trade = fc.record({ side: fc.constantFrom('BUY', 'SELL'), tradeId: fc.integer({ min: 0, max: 5 }), quantity: fc.integer({ min: 1, max: 1_000 }), price: fc.integer({ min: 1, max: 10_000_000 }), charges: fc.integer({ min: 0, max: 50_000 }) });
      await fc.assert(fc.asyncProperty(fc.array(trade, { maxLength: 30 }), (trades) => withStore(open, async ({ store }) => {
        await admitted(store, 'BUY', buy(2_000));
        await admitted(store, 'SELL', sell(2_000));
        const booked = new Map<string, (typeof trades)[number]>();
        for (const one of trades) {
          const id = `${one.side}-${one.tradeId}`;
          if (!booked.has(id)) booked.set(id, one);
          const happenedAt = T0 + 2;
          await apply(store, `o${one.side}`, [{ kind: 'fill', fill: { orderId: `o${one.side}`, tradeId: id, quantity: one.quantity, price: asMoney(one.price), charges: asMoney(one.charges), happenedAt } }]);
        }
        const sum = (of: (one: (typeof trades)[number], sign: number) => number): number => [...booked.values()].reduce((total, one) => total + of(one, one.side === 'BUY' ? 1 : -1), 0);
        const [position] = await store.positions();
        expect(position?.quantity ?? 0).toBe(sum((one, sign) => sign * one.quantity));
        // What was paid is either still open or was realised.
        expect((position?.openValue ?? 0) - (position?.realisedPnl ?? 0)).toBe(sum((one, sign) => sign * one.quantity * one.price));
        expect(position?.charges ?? 0).toBe(sum((one) => one.charges));
        expect((await store.riskState('paper')).realisedToday).toBe((position?.realisedPnl ?? 0) - (position?.charges ?? 0));
        for (const side of ['BUY', 'SELL'] as const) expect((await store.order(`o${side}`))?.filledQuantity).toBe(sum((one) => (one.side === side ? one.quantity : 0)));
      })), { numRuns: 25 });
    });
  });
}
