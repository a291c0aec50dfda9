import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { toMoney } from '../../../runtime/domain/money';
import type { ChangeResult } from '../../../runtime/domain/nodeContext';
import { MINUTE_MS, SECOND_MS } from '../../../runtime/domain/time';
import { createBackOff } from '../../../runtime/services/orderRouter/backOff';
import { IN_FLIGHT_MS, lookAgain } from '../../../runtime/services/orderRouter/resume';
import { restingBroker, type RestingBroker } from '../../doubles/restingBroker';
import { orderFor, origin, routerWorld, SBIN, viewOf, type RouterWorld } from '../../doubles/routerWorld';

let folder: string;
let world: RouterWorld;
let broker: RestingBroker;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'bellwether-changes-'));
  world = await routerWorld(path.join(folder, 'journal.db'));
  broker = restingBroker(world.clock);
});
afterEach(async () => {
  await world.store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function restart(): Promise<void> {
  await world.store.close();
  world = await routerWorld(path.join(folder, 'journal.db'), world.clock);
}

const LIMIT = { orderType: 'LIMIT', limitPrice: toMoney(790) } as const;
const buy = (quantity = 10) => orderFor({ kind: 'fixed', action: 'BUY', quantity }, LIMIT);
const resting = async (signalId = 's1'): Promise<string> => viewOf(await world.router.place(world.account(broker), origin(signalId), buy())).id;
const modify = (orderId: string, rupees: number, signalId: string): Promise<ChangeResult> => world.router.modify(world.account(broker), origin(signalId), { kind: 'order', orderId }, { limitPrice: toMoney(rupees) });
const cancel = (orderId: string, signalId: string): Promise<ChangeResult> => world.router.cancel(world.account(broker), origin(signalId), { kind: 'order', orderId });
const look = (): Promise<void> => lookAgain(world.ports, world.account(broker));
const limitOf = async (id: string): Promise<unknown> => (await world.store.order(id))?.limitPrice;
const alarms = async (): Promise<readonly string[]> => (await world.store.events.after({ after: 0, kinds: ['unknown'] })).map(({ key }) => key.split(' ')[0] ?? '');

describe('29 a modification of which the answer is lost', () => {
  test('that was carried out is proven by the terms that the broker shows', async () => {
    const id = await resting();
    broker.fail('modify', 'lost');
    expect(await modify(id, 795, 's2')).toMatchObject({ kind: 'done', order: { id } });
    expect(await limitOf(id)).toBe(toMoney(795));
    expect(broker.modified).toHaveLength(1);
  });

  test('that the broker never got is pending with both terms, is not sent again, and keeps the next one out', async () => {
    const id = await resting();
    broker.fail('modify', 'dropped');
    expect(await modify(id, 795, 's2')).toMatchObject({ kind: 'pending', denial: { code: 'OUTCOME_UNKNOWN', message: expect.stringContaining('10 at 790 or at 10 at 795') as string } });
    await look();
    expect(await modify(id, 795, 's2')).toMatchObject({ kind: 'pending' });
    expect(await modify(id, 796, 's3')).toMatchObject({ kind: 'refused', denial: { code: 'OUTCOME_UNKNOWN' } });
    expect(broker.modified).toHaveLength(1);
    expect(await world.store.changes.open()).toMatchObject([{ status: 'UNKNOWN', before: { limitPrice: toMoney(790) }, wished: { limitPrice: toMoney(795) } }]);
    expect(await limitOf(id)).toBe(toMoney(790));
  });

  test('stays pending over a restart, is told once after its deadline, and is done when the broker shows it late', async () => {
    const id = await resting();
    broker.fail('modify', 'dropped');
    await modify(id, 795, 's2');
    await restart();
    world.clock.advance(3 * MINUTE_MS);
    await look();
    await look();
    expect(await alarms()).toEqual(['change']);
    await broker.modify?.(id, { limitPrice: toMoney(795) });
    await look();
    expect(await world.store.changes.open()).toEqual([]);
    expect(await limitOf(id)).toBe(toMoney(795));
  });

  test('leaves cancelling possible; it is over when the order is', async () => {
    const id = await resting();
    broker.fail('modify', 'dropped');
    await modify(id, 795, 's2');
    expect(await cancel(id, 's3')).toMatchObject({ kind: 'done', order: { status: 'CANCELLED' } });
    await look();
    expect(await world.store.changes.ofOrder(id)).toMatchObject([{ kind: 'modify', status: 'OVER' }, { kind: 'cancel', status: 'DONE' }]);
  });

  test('that a crash cut off before or after it was sent is unknown, whichever it was', async () => {
    const id = await resting();
    jest.spyOn(broker, 'modify').mockReturnValueOnce(new Promise(() => undefined));
    void modify(id, 795, 's2');
    while ((await world.store.changes.open()).length === 0) await new Promise((resolve) => setImmediate(resolve));
    await restart();
    world.clock.advance(IN_FLIGHT_MS);
    await look();
    expect(await world.store.changes.open()).toMatchObject([{ status: 'UNKNOWN' }]);
    expect(await modify(id, 795, 's2')).toMatchObject({ kind: 'pending' });
  });
});

describe('a modification', () => {
  test('is journalled before the broker hears of it, and asked for once, however often its signal comes', async () => {
    const id = await resting();
    const seen: unknown[] = [];
    const real = broker.modify?.bind(broker);
    jest.spyOn(broker, 'modify').mockImplementation(async (orderId, change) => {
      seen.push(await world.store.changes.open());
      return real?.(orderId, change) ?? { ok: true };
    });
    for (let times = 0; times < 3; times += 1) expect(await modify(id, 795.02, 's2')).toMatchObject({ kind: 'done' });
    expect(seen).toMatchObject([[{ status: 'REQUESTED', wished: { limitPrice: toMoney(795.05) } }]]);
  });

  test('of an entry passes the gate like a new order, itself left out of what is pending', async () => {
    const id = await resting();
    const tight = world.account(broker, { maxPosition: 10, maxOrderValuePercent: 0.8 });
    const target = { kind: 'order', orderId: id } as const;
    expect(await world.router.modify(tight, origin('s2'), target, { limitPrice: toMoney(795) })).toMatchObject({ kind: 'done' });
    expect(await world.router.modify(tight, origin('s3'), target, { limitPrice: toMoney(801) })).toMatchObject({ kind: 'refused', denial: { code: 'MAX_ORDER_VALUE' } });
    await world.store.setKillSwitch({ account: 'paper', on: true, happenedAt: world.clock.now() });
    expect(await modify(id, 797, 's4')).toMatchObject({ kind: 'refused', denial: { code: 'KILL_SWITCH' } });
    expect(await limitOf(id)).toBe(toMoney(795));
  });

  test('of an exit passes while entries are stopped', async () => {
    broker.fill(await resting(), 10);
    await look();
    const exit = viewOf(await world.router.place(world.account(broker), origin('s2'), orderFor({ kind: 'exit' }, { purpose: 'exit', orderType: 'LIMIT', limitPrice: toMoney(810) }))).id;
    await world.store.setKillSwitch({ account: 'paper', on: true, happenedAt: world.clock.now() });
    expect(await modify(exit, 805, 's3')).toMatchObject({ kind: 'done' });
  });

  test('that the broker refuses leaves the order as it stood', async () => {
    const id = await resting();
    jest.spyOn(broker, 'modify').mockResolvedValue({ ok: false, denial: { code: 'ORDER_REJECTED', message: 'No more changes today.' } });
    expect(await modify(id, 795, 's2')).toMatchObject({ kind: 'refused', denial: { message: 'No more changes today.' }, order: { status: 'OPEN' } });
    expect(await limitOf(id)).toBe(toMoney(790));
  });
});

describe('a broker that can not modify', () => {
  beforeEach(() => { broker = restingBroker(world.clock, { canModify: false }); });

  test('has the order cancelled, and only then one placed for what was left of it; a repeat places none', async () => {
    const id = await resting();
    broker.fill(id, 4);
    const changed = await modify(id, 795, 's2');
    expect(changed).toMatchObject({ kind: 'done', replaced: { id, status: 'CANCELLED', filledQuantity: 4 }, order: { quantity: 6, status: 'OPEN' } });
    await modify(id, 795, 's2');
    expect(broker.sent).toHaveLength(2);
    expect(broker.cancelled).toEqual([id]);
  });

  test('gets no second order while the cancellation is not proven', async () => {
    const id = await resting();
    broker.fail('cancel', 'dropped');
    expect(await modify(id, 795, 's2')).toMatchObject({ kind: 'pending', denial: { code: 'OUTCOME_UNKNOWN' } });
    expect(broker.sent).toEqual([id]);
    await modify(id, 795, 's2');
    expect(broker.sent).toHaveLength(2);
  });

  test('gets no second order where the fill was quicker', async () => {
    const id = await resting();
    broker.fill(id, 10);
    expect(await modify(id, 795, 's2')).toMatchObject({ kind: 'refused', order: { status: 'FILLED' } });
    expect(broker.sent).toEqual([id]);
  });
});

describe('28 a cancel against a fill', () => {
  test('the fill wins: it is booked, and the cancel says so', async () => {
    const id = await resting();
    broker.fill(id, 10);
    expect(await cancel(id, 's2')).toMatchObject({ kind: 'refused', denial: { code: 'NOT_FOUND', value: 'FILLED' }, order: { status: 'FILLED' } });
    expect(await world.store.positions()).toMatchObject([{ quantity: 10 }]);
  });

  test('what was filled before the cancel is kept', async () => {
    const id = await resting();
    broker.fill(id, 3);
    expect(await cancel(id, 's2')).toMatchObject({ kind: 'done', order: { status: 'CANCELLED', filledQuantity: 3 } });
    expect(await world.store.positions()).toMatchObject([{ quantity: 3 }]);
  });

  test('a cancel without an answer is asked for again, less and less often, until the order has ended', async () => {
    const id = await resting();
    broker.fail('cancel', 'dropped', 'dropped', 'dropped');
    expect(await cancel(id, 's2')).toMatchObject({ kind: 'pending' });
    const backOff = createBackOff(world.clock);
    for (let seconds = 0; seconds < 60; seconds += 10) {
      await lookAgain(world.ports, world.account(broker), backOff);
      world.clock.advance(10 * SECOND_MS);
    }
    expect(broker.cancelled).toHaveLength(4);
    expect(await world.store.order(id)).toMatchObject({ status: 'CANCELLED' });
    expect(await world.store.changes.open()).toEqual([]);
  });
});

test('an order of another strategy or account can be neither changed nor cancelled', async () => {
  const id = await resting();
  const stranger = origin('s2', { strategyId: 'other' });
  const account = world.account(broker);
  expect(await world.router.cancel(account, stranger, { kind: 'order', orderId: id })).toMatchObject({ kind: 'refused', denial: { code: 'NOT_FOUND' } });
  expect(await world.router.modify(account, stranger, { kind: 'newest', exchange: 'NSE', symbol: SBIN.symbol }, { quantity: 5 })).toMatchObject({ kind: 'refused', denial: { code: 'NOT_FOUND' } });
  expect([broker.modified, broker.cancelled]).toEqual([[], []]);
});
