import fc from 'fast-check';
import { toMoney } from '../../../runtime/domain/money';
import type { OrderRequest, PlaceResult } from '../../../runtime/domain/nodeContext';
import type { BrokerOrder, PlaceOutcome } from '../../../runtime/domain/ports';
import { placeInSlices } from '../../../runtime/services/orderRouter/slices';
import { orderFor, origin, routerWorld, SBIN, type RouterWorld } from '../../doubles/routerWorld';
import { scriptedBroker, type ScriptedBroker } from '../../doubles/scriptedBroker';

let world: RouterWorld;
beforeEach(async () => {
  world = await routerWorld();
});
afterEach(() => world.store.close());

const FROZEN = { ...SBIN, freezeQuantity: 1_800, lotSize: 65 };
const filling = (order: BrokerOrder): Promise<PlaceOutcome> => Promise.resolve({
  kind: 'accepted', brokerOrderId: `b-${order.id}`,
  updates: [{ kind: 'fill', fill: { orderId: order.id, tradeId: 't1', quantity: order.quantity, price: toMoney(800), charges: toMoney(0), happenedAt: world.clock.now() } }],
});
const buy = (quantity: number): OrderRequest => orderFor({ kind: 'fixed', action: 'BUY', quantity }, { instrument: FROZEN });
const exit = (quantity?: number): OrderRequest => orderFor({ kind: 'exit', ...(quantity === undefined ? {} : { quantity }) }, { instrument: FROZEN, purpose: 'exit' });
const told = (results: readonly PlaceResult[]): readonly unknown[] => results.map((result) => (result.kind === 'placed' ? result.order.quantity : result.kind === 'refused' ? result.denial.code : result.kind));

describe('33 above the freeze quantity', () => {
  let broker: ScriptedBroker;
  const run = (request: OrderRequest, signalId = 's1', limits = {}) => world.router.placeInSlices(world.account(broker, limits), origin(signalId), request);
  beforeEach(() => { broker = scriptedBroker({ place: filling }); });

  test('an entry is several orders, each its own intent, each a lot multiple below the freeze; its signal again sends none', async () => {
    expect(told(await run(buy(3_900)))).toEqual([1_755, 1_755, 390]);
    expect(told(await run(buy(3_900)))).toEqual([1_755, 1_755, 390]);
    expect(broker.sent).toHaveLength(3);
    expect((await world.store.intents()).map(({ leg }) => leg)).toEqual([2_000, 1_000, 0]);
  });

  test('it stops at the first that is not placed, and says how much was', async () => {
    broker = scriptedBroker({ place: (order) => (broker.sent.length === 2 ? Promise.resolve({ kind: 'rejected', denial: { code: 'INSUFFICIENT_FUNDS', message: 'No margin.' } }) : filling(order)) });
    expect(told(await run(buy(5_265)))).toEqual([1_755, 'INSUFFICIENT_FUNDS']);
    expect(await world.store.positions()).toMatchObject([{ quantity: 1_755 }]);
  });

  test('after one of unknown outcome no entry follows', async () => {
    broker = scriptedBroker({ place: () => Promise.reject(new Error('cut')), lookupProvesAbsence: false });
    expect(told(await run(buy(3_900)))).toEqual([1_755, 'UNRESOLVED_ORDER']);
  });

  test.each([['the largest order', { maxOrderQuantity: 3_000 }, 'MAX_ORDER_QUANTITY'], ['its value', { maxOrderValuePercent: 200 }, 'MAX_ORDER_VALUE'], ['the position', { maxPosition: 3_000 }, 'MAX_POSITION'], ['the exposure', { maxSymbolExposure: 3_000 }, 'MAX_SYMBOL_EXPOSURE']])('the limit of %s is held against the whole, before anything is sent', async (_what, limits, code) => {
    expect(told(await run(buy(3_900), 's1', limits))).toEqual([code]);
    expect(broker.sent).toEqual([]);
  });

  test('too many slices are refused whole; so is what is no lot multiple', async () => {
    expect(told(await run(buy(1_755 * 100 + 65)))).toEqual(['TOO_MANY_SLICES']);
    expect(told(await run(buy(1_756)))).toEqual(['LOT_SIZE']);
    expect(broker.sent).toEqual([]);
  });

  test('an exit is sliced to what is held, and to what was asked for', async () => {
    await run(buy(3_900));
    expect(told(await run(exit(1_820), 's2'))).toEqual([1_755, 65]);
    expect(told(await run(exit(), 's3'))).toEqual([1_755, 325]);
    expect(told(await run(exit(), 's4'))).toEqual(['satisfied']);
    expect(await world.store.positions()).toMatchObject([{ quantity: 0 }]);
  });
});

test('any order: the slices add up to it, in the fewest orders, none above the largest, told apart by their legs', async () => {
  await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 75 }), async (lots, freezeLots, lotSize) => {
    const seen: OrderRequest[] = [];
    const instrument = { ...SBIN, lotSize, freezeQuantity: freezeLots * lotSize };
    await placeInSlices(orderFor({ kind: 'fixed', action: 'BUY', quantity: lots * lotSize }, { instrument }), (slice) => {
      seen.push(slice);
      const quantity = slice.size.kind === 'fixed' ? slice.size.quantity : 0;
      return Promise.resolve({ result: { kind: 'placed', order: { id: 'o', intentKey: 'k', status: 'FILLED', exchange: 'NSE', symbol: 'SBIN', action: 'BUY', quantity, filledQuantity: quantity, product: 'MIS', orderType: 'MARKET', at: 0 } } });
    });
    const needed = Math.ceil(lots / freezeLots);
    const quantities = seen.map(({ size }) => (size.kind === 'fixed' ? size.quantity : NaN));
    expect(quantities.reduce((sum, quantity) => sum + quantity, 0)).toBe(needed > 100 ? 0 : lots * lotSize);
    expect(seen).toHaveLength(needed > 100 ? 0 : needed);
    expect(quantities.every((quantity) => quantity % lotSize === 0 && quantity <= freezeLots * lotSize)).toBe(true);
    expect(new Set(seen.map(({ leg }) => leg)).size).toBe(seen.length);
  }));
});
