import { toMoney } from '../../domain/money';
import type { BrokerOrder, PlaceOutcome } from '../../domain/ports';
import { scriptedBroker } from '../../../tests/doubles/scriptedBroker';
import { orderFor, origin, routerWorld, SBIN, viewOf, type RouterWorld } from '../../../tests/doubles/routerWorld';
import { instrumentKey } from '../../domain/market';
import { lookAgain } from './resume';

let world: RouterWorld;
beforeEach(async () => {
  world = await routerWorld();
});
afterEach(() => world.store.close());

/** Fills every order whole, at 800. */
const filling = (order: BrokerOrder): Promise<PlaceOutcome> => Promise.resolve({
  kind: 'accepted', brokerOrderId: `b-${order.id}`,
  updates: [{ kind: 'fill', fill: { orderId: order.id, tradeId: 't1', quantity: order.quantity, price: toMoney(800), charges: toMoney(1), happenedAt: world.clock.now() } }],
});

describe('at most one send per intent', () => {
  test('fifty equal requests at once send one order; all see the same', async () => {
    const broker = scriptedBroker({ place: filling });
    const account = world.account(broker);
    const results = await Promise.all(Array.from({ length: 50 }, () => world.router.place(account, origin(), orderFor())));
    expect(broker.sent).toHaveLength(1);
    expect(new Set(results.map((result) => viewOf(result).id))).toEqual(new Set(broker.sent));
    expect(results.filter((result) => viewOf(result).duplicate !== true)).toHaveLength(1);
  });

  test('the order is journalled before the broker hears of it', async () => {
    const seen: unknown[] = [];
    const broker = scriptedBroker({
      place: async (order) => {
        seen.push(await world.store.order(order.id), await world.store.intents());
        return { kind: 'unknown', reason: 'cut' };
      },
    });
    await world.router.place(world.account(broker), origin(), orderFor());
    expect(seen).toMatchObject([{ status: 'SUBMITTING', quantity: 10 }, [{ status: 'ADMITTED' }]]);
  });

  test('a journal that fails sends nothing', async () => {
    const broker = scriptedBroker();
    jest.spyOn(world.store, 'admit').mockRejectedValue(new Error('disk full'));
    await expect(world.router.place(world.account(broker), origin(), orderFor())).rejects.toThrow('disk full');
    expect(broker.sent).toEqual([]);
  });

  test.each<[string, Parameters<typeof origin>, Parameters<typeof orderFor>[1]]>([
    ['signal', ['s2'], {}], ['node', ['s1', { nodeKey: 'other' }], {}], ['strategy', ['s1', { strategyId: 'other' }], {}], ['leg', ['s1'], { leg: 1 }],
  ])('another %s is another order', async (_name, who, changes) => {
    const broker = scriptedBroker({ place: filling });
    const account = world.account(broker);
    await world.router.place(account, origin(), orderFor());
    await world.router.place(account, origin(...who), orderFor(undefined, changes));
    expect(new Set(broker.sent).size).toBe(2);
  });

  test('another size, price or product of the same signal is the same intent', async () => {
    const broker = scriptedBroker({ place: filling });
    const account = world.account(broker);
    await world.router.place(account, origin(), orderFor());
    const again = await world.router.place(account, origin(), orderFor({ kind: 'fixed', action: 'SELL', quantity: 99 }, { product: 'CNC', orderType: 'LIMIT', limitPrice: toMoney(801) }));
    expect(again).toMatchObject({ kind: 'placed', order: { action: 'BUY', quantity: 10, duplicate: true } });
    expect(broker.sent).toHaveLength(1);
  });
});

describe('what the broker does', () => {
  test('a broker that throws leaves the order UNKNOWN and is never asked again', async () => {
    const broker = scriptedBroker({ place: () => Promise.reject(new Error('connection reset')) });
    const account = world.account(broker);
    expect(await world.router.place(account, origin(), orderFor())).toMatchObject({ kind: 'placed', order: { status: 'UNKNOWN', reason: 'connection reset' } });
    expect(await world.router.place(account, origin(), orderFor())).toMatchObject({ kind: 'placed', order: { status: 'UNKNOWN', duplicate: true } });
    expect(broker.sent).toHaveLength(1);
  });

  test('a rejection is a refusal that shows the order, and gives its exposure back', async () => {
    const denial = { code: 'INSUFFICIENT_FUNDS', message: 'No money.', limit: 1, value: 2 } as const;
    const broker = scriptedBroker({ place: () => Promise.resolve({ kind: 'rejected', denial }) });
    const account = world.account(broker, { maxSymbolExposure: 15 });
    const first = await world.router.place(account, origin(), orderFor());
    expect(first).toMatchObject({ kind: 'refused', denial, order: { status: 'REJECTED', filledQuantity: 0, reason: 'No money.' } });
    expect(await world.router.place(account, origin(), orderFor())).toMatchObject({ kind: 'refused', denial, order: { duplicate: true } });
    expect(await world.router.place(account, origin('s2'), orderFor())).toMatchObject({ kind: 'refused', denial: { code: 'INSUFFICIENT_FUNDS' } });
    expect(broker.sent).toHaveLength(2);
  });

  test('an acceptance and its fills are journalled together', async () => {
    const result = await world.router.place(world.account(scriptedBroker({ place: filling })), origin(), orderFor());
    expect(result).toMatchObject({ kind: 'placed', order: { status: 'FILLED', filledQuantity: 10, averagePrice: 800 } });
    const order = await world.store.order(viewOf(result).id);
    expect(order).toMatchObject({ brokerOrderId: `b-${viewOf(result).id}` });
    expect((await world.store.orderEvents(viewOf(result).id)).filter(({ applied }) => applied).map(({ to }) => to)).toEqual(['CREATED', 'SUBMITTING', 'SUBMITTING', 'ACCEPTED', 'FILLED']);
  });
});

describe('the gate inside', () => {
  test('a refusal has no order, is journalled with rule, limit and value, and stands', async () => {
    const broker = scriptedBroker();
    const refused = { kind: 'refused', denial: { code: 'MAX_ORDER_QUANTITY', rule: 'max order quantity', limit: 9, value: 10 } };
    expect(await world.router.place(world.account(broker, { maxOrderQuantity: 9 }), origin(), orderFor())).toMatchObject(refused);
    expect(await world.router.place(world.account(broker), origin(), orderFor())).toMatchObject(refused);
    expect(broker.sent).toEqual([]);
    expect(await world.store.intents()).toMatchObject([{ status: 'DENIED', denial: refused.denial }]);
  });

  test('a flow\'s limits tighten and never widen', async () => {
    const account = world.account(scriptedBroker(), { maxOrderQuantity: 9 });
    expect(await world.router.place(account, origin(), orderFor(undefined, { limits: { maxOrderQuantity: 1_000 } }))).toMatchObject({ denial: { limit: 9 } });
    expect(await world.router.place(account, origin('s2'), orderFor(undefined, { limits: { maxOrderQuantity: 5 } }))).toMatchObject({ denial: { limit: 5 } });
  });

  test('a target that is reached is satisfied, without an order', async () => {
    const broker = scriptedBroker({ place: filling });
    const account = world.account(broker);
    await world.router.place(account, origin(), orderFor());
    expect(await world.router.place(account, origin('s2'), orderFor({ kind: 'target', quantity: 10 }))).toMatchObject({ kind: 'satisfied' });
    expect(broker.sent).toHaveLength(1);
  });

  test('a failing price source refuses entries by name and lets exits pass', async () => {
    const broker = scriptedBroker({ place: filling });
    const account = world.account(broker);
    await world.router.place(account, origin(), orderFor());
    jest.spyOn(world.market, 'quote').mockRejectedValue(new Error('down'));
    expect(await world.router.place(account, origin('s2'), orderFor())).toMatchObject({ denial: { code: 'NO_PRICE' } });
    expect(await world.router.place(account, origin('s3'), orderFor({ kind: 'exit' }, { purpose: 'exit' }))).toMatchObject({ kind: 'placed', order: { action: 'SELL', quantity: 10 } });
  });

  test('a thousand orders at once never exceed the symbol exposure, and use all of it', async () => {
    const broker = scriptedBroker({ place: filling });
    const account = world.account(broker, { maxSymbolExposure: 2_000 });
    const results = await Promise.all(Array.from({ length: 1_000 }, (_, index) => world.router.place(account, origin(`s${index}`, { strategyId: `f${index % 7}` }), orderFor({ kind: 'fixed', action: 'BUY', quantity: 7 }))));
    const placed = results.filter(({ kind }) => kind === 'placed').length;
    expect(placed).toBe(Math.floor(2_000 / 7));
    expect(broker.sent).toHaveLength(placed);
    const held = (await world.store.positions()).reduce((sum, { quantity }) => sum + quantity, 0);
    expect(held).toBe(placed * 7);
    expect(results.filter((result) => result.kind === 'refused' && result.denial.code === 'MAX_SYMBOL_EXPOSURE')).toHaveLength(1_000 - placed);
  });
});

describe('assess', () => {
  test('an approval reserves nothing, a refusal stands for its node alone', async () => {
    const account = world.account(scriptedBroker(), { maxOrderQuantity: 9 });
    expect(await world.router.assess(world.account(scriptedBroker()), origin('s0'), orderFor())).toEqual({ approved: true, action: 'BUY', quantity: 10 });
    expect(await world.store.intents()).toEqual([]);
    expect(await world.router.assess(account, origin(), orderFor())).toMatchObject({ approved: false, denial: { code: 'MAX_ORDER_QUANTITY' } });
    expect(await world.router.assess(world.account(scriptedBroker()), origin(), orderFor())).toMatchObject({ approved: false });
    expect(await world.router.assess(world.account(scriptedBroker()), origin('s1', { nodeKey: 'other' }), orderFor())).toMatchObject({ approved: true });
  });
});

describe('a signal that is delivered again', () => {
  test('passes the gate although its own order has used up the room, and shows that order', async () => {
    const account = world.account(scriptedBroker({ place: filling }), { maxPosition: 10 });
    const asked = { nodeKey: 'gate' };
    expect(await world.router.assess(account, origin('s1', asked), orderFor())).toMatchObject({ approved: true });
    await world.router.place(account, origin('s1'), orderFor());
    expect(await world.router.assess(account, origin('s1', asked), orderFor())).toEqual({ approved: true, action: 'BUY', quantity: 10 });
    expect(await world.router.assess(account, origin('s2', asked), orderFor())).toMatchObject({ approved: false, denial: { code: 'MAX_POSITION' } });
  });
});

describe('cancel all', () => {
  test('asks for every open order of the account and tells which could not be cancelled, whatever one of them does', async () => {
    const broker = scriptedBroker({
      cancel: (id) => (id === broker.sent[0] ? Promise.reject(new Error('connection reset')) : Promise.resolve(id === broker.sent[1] ? { ok: false, denial: { code: 'ORDER_REJECTED', message: 'Filled already.' } } : { ok: true })),
    });
    const account = world.account(broker);
    for (const signalId of ['s1', 's2', 's3', 's4']) await world.router.place(account, origin(signalId), orderFor());
    const { cancelled, failed } = await world.router.cancelAll(account, origin('all'));
    expect(broker.cancelled).toEqual(broker.sent);
    expect(cancelled).toBe(2);
    expect(failed).toEqual([expect.stringContaining('connection reset'), expect.stringContaining('Filled already.')]);
  });
});

test('an order of unknown outcome keeps further entries in its instrument out, lets exits pass, and ends with the broker\'s word', async () => {
  await world.router.place(world.account(scriptedBroker({ place: filling })), origin('s0'), orderFor());
  const broken = world.account(scriptedBroker({ place: () => Promise.reject(new Error('cut')) }));
  const lost = viewOf(await world.router.place(broken, origin('s1'), orderFor()));
  expect(lost.status).toBe('UNKNOWN');
  const account = world.account(scriptedBroker({ place: filling }));
  const other = { instrument: { ...SBIN, key: instrumentKey('NSE', 'TCS'), symbol: 'TCS' } };
  world.market.set({ instrument: other.instrument.key, bid: toMoney(3_000), ask: toMoney(3_000), last: toMoney(3_000), at: world.clock.now() });
  expect(await world.router.place(account, origin('s2'), orderFor())).toMatchObject({ kind: 'refused', denial: { code: 'UNRESOLVED_ORDER', value: 1 } });
  expect(await world.router.place(account, origin('s3'), orderFor(undefined, other))).toMatchObject({ kind: 'placed' });
  expect(await world.router.place(account, origin('s4'), orderFor({ kind: 'exit' }, { purpose: 'exit' }))).toMatchObject({ kind: 'placed', order: { action: 'SELL', quantity: 10 } });
  const informed = scriptedBroker({ place: filling });
  informed.known.set(lost.id, { brokerOrderId: 'b1', updates: [{ kind: 'status', orderId: lost.id, status: 'REJECTED', happenedAt: world.clock.now() }] });
  await lookAgain(world.ports, world.account(informed));
  expect(await world.router.place(account, origin('s5'), orderFor())).toMatchObject({ kind: 'placed' });
});
