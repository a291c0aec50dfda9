import { toMoney } from '../../../runtime/domain/money';
import type { Admission, AdmissionState } from '../../../runtime/domain/ports';
import { admitted, apply, buy, denied, draft, fill, MAX_POSITION, MONDAY, request, SBIN, sell, stateNow, status, T0, TCS, TUESDAY, withStore, type OpenStore } from './fixtures';

export function admissionContract(open: OpenStore): void {
  describe('admission', () => {
    test('an admitted wish is an intent and an order that is about to be sent', () => withStore(open, async ({ store, clock }) => {
      clock.set(T0 + 7);
      const result = await store.admit(request('k', { draft: { orderType: 'SL' } }), () => buy(10));
      const about = { account: 'paper', strategyId: 'momentum', nodeKey: 'place', signalId: 'signal-1', instrument: SBIN, purpose: 'entry', product: 'MIS', orderType: 'SL', action: 'BUY', quantity: 10 };
      expect(result).toEqual({
        intent: { key: 'k', ...about, leg: 0, status: 'ADMITTED', orderId: 'ok', happenedAt: T0, recordedAt: T0 + 7 },
        order: { id: 'ok', intentKey: 'k', ...about, filledQuantity: 0, status: 'SUBMITTING', createdAt: T0 + 7, updatedAt: T0 + 7 },
        duplicate: false,
      });
      expect(await store.order('ok')).toEqual(result.order);
      expect(await store.intent('k')).toEqual(result.intent);
      expect((await store.orderEvents('ok')).map(({ from, to, applied }) => [from, to, applied])).toEqual([[undefined, 'CREATED', true], ['CREATED', 'SUBMITTING', true]]);
    }));

    test('a known key gets its first outcome with the order as it is now, and nothing is decided', () => withStore(open, async ({ store }) => {
      await admitted(store, 'k');
      const filled = await apply(store, 'ok', [fill('ok', 't1')]);
      const decide = jest.fn<Admission, [AdmissionState]>(() => sell(99));
      const again = await store.admit(request('k', { orderId: 'another', draft: { strategyId: 'other' } }), decide);
      expect(again).toMatchObject({ duplicate: true, intent: { status: 'ADMITTED', orderId: 'ok', quantity: 10 } });
      expect(again.order).toEqual(filled);
      expect(decide).not.toHaveBeenCalled();
    }));

    test('the order of a signal is found whichever node sent it, within its strategy and instrument', () => withStore(open, async ({ store }) => {
      const { order } = await store.admit(request('k'), () => buy(10));
      const asked = { account: 'paper', strategyId: 'momentum', signalId: 'signal-1', instrument: SBIN, purpose: 'entry' } as const;
      expect(await store.orderOfSignal(asked)).toEqual(order);
      for (const other of [{ account: 'b' }, { strategyId: 'b' }, { signalId: 'b' }, { instrument: TCS }, { purpose: 'exit' as const }]) {
        expect(await store.orderOfSignal({ ...asked, ...other })).toBeUndefined();
      }
    }));

    test('a refusal is kept with its rule, limit and value, and repeated to whoever asks again', () => withStore(open, async ({ store }) => {
      const first = await store.admit(request('k'), () => denied());
      expect(first).toMatchObject({ duplicate: false, intent: { status: 'DENIED', action: 'BUY', quantity: 10, denial: MAX_POSITION } });
      const again = await store.admit(request('k'), () => buy(1));
      expect(again).toEqual({ ...first, duplicate: true });
      expect([first.order, await store.orders()]).toEqual([undefined, []]);
    }));

    test.each([[0.5, 0.5], [-3, -3], [Number.NaN, 0]])('a wish for %d units that was refused is recorded as %d', (quantity, recorded) => withStore(open, async ({ store }) => {
      await store.admit(request('k', { draft: { size: { kind: 'fixed', action: 'BUY', quantity } } }), () => denied({ quantity }));
      expect(await store.intent('k')).toMatchObject({ status: 'DENIED', quantity: recorded });
    }));

    test('a target that is reached already is an intent without an order', () => withStore(open, async ({ store }) => {
      const result = await store.admit(request('k', { draft: { size: { kind: 'target', quantity: -5 } } }), () => ({ kind: 'satisfied' }));
      expect(result).toMatchObject({ intent: { status: 'SATISFIED', action: 'SELL', quantity: 0 }, duplicate: false });
      expect(result.order).toBeUndefined();
    }));

    test('a decision that throws writes nothing, hurts no neighbour and may be tried again', () => withStore(open, async ({ store }) => {
      const [before, broken, after] = await Promise.allSettled([
        store.admit(request('k1'), () => buy(1)), store.admit(request('k2'), () => { throw new Error('broken rule'); }), store.admit(request('k3'), () => buy(3)),
      ]);
      expect([before.status, broken.status, after.status]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect((await store.intents()).map((intent) => intent.key)).toEqual(['k3', 'k1']);
      await expect(store.admit(request('k2'), () => buy(2))).resolves.toMatchObject({ duplicate: false });
    }));

    test.each([0, -1, 1.5])('an order of %d units is never written', (quantity) => withStore(open, async ({ store }) => {
      await expect(store.admit(request('k'), () => buy(quantity))).rejects.toMatchObject({ code: 'MISUSE' });
      expect([await store.intents(), (await store.riskState('paper')).ordersToday]).toEqual([[], 0]);
    }));

    test('an order id is used once', () => withStore(open, async ({ store }) => {
      await admitted(store, 'k1');
      await expect(store.admit(request('k2', { orderId: 'ok1' }), () => buy(1))).rejects.toThrow();
      expect(await store.intent('k2')).toBeUndefined();
    }));

    test('a thousand admissions racing for one limit never exceed it', () => withStore(open, async ({ store }) => {
      const LIMIT = 250;
      const decide = (state: AdmissionState): Admission => (state.position.quantity + state.pending.buy + 1 > LIMIT ? denied() : buy(1));
      const results = await Promise.all(Array.from({ length: 1_000 }, (_, index) => store.admit(request(`k${index}`), decide)));
      expect(results.filter(({ order }) => order !== undefined)).toHaveLength(LIMIT);
      expect(await stateNow(store)).toMatchObject({ pending: { buy: LIMIT, sell: 0 }, ordersToday: LIMIT });
    }));

    test('the same key asked a hundred times at once is decided once', () => withStore(open, async ({ store }) => {
      const decide = jest.fn(() => buy(1));
      const results = await Promise.all(Array.from({ length: 100 }, () => store.admit(request('k'), decide)));
      expect([results.filter(({ duplicate }) => !duplicate).length, decide.mock.calls.length]).toEqual([1, 1]);
    }));

    test('the lists are newest first and filtered', () => withStore(open, async ({ store }) => {
      await admitted(store, '1');
      await admitted(store, '2', buy(1), { draft: { account: 'second', strategyId: 'scan', nodeKey: 'other' } });
      expect((await store.orders()).map(({ id }) => id)).toEqual(['o2', 'o1']);
      for (const filter of [{ account: 'second' }, { strategyId: 'scan' }, { nodeKey: 'other' }, { limit: 1 }]) {
        expect([(await store.orders(filter)).map(({ id }) => id), (await store.intents(filter)).map(({ key }) => key)]).toEqual([['o2'], ['2']]);
      }
      expect([await store.order('nobody'), await store.intent('nobody')]).toEqual([undefined, undefined]);
    }));
  });

  describe('what the gate sees', () => {
    test('a fresh account has nothing', () => withStore(open, async ({ store }) => {
      const { account, strategyId, instrument, product } = draft();
      expect(await stateNow(store)).toEqual({
        killSwitch: false, position: { account, strategyId, instrument, product, quantity: 0, openValue: 0, realisedPnl: 0, charges: 0, updatedAt: T0 },
        pending: { buy: 0, sell: 0 }, accountPosition: 0, accountPending: { buy: 0, sell: 0 }, unexplained: { inInstrument: 0, inAccount: 0 }, unknownOrders: 0, otherOpenInstruments: 0, openPositions: [], ordersToday: 0, realisedToday: 0, locks: [],
      });
    }));

    test.each([
      ['SUBMITTING', 10], ['ACCEPTED', 10], ['TRIGGER_PENDING', 10], ['OPEN', 10], ['PARTIALLY_FILLED', 10], ['UNKNOWN', 10],
      ['FILLED', 0], ['CANCELLED', 0], ['REJECTED', 0], ['EXPIRED', 0],
    ] as const)('an order that is %s reserves %d', (to, reserved) => withStore(open, async ({ store }) => {
      await admitted(store, 'k');
      await apply(store, 'ok', [status('ok', to)]);
      expect((await stateNow(store)).pending).toEqual({ buy: reserved, sell: 0 });
      expect((await store.openOrders('paper')).map(({ id }) => id)).toEqual(reserved === 0 ? [] : ['ok']);
    }));

    test('orders of unknown outcome are counted for their account and instrument, until they are resolved', () => withStore(open, async ({ store }) => {
      await admitted(store, 'a');
      await admitted(store, 'b', sell(4), { draft: { strategyId: 'other' } });
      await admitted(store, 'c', buy(7), { draft: { instrument: TCS } });
      await admitted(store, 'd', buy(7), { draft: { account: 'second' } });
      for (const id of ['oa', 'ob', 'oc', 'od']) await apply(store, id, [status(id, 'UNKNOWN')]);
      expect((await stateNow(store)).unknownOrders).toBe(2);
      await apply(store, 'oa', [status('oa', 'ACCEPTED')]);
      await apply(store, 'ob', [status('ob', 'REJECTED')]);
      expect((await stateNow(store)).unknownOrders).toBe(0);
    }));

    test('what has filled moves from pending to the position', () => withStore(open, async ({ store }) => {
      await admitted(store, 'k');
      await apply(store, 'ok', [fill('ok', 't1', { quantity: 4 })]);
      expect(await stateNow(store)).toMatchObject({ pending: { buy: 6, sell: 0 }, position: { quantity: 4 }, accountPosition: 4, accountPending: { buy: 6 } });
    }));

    test('a stop of a protection that waits at the broker is told apart from what is pending', () => withStore(open, async ({ store }) => {
      await admitted(store, 'a', sell(4), { draft: { orderType: 'LIMIT', limitPrice: toMoney(900) } });
      await admitted(store, 'b', sell(10), { draft: { nodeKey: 'protection', orderType: 'SL-M', triggerPrice: toMoney(700) } });
      await admitted(store, 'c', sell(7), { draft: { nodeKey: 'protection' } });
      expect(await stateNow(store)).toMatchObject({ pending: { buy: 0, sell: 11 }, stops: { buy: 0, sell: 10 }, accountPending: { sell: 21 } });
      await apply(store, 'ob', [fill('ob', 't', { quantity: 10 })]);
      expect((await stateNow(store)).stops).toBeUndefined();
    }));

    test('the strategy has its own share; the account sums strategies and products of the instrument', () => withStore(open, async ({ store }) => {
      await admitted(store, 'a', buy(10));
      await admitted(store, 'b', sell(4), { draft: { strategyId: 'other' } });
      await admitted(store, 'c', buy(3), { draft: { product: 'CNC' } });
      await admitted(store, 'd', buy(7), { draft: { instrument: TCS } });
      await admitted(store, 'e', buy(9), { draft: { account: 'second' } });
      expect(await stateNow(store)).toMatchObject({ pending: { buy: 10, sell: 0 }, accountPending: { buy: 13, sell: 4 }, otherOpenInstruments: 1 });
      for (const id of ['oa', 'ob', 'oc', 'od', 'oe']) {
        const order = await store.order(id);
        await apply(store, id, [fill(id, 't', { quantity: order?.quantity ?? 0 })]);
      }
      const state = await stateNow(store);
      expect(state).toMatchObject({ position: { quantity: 10 }, pending: { buy: 0, sell: 0 }, accountPosition: 9, accountPending: { buy: 0, sell: 0 }, otherOpenInstruments: 1 });
      expect(state.openPositions.map(({ strategyId, instrument, product, quantity }) => [strategyId, instrument, product, quantity])).toEqual([
        ['momentum', SBIN, 'CNC', 3], ['momentum', SBIN, 'MIS', 10], ['momentum', TCS, 'MIS', 7], ['other', SBIN, 'MIS', -4],
      ]);
    }));

    test('a pending exit elsewhere opens no instrument, a closed position none either', () => withStore(open, async ({ store }) => {
      await admitted(store, 'a', buy(10), { draft: { instrument: TCS } });
      await apply(store, 'oa', [fill('oa', 't')]);
      await admitted(store, 'b', sell(10), { draft: { instrument: TCS, purpose: 'exit' } });
      expect((await stateNow(store)).otherOpenInstruments).toBe(1);
      await apply(store, 'ob', [fill('ob', 't', { quantity: 10 })]);
      await admitted(store, 'c', sell(10), { draft: { instrument: TCS, purpose: 'exit' } });
      expect((await stateNow(store)).otherOpenInstruments).toBe(0);
    }));

    test('orders of the day count up and start anew with the next day', () => withStore(open, async ({ store }) => {
      await admitted(store, 'a');
      await admitted(store, 'b');
      await store.admit(request('c'), () => denied());
      expect((await stateNow(store)).ordersToday).toBe(2);
      expect((await stateNow(store, { tradingDay: TUESDAY })).ordersToday).toBe(0);
      await admitted(store, 'd', buy(1), { tradingDay: TUESDAY });
      expect((await stateNow(store, { tradingDay: TUESDAY })).ordersToday).toBe(1);
    }));

    test('a clock that steps back over midnight does not give the day away', () => withStore(open, async ({ store }) => {
      await admitted(store, 'a', buy(1), { tradingDay: TUESDAY });
      await admitted(store, 'b', buy(1), { tradingDay: MONDAY });
      expect([(await stateNow(store, { tradingDay: MONDAY })).ordersToday, (await stateNow(store, { tradingDay: TUESDAY })).ordersToday]).toEqual([2, 2]);
    }));

    test('a preview sees what admit sees and writes nothing', () => withStore(open, async ({ store }) => {
      await admitted(store, 'a');
      const preview = await stateNow(store);
      await store.admit(request('b'), (state) => {
        expect(state).toEqual(preview);
        return denied();
      });
      expect((await store.intents()).length).toBe(2);
    }));

    test('a refusal can latch the daily loss, once and until re-armed, whatever the day', () => withStore(open, async ({ store }) => {
      await store.admit(request('a'), () => denied({ latchLoss: true }));
      await store.admit(request('b', { happenedAt: T0 + 60 }), () => denied({ latchLoss: true }));
      expect((await stateNow(store, { tradingDay: TUESDAY })).lossLatchedAt).toBe(T0);
      await store.rearm({ account: 'paper', happenedAt: T0 + 90 });
      expect((await stateNow(store)).lossLatchedAt).toBeUndefined();
    }));

    test('an admitted order takes its lock with it; a refused one does not', () => withStore(open, async ({ store }) => {
      const lock = { account: 'paper', name: 'cooldown', owner: 'signal-1', until: T0 + 100 };
      await store.admit(request('a'), () => denied());
      expect(await store.locks({ now: T0 })).toEqual([]);
      await admitted(store, 'b', { kind: 'admit', action: 'BUY', quantity: 1, lock });
      const held = { ...lock, acquiredAt: T0 };
      expect((await stateNow(store, { lockNames: ['other', 'cooldown'] })).locks).toEqual([held]);
      expect((await stateNow(store, { lockNames: ['other'] })).locks).toEqual([]);
      expect((await stateNow(store, { lockNames: ['cooldown'], happenedAt: T0 + 100 })).locks).toEqual([]);
      expect((await stateNow(store, { lockNames: ['cooldown'], tradingDay: MONDAY, draft: { account: 'second' } })).locks).toEqual([]);
    }));
  });
}
