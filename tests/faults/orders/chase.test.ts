import { ChaseTerms } from '../../../runtime/domain/chase';
import { fromMoney, toMoney } from '../../../runtime/domain/money';
import { restingBroker, type RestingBroker } from '../../doubles/restingBroker';
import { orderFor, origin, routerWorld, SBIN, viewOf, type RouterWorld } from '../../doubles/routerWorld';

let world: RouterWorld;
let broker: RestingBroker;
const TERMS = ChaseTerms.parse({ steps: 3, stepPercent: 0.25, maxDistancePercent: 1, waitMs: 1_000 });

async function open(canModify = true): Promise<void> {
  world = await routerWorld();
  broker = restingBroker(world.clock, { canModify });
  const { id } = viewOf(await world.router.place(world.account(broker), origin('s0'), orderFor()));
  broker.fill(id, 10);
  expect(await world.router.cancel(world.account(broker), origin('s0'), { kind: 'order', orderId: id })).toMatchObject({ order: { status: 'FILLED' } });
}
afterEach(() => world.store.close());

const EXIT = orderFor({ kind: 'exit' }, { purpose: 'exit' });
const chase = (signalId = 's1') => world.router.chaseExit(world.account(broker), origin(signalId), EXIT, TERMS);
const alarms = async (): Promise<readonly string[]> => (await world.store.events.after({ after: 0, kinds: ['protectionFailed'] })).map(({ message }) => message);
/** The market does this at the given step: changes count from 1. */
function atStep(step: number, act: () => void): void {
  const real = broker.modify?.bind(broker);
  let count = 0;
  jest.spyOn(broker, 'modify').mockImplementation(async (orderId, change) => {
    const result = await real?.(orderId, change) ?? { ok: true };
    count += 1;
    if (count === step) act();
    return result;
  });
}

describe('36 a protected exit that rests unfilled', () => {
  test('is re-priced step by step until it fills', async () => {
    await open();
    atStep(2, () => { broker.fill(broker.sent[1] ?? '', 10, 796); });
    expect(await chase()).toMatchObject({ kind: 'placed', order: { status: 'FILLED', action: 'SELL', filledQuantity: 10 } });
    expect([broker.taken[1]?.limitPrice, ...broker.modified.map(({ limitPrice }) => limitPrice)].map((price) => fromMoney(price ?? toMoney(0)))).toEqual([799.95, 797.95, 795.95]);
    expect(broker.sent).toHaveLength(2);
    expect(await alarms()).toEqual([]);
  });

  test('that nobody takes rests after the last step, no farther than the distance, and people are told once', async () => {
    await open();
    world.market.set({ instrument: SBIN.key, bid: toMoney(700), ask: toMoney(701), last: toMoney(800), at: world.clock.now() });
    expect(await chase()).toMatchObject({ kind: 'placed', order: { status: 'OPEN', filledQuantity: 0 } });
    expect(broker.taken[1]?.limitPrice).toBe(toMoney(792));
    expect((await world.store.openOrders()).map(({ limitPrice }) => limitPrice)).toEqual([toMoney(792)]);
    await chase();
    expect(await alarms()).toEqual([expect.stringContaining('after 3 steps within 1 %')]);
    expect(broker.sent).toHaveLength(2);
  });

  test('of which a step was lost is cancelled, and placed anew only when that is proven', async () => {
    await open();
    broker.fail('modify', 'dropped');
    const result = await chase();
    expect(result).toMatchObject({ kind: 'placed', order: { status: 'OPEN', quantity: 10 } });
    expect(broker.sent).toHaveLength(3);
    expect(broker.cancelled).toEqual([broker.sent[0], broker.sent[1]]);
    expect(await world.store.openOrders()).toHaveLength(1);
  });

  test('at a broker that can not modify is replaced, each time for what is left', async () => {
    await open(false);
    const cancel = broker.cancel.bind(broker);
    let isFirst = true;
    jest.spyOn(broker, 'cancel').mockImplementation((id) => {
      if (isFirst) broker.fill(id, 4);
      isFirst = false;
      return cancel(id);
    });
    expect(await chase()).toMatchObject({ kind: 'placed', order: { status: 'OPEN', quantity: 6 } });
    expect(broker.taken.slice(1).map(({ quantity }) => quantity)).toEqual([10, 6, 6, 6]);
    expect((await world.store.positions())).toMatchObject([{ quantity: 6 }]);
  });

  test('goes on when the wish comes again, where a run died after the cancel and before the order that takes its place', async () => {
    await open(false);
    const admit = world.store.admit.bind(world.store);
    let admissions = 0;
    jest.spyOn(world.store, 'admit').mockImplementation((request, decide) => {
      admissions += 1;
      return admissions === 2 ? Promise.reject(new Error('died')) : admit(request, decide);
    });
    await expect(chase()).rejects.toThrow('died');
    expect(await world.store.openOrders()).toEqual([]);
    expect(await chase()).toMatchObject({ kind: 'placed', order: { status: 'OPEN', quantity: 10 } });
    expect(await world.store.openOrders()).toHaveLength(1);
    const sent = broker.sent.length;
    expect(await chase()).toMatchObject({ kind: 'placed', order: { status: 'OPEN', quantity: 10 } });
    expect(broker.sent).toHaveLength(sent);
  });

  test('that somebody else cancelled is not placed again', async () => {
    await open();
    atStep(1, () => { void broker.cancel(broker.sent[1] ?? ''); });
    expect(await chase()).toMatchObject({ kind: 'placed', order: { status: 'CANCELLED' } });
    expect(await chase()).toMatchObject({ kind: 'placed', order: { status: 'CANCELLED' } });
    expect(broker.sent).toHaveLength(2);
  });

  test('as a market order that the broker’s protection left resting becomes a limit order and is chased', async () => {
    await open();
    const { id } = viewOf(await world.router.place(world.account(broker), origin('s1'), EXIT));
    expect(await world.router.chaseOrder(world.account(broker), origin('s1'), id, TERMS)).toMatchObject({ kind: 'placed', order: { status: 'OPEN', orderType: 'LIMIT' } });
    expect(broker.taken.slice(1).map(({ orderType }) => orderType)).toEqual(['MARKET', 'LIMIT']);
    expect(broker.modified).toHaveLength(2);
  });

  test('without anything to close sends nothing', async () => {
    world = await routerWorld();
    broker = restingBroker(world.clock);
    expect(await chase()).toMatchObject({ kind: 'satisfied' });
    expect(broker.sent).toEqual([]);
  });
});
