import { toMoney } from '../../../runtime/domain/money';
import type { ProtectionTerms } from '../../../runtime/domain/protection';
import { createTradingCalendar } from '../../../runtime/domain/session';
import { createOrderRouter, type RouterPorts } from '../../../runtime/services/orderRouter/router';
import { cancelProtection, moveStop } from '../../../runtime/services/protection';
import { perform } from '../../../runtime/services/protection/perform';
import { createSafety } from '../../../runtime/services/safety';
import { silentLog } from '../../doubles/ingressWorld';
import { protectionWorld, type ProtectionWorld, type WorldOptions } from '../../doubles/protectionWorld';
import { orderFor, origin, SBIN, viewOf } from '../../doubles/routerWorld';

const STOP: ProtectionTerms = { stop: { by: 'points', points: toMoney(5) } };

let world: ProtectionWorld;
const begin = async (options: WorldOptions = {}): Promise<void> => {
  world = await protectionWorld(options);
  world.process('one');
  await world.pass(0);
};
afterEach(() => world.close());

const ports = (): RouterPorts => ({ store: world.store, market: world.market, clock: world.clock, log: silentLog, instruments: { find: () => SBIN }, pause: (ms) => { world.clock.advance(ms); world.tick(100); return Promise.resolve(); } });
const safety = () => createSafety({ ports: ports(), router: createOrderRouter(ports()), calendar: createTradingCalendar(), owners: { own: 's', isAlive: () => true } });
/** A target of the flow's own, resting above the market. */
async function target(quantity?: number): Promise<string> {
  return viewOf(await createOrderRouter(ports()).place(world.account, origin('target'), { ...orderFor({ kind: 'exit', ...(quantity === undefined ? {} : { quantity }) }, { purpose: 'exit', orderType: 'LIMIT', limitPrice: toMoney(110) }) })).id;
}
const alarms = async () => (await world.store.events.after({ after: 0, kinds: ['protectionFailed', 'protectionLost'] })).map(({ message }) => message);
const kill = () => world.store.setKillSwitch({ account: 'paper', on: true, flatten: true, happenedAt: world.clock.now() });

describe('a stop beside a resting exit of its own flow', () => {
  test('takes it back and closes the position, in one try', async () => {
    await begin();
    await world.enter(STOP);
    const id = await target();
    world.tick(94);
    for (let second = 0; second < 5; second += 1) await world.pass(1_000);
    expect(await world.store.order(id)).toMatchObject({ status: 'CANCELLED' });
    expect([await world.held(), (await world.protection()).status]).toEqual([0, 'DONE']);
    expect(await world.exits()).toMatchObject([{ quantity: 10, status: 'FILLED' }]);
    expect(await alarms()).toEqual([]);
  });

  test('what the resting one fills while it is taken back is not sold again', async () => {
    await begin();
    await world.enter(STOP);
    const id = await target();
    world.exchange.cancels = false;
    world.tick(94);
    await world.pass(1_000);
    world.exchange.fill(id, 7, 110);
    world.exchange.end(id);
    for (let second = 0; second < 10; second += 1) await world.pass(1_000);
    expect((await world.exits()).map(({ filledQuantity }) => filledQuantity)).toEqual([3]);
    expect(await world.held()).toBe(0);
  });

  test('takes back no more than it needs: one that covers the rest of the position stays', async () => {
    await begin();
    await world.enter(STOP);
    await createOrderRouter(ports()).place(world.account, origin('more'), orderFor());
    await world.settle();
    const id = await target(10);
    world.tick(94);
    for (let second = 0; second < 5; second += 1) await world.pass(1_000);
    expect([(await world.store.order(id))?.status, await world.held()]).toEqual(['OPEN', 10]);
  });

  test('while the end of the resting one is not proven it waits, sends nothing, calls a person once, and closes when it is', async () => {
    await begin();
    await world.enter(STOP);
    const id = await target();
    world.exchange.cancels = false;
    world.tick(94);
    for (let second = 0; second < 120; second += 1) await world.pass(1_000);
    expect([await world.exits(), await world.held(), (await world.protection()).attempts]).toEqual([[], 10, 1]);
    expect(await alarms()).toEqual([expect.stringContaining(`order ${id} (OPEN) keeps the units`)]);
    world.exchange.end(id);
    for (let second = 0; second < 5; second += 1) await world.pass(1_000);
    expect([await world.held(), (await world.protection()).status]).toEqual([0, 'DONE']);
  });

  test('the owner dies after the cancellation: the next one closes, once', async () => {
    await begin();
    await world.enter(STOP);
    await target();
    world.exchange.cancels = false;
    world.tick(94);
    await world.pass(1_000);
    const [cancelledFirst] = world.exchange.broker.cancelled;
    world.kill();
    world.exchange.end(cancelledFirst ?? '');
    await world.settle();
    world.process('two');
    for (let second = 0; second < 20; second += 1) await world.pass(1_000);
    expect(await world.exits()).toMatchObject([{ quantity: 10, status: 'FILLED' }]);
    expect(await world.held()).toBe(0);
  });
});

test('a cancellation that the broker never confirms is one wish, however long it takes', async () => {
  await begin();
  await world.enter(STOP);
  world.exchange.market = 'rest';
  world.exchange.cancels = false;
  world.tick(94);
  for (let second = 0; second < 300; second += 1) await world.pass(1_000);
  const [exit] = await world.exits();
  expect(await world.store.changes.open('paper')).toMatchObject([{ orderId: exit?.id, kind: 'cancel' }]);
});

describe('a flat account', () => {
  test('a resting exit of a flow does not keep its position open', async () => {
    await begin();
    await createOrderRouter(ports()).place(world.account, origin('e'), orderFor());
    await world.settle();
    await target();
    await kill();
    const guard = safety();
    for (let round = 0; round < 3; round += 1) {
      await guard.round(world.account);
      await world.settle();
    }
    expect([await world.held(), (await world.store.openOrders()).length]).toEqual([0, 0]);
    await guard.close();
  });

  test('entries that can not be cancelled do not hold up the close until the lease is over', async () => {
    await begin();
    const router = createOrderRouter(ports());
    await router.place(world.account, origin('e'), orderFor());
    for (let index = 0; index < 8; index += 1) await router.place(world.account, origin(`rest${index}`), orderFor(undefined, { orderType: 'LIMIT', limitPrice: toMoney(99) }));
    await world.settle();
    world.exchange.cancels = false;
    await kill();
    const guard = safety();
    const began = world.clock.now();
    await guard.round(world.account);
    await world.settle();
    expect(await world.held()).toBe(0);
    // All are waited for at the same time, on one clock that each of them moves; the close renews the lease whatever they took.
    expect(world.clock.now() - began).toBeLessThanOrEqual(16_000);
    await guard.close();
  });

  test('what the broker does not confirm is asked for with back-off, not with every round', async () => {
    await begin();
    const router = createOrderRouter(ports());
    await router.place(world.account, origin('e'), orderFor(undefined, { orderType: 'LIMIT', limitPrice: toMoney(99) }));
    await world.settle();
    world.exchange.cancels = false;
    await kill();
    const guard = safety();
    const began = world.clock.now();
    for (let rounds = 0; world.clock.now() - began < 120_000; rounds += 1) {
      await guard.round(world.account);
      world.clock.advance(2_000);
    }
    expect(world.exchange.broker.cancelled.length).toBeGreaterThan(4);
    expect(world.exchange.broker.cancelled.length).toBeLessThan(10);
    world.exchange.cancels = true;
    for (let rounds = 0; rounds < 11; rounds += 1) {
      await guard.round(world.account);
      world.clock.advance(2_000);
    }
    expect(await world.store.openOrders()).toEqual([]);
    await guard.close();
  });

  test('a market exit that rests is taken back with an alarm and tried again', async () => {
    await begin();
    await createOrderRouter(ports()).place(world.account, origin('e'), orderFor());
    await world.settle();
    world.exchange.market = 'rest';
    await kill();
    const guard = safety();
    const round = async (): Promise<void> => {
      world.tick(100);
      await guard.round(world.account);
      await world.settle();
      world.clock.advance(2_000);
    };
    for (let rounds = 0; rounds < 5; rounds += 1) await round();
    expect(await alarms()).toEqual([expect.stringContaining('rests since 5 s')]);
    world.exchange.market = 'fill';
    for (let rounds = 0; rounds < 5; rounds += 1) await round();
    expect([await world.held(), (await world.store.openOrders()).length]).toEqual([0, 0]);
    await guard.close();
  });

  test('after a restart the tries go on with the next number, and cost a few reads', async () => {
    await begin();
    await createOrderRouter(ports()).place(world.account, origin('e'), orderFor());
    await world.settle();
    world.exchange.market = 'reject';
    await kill();
    const round = async (guard: ReturnType<typeof safety>): Promise<void> => {
      world.tick(100);
      await guard.round(world.account);
      await world.settle();
      world.clock.advance(20_000);
    };
    const first = safety();
    for (let rounds = 0; rounds < 40; rounds += 1) await round(first);
    await first.close();
    const reads = jest.spyOn(world.store, 'intent');
    const second = safety();
    await round(second);
    expect(reads.mock.calls.length).toBeLessThan(20);
    reads.mockClear();
    await round(second);
    expect(reads.mock.calls.length).toBeLessThan(5);
    expect(world.exchange.orders.size).toBe(1 + 42);
    await second.close();
  });
});

describe('an owner whose lease somebody else has by now cancels nothing', () => {
  /** Somebody else takes the lease while the owner is asleep, and another look finds it gone. */
  async function takeOver(name: string): Promise<void> {
    const [lease] = (await world.store.leases.list()).filter((each) => each.name === name);
    if (lease !== undefined) await world.store.leases.release(lease);
    await world.store.leases.acquire({ name, owner: 'other', now: world.clock.now(), until: world.clock.now() + 60_000 });
  }

  test('of what is in the way of a flat account', async () => {
    await begin();
    await createOrderRouter(ports()).place(world.account, origin('e'), orderFor());
    await world.settle();
    const id = await target();
    await kill();
    const asleep = { ...world.store, riskState: async (account: string) => { await takeOver('safety:paper'); return world.store.riskState(account); } };
    const guard = createSafety({ ports: { ...ports(), store: asleep }, router: createOrderRouter(ports()), calendar: createTradingCalendar(), owners: { own: 's', isAlive: () => true } });
    await guard.round(world.account);
    expect([world.exchange.broker.cancelled, (await world.store.order(id))?.status]).toEqual([[], 'OPEN']);
    await guard.close();
  });

  test('of what is in the way of a stop', async () => {
    world = await protectionWorld();
    await world.enter(STOP);
    const id = await target();
    world.process('one', { store: { ...world.store, intent: async (key) => { await takeOver('protection:paper'); return world.store.intent(key); }, preview: async (request) => { await takeOver('protection:paper'); return world.store.preview(request); } } });
    await world.pass(0);
    world.tick(94);
    await world.pass(1_000);
    expect([world.exchange.broker.cancelled, (await world.store.order(id))?.status]).toEqual([[], 'OPEN']);
  });

  test('of its own resting stop', async () => {
    world = await protectionWorld();
    await world.enter(STOP);
    const id = await target();
    const stored = await world.protection();
    const acting = { ports: { ...ports(), accounts: { use: () => Promise.reject(new Error('not used')) }, owners: { own: 'one', isAlive: () => true } }, account: world.account, instrument: SBIN, fence: { name: 'protection:paper', token: 1 } };
    await takeOver('protection:paper');
    await takeOver('protection:paper');
    expect(await perform(acting, stored, { kind: 'cancel', step: 1, orderId: id })).toEqual({ kind: 'leaseLost' });
    expect(world.exchange.broker.cancelled).toEqual([]);
  });
});

describe('two products of one symbol', () => {
  test('a stop is moved, and taken away, where it is meant', async () => {
    world = await protectionWorld();
    await world.enter(STOP);
    const { id, ...mis } = await world.protection();
    await world.store.protections.create({ ...mis, id: 'prNRML', product: 'NRML' });
    const all = async () => Object.fromEntries((await world.store.protections.list()).map(({ product, stopLevel, status }) => [product, [stopLevel, status]]));
    const commands = { store: world.store, market: world.market, clock: world.clock, log: silentLog };
    expect(await moveStop(commands, origin('m'), { exchange: 'NSE', symbol: 'SBIN', product: 'NRML' }, { stop: { by: 'price', price: toMoney(97) } })).toMatchObject({ ok: true });
    expect(await all()).toMatchObject({ MIS: [toMoney(95), 'ACTIVE'], NRML: [toMoney(97), 'ACTIVE'] });
    expect(await cancelProtection(commands, origin('c'), { exchange: 'NSE', symbol: 'SBIN', product: 'MIS' })).toMatchObject({ ok: true, value: [{ id }] });
    expect(await all()).toMatchObject({ MIS: [toMoney(95), 'CANCELLED'], NRML: [toMoney(97), 'ACTIVE'] });
  });
});
