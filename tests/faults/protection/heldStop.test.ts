import { toMoney, ZERO_MONEY } from '../../../runtime/domain/money';
import type { Order } from '../../../runtime/domain/order';
import { isHeldStop, REST_AGAIN_MS, type ProtectionTerms } from '../../../runtime/domain/protection';
import { createTradingCalendar } from '../../../runtime/domain/session';
import { createOrderRouter, type OrderRouter, type RouterPorts } from '../../../runtime/services/orderRouter/router';
import { createSafety } from '../../../runtime/services/safety';
import { silentLog } from '../../doubles/ingressWorld';
import { protectionWorld, type ProtectionWorld, type WorldOptions } from '../../doubles/protectionWorld';
import { orderFor, origin, SBIN } from '../../doubles/routerWorld';

const STOP: ProtectionTerms = { stop: { by: 'points', points: toMoney(5) } };
const TRAIL: ProtectionTerms = { ...STOP, trailing: { by: 'points', points: toMoney(5) } };

let world: ProtectionWorld;
let router: OrderRouter;
const ports = (): RouterPorts => ({ store: world.store, market: world.market, clock: world.clock, log: silentLog, instruments: { find: () => SBIN }, pause: (ms) => { world.clock.advance(ms); world.tick(100); return Promise.resolve(); } });

/** A position of ten whose stop rests at the broker. */
async function begin(terms: ProtectionTerms = STOP, options: WorldOptions = {}): Promise<Order> {
  world = await protectionWorld({ heldStops: true, ...options });
  router = createOrderRouter(ports());
  world.process('one');
  await world.pass(0);
  await world.enter(terms);
  await world.pass(0);
  return theStop();
}
afterEach(() => world.close());

const stops = async (): Promise<readonly Order[]> => (await world.store.openOrders()).filter(isHeldStop);
async function theStop(): Promise<Order> {
  const [stop, other] = await stops();
  if (stop === undefined || other !== undefined) throw new Error('There is not exactly one stop at the broker.');
  return stop;
}
const alarms = async () => (await world.store.events.after({ after: 0, kinds: ['protectionFailed', 'protectionLost'] })).map(({ message }) => message);
const sell = (signal: string, quantity: number, changes: Parameters<typeof orderFor>[1] = {}) => router.place(world.account, origin(signal), orderFor({ kind: 'fixed', action: 'SELL', quantity }, changes));
const look = async (seconds: number): Promise<void> => {
  for (let second = 0; second < seconds; second += 1) {
    world.tick(100);
    await world.pass(1_000);
  }
};
const REST_AGAIN_S = REST_AGAIN_MS / 1_000 + 6;

describe('a stop at the broker is never larger than its position', () => {
  test('it rests as soon as the entry fills, and grows with it', async () => {
    world = await protectionWorld({ heldStops: true });
    router = createOrderRouter(ports());
    world.process('one');
    world.exchange.market = 4;
    const entry = await world.enter(STOP);
    await world.pass(0);
    expect(await theStop()).toMatchObject({ orderType: 'SL-M', action: 'SELL', quantity: 4, triggerPrice: toMoney(95) });
    world.exchange.fill(entry.id, 6, 100);
    await world.pass(1_000);
    expect((await stops()).map(({ quantity }) => quantity)).toEqual([4, 6]);
  });

  test('a part that the flow closes takes the stop back first; it rests again with what is left', async () => {
    const stop = await begin();
    world.exchange.broker.sent.length = 0;
    expect(await sell('part', 4)).toMatchObject({ kind: 'placed', order: { status: 'FILLED' } });
    expect([(await world.store.order(stop.id))?.status, await world.held()]).toEqual(['CANCELLED', 6]);
    await look(REST_AGAIN_S);
    expect(await theStop()).toMatchObject({ quantity: 6, triggerPrice: toMoney(95) });
    expect(await alarms()).toEqual([]);
  });

  test('while a resting exit of the flow covers the position none rests; when that is gone it comes back', async () => {
    await begin();
    const placed = await router.place(world.account, origin('target'), orderFor({ kind: 'exit' }, { purpose: 'exit', orderType: 'LIMIT', limitPrice: toMoney(110) }));
    expect(placed).toMatchObject({ kind: 'placed', order: { quantity: 10 } });
    await look(REST_AGAIN_S);
    expect(await stops()).toEqual([]);
    if (placed.kind === 'placed') world.exchange.end(placed.order.id);
    await look(REST_AGAIN_S);
    expect(await theStop()).toMatchObject({ quantity: 10 });
  });

  test('and meanwhile the runtime acts at the level', async () => {
    await begin();
    await router.place(world.account, origin('target'), orderFor({ kind: 'exit' }, { purpose: 'exit', orderType: 'LIMIT', limitPrice: toMoney(110) }));
    await world.pass(1_000);
    world.tick(94);
    for (let second = 0; second < 8; second += 1) await world.pass(1_000);
    expect([await world.held(), (await world.store.openOrders()).length, await alarms()]).toEqual([0, 0, []]);
  });

  test('one whose end is not proven keeps the order out, without a trace; nothing is sent twice', async () => {
    const stop = await begin();
    world.exchange.cancels = false;
    expect(await sell('part', 4)).toMatchObject({ kind: 'refused', denial: { code: 'OUTCOME_UNKNOWN' } });
    expect((await world.store.intents()).filter(({ signalId }) => signalId === 'part')).toEqual([]);
    world.exchange.end(stop.id);
    await world.settle();
    expect(await sell('part', 4)).toMatchObject({ kind: 'placed' });
  });

  test('an order that the gate refuses takes nothing back', async () => {
    const stop = await begin();
    await world.store.setKillSwitch({ account: 'paper', on: true, happenedAt: world.clock.now() });
    expect(await sell('turn', 30)).toMatchObject({ kind: 'refused', denial: { code: 'KILL_SWITCH' } });
    expect(await world.store.order(stop.id)).toMatchObject({ status: 'TRIGGER_PENDING' });
  });
});

describe('a person sells a part by hand', () => {
  const byHand = async (quantity: number): Promise<void> => {
    const report = { account: 'paper', brokerOrderId: 'h1', day: '2026-11-20', instrument: SBIN.key, product: 'MIS', action: 'SELL', quantity, filledQuantity: quantity, averagePrice: toMoney(100), status: 'FILLED', tradingDay: '2026-11-20', happenedAt: world.clock.now() } as const;
    await world.store.differences.adopt(report, () => ZERO_MONEY);
  };

  test('the stop is made as small as what is left, at the next look', async () => {
    const stop = await begin();
    await byHand(6);
    await world.pass(1_000);
    expect(await theStop()).toMatchObject({ id: stop.id, quantity: 4 });
    world.exchange.fill(stop.id, 4, 95);
    for (let second = 0; second < 8; second += 1) await world.pass(1_000);
    expect([await world.held(), (await world.protection()).status, await alarms()]).toEqual([0, 'DONE', []]);
  });

  test('one that fills whole before it is smaller gives back what was too much, with an alarm', async () => {
    const stop = await begin();
    Object.assign(world.exchange.broker, { modify: () => Promise.resolve({ ok: false, denial: { code: 'OUTCOME_UNKNOWN', message: 'no answer' } }) });
    await byHand(6);
    await world.pass(1_000);
    world.exchange.fill(stop.id, 10, 95);
    await world.settle();
    for (let second = 0; second < 8; second += 1) await world.pass(1_000);
    expect(await world.held()).toBe(0);
    expect(await alarms()).toEqual([expect.stringContaining('6 more was closed than was held')]);
  });
});

describe('a stop at the broker makes way, and comes back', () => {
  test('for Close', async () => {
    const stop = await begin();
    expect(await router.closeNow(world.account, origin('close'), orderFor({ kind: 'exit' }, { purpose: 'exit' }))).toMatchObject([{ kind: 'placed', order: { quantity: 10, status: 'FILLED' } }]);
    await world.pass(1_000);
    expect([(await world.store.order(stop.id))?.status, await world.held(), (await world.protection()).status]).toEqual(['CANCELLED', 0, 'DONE']);
    expect(await alarms()).toEqual([]);
  });

  test('where a Close is turned away it rests again', async () => {
    await begin();
    world.exchange.market = 'reject';
    await router.closeNow(world.account, origin('close'), orderFor({ kind: 'exit' }, { purpose: 'exit' }));
    await look(REST_AGAIN_S);
    expect(await theStop()).toMatchObject({ quantity: 10 });
    expect(await alarms()).toEqual([]);
  });

  test('for a kill switch that asks for a flat account', async () => {
    const stop = await begin();
    await world.store.setKillSwitch({ account: 'paper', on: true, flatten: true, happenedAt: world.clock.now() });
    const guard = createSafety({ ports: ports(), router, calendar: createTradingCalendar(), owners: { own: 's', isAlive: () => true } });
    await guard.round(world.account);
    await world.pass(1_000);
    expect([(await world.store.order(stop.id))?.status, await world.held(), (await world.store.openOrders()).length]).toEqual(['CANCELLED', 0, 0]);
    await guard.close();
  });

  test('for a target position, which it does not count into: what is missing is bought, no more', async () => {
    await begin();
    await router.place(world.account, origin('target'), orderFor({ kind: 'target', quantity: 15 }));
    expect(await world.held()).toBe(15);
    await look(REST_AGAIN_S);
    expect(await theStop()).toMatchObject({ quantity: 10 });
  });

  test('Cancel All leaves it where it is: it belongs to its position', async () => {
    const stop = await begin();
    await router.cancelAll(world.account, origin('all'));
    expect(await theStop()).toMatchObject({ id: stop.id, status: 'TRIGGER_PENDING' });
  });

  test('what the stop fills while it is taken back is not sold again', async () => {
    const stop = await begin();
    world.exchange.cancels = false;
    const closing = router.closeNow(world.account, origin('close'), orderFor({ kind: 'exit' }, { purpose: 'exit' }));
    await world.settle();
    world.exchange.fill(stop.id, 7, 95);
    world.exchange.end(stop.id);
    await closing;
    await look(5);
    expect(await world.held()).toBe(0);
    expect(await alarms()).toEqual([]);
  });

  test('the protection of one half stays at the broker while the other half meets its target', async () => {
    await begin({ ...STOP, target: { by: 'points', points: toMoney(8) } });
    await world.enter(STOP, 10, { signalId: 'second' });
    await world.pass(1_000);
    expect((await stops()).map(({ quantity }) => quantity)).toEqual([10, 10]);
    world.tick(108);
    for (let second = 0; second < 3; second += 1) await world.pass(1_000);
    expect(await world.held()).toBe(10);
    expect((await stops()).map(({ quantity }) => quantity)).toEqual([10]);
  });
});

describe('a stop at the broker moves', () => {
  test('with its trail, and not with every tick', async () => {
    const { id } = await begin(TRAIL);
    for (const rupees of [101, 102, 103, 104, 105, 106]) {
      world.tick(rupees);
      await world.settle();
    }
    world.clock.advance(3_000);
    await world.pass(0);
    expect(await world.store.order(id)).toMatchObject({ triggerPrice: toMoney(101) });
    expect((await world.store.changes.ofOrder(id)).length).toBeLessThanOrEqual(2);
  });

  test('where the broker refuses that, it is taken back and another one rests at the new level', async () => {
    const stop = await begin(TRAIL);
    Object.assign(world.exchange.broker, { modify: () => Promise.resolve({ ok: false, denial: { code: 'ORDER_REJECTED', message: 'Too many modifications.' } }) });
    world.tick(103);
    for (let second = 0; second < 8; second += 1) await world.pass(1_000);
    expect(await theStop()).toMatchObject({ triggerPrice: toMoney(98), quantity: 10 });
    expect(await world.store.order(stop.id)).toMatchObject({ status: 'CANCELLED' });
    expect(await alarms()).toEqual([]);
  });
});

describe('after a restart', () => {
  test('the stop is found by its number; none is added', async () => {
    const stop = await begin();
    world.kill();
    world.process('two');
    for (let second = 0; second < 20; second += 1) await world.pass(1_000);
    expect(await theStop()).toMatchObject({ id: stop.id });
    expect(world.exchange.broker.sent.filter((id) => id === stop.id)).toHaveLength(1);
  });

  test('one that filled meanwhile is the exit, and nothing is sold again', async () => {
    const stop = await begin();
    world.kill();
    world.exchange.fill(stop.id, 10, 94.9);
    await world.settle();
    world.process('two');
    for (let second = 0; second < 5; second += 1) await world.pass(1_000);
    expect([await world.held(), (await world.protection()).status, (await world.protection()).exitReason]).toEqual([0, 'DONE', 'stop']);
    expect(await world.exits()).toHaveLength(1);
  });
});

test('an option is protected by an SL order: exchanges take no SL-M there', async () => {
  world = await protectionWorld({ heldStops: true, instrument: { segment: 'option', tickSize: toMoney(0.05) } });
  world.process('one');
  await world.pass(0);
  await world.enter(STOP);
  await world.pass(0);
  expect(await theStop()).toMatchObject({ orderType: 'SL', triggerPrice: toMoney(95), limitPrice: toMoney(85.5) });
});
