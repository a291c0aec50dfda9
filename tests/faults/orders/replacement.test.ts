import { toMoney } from '../../../runtime/domain/money';
import type { ChangeResult, OrderRequest } from '../../../runtime/domain/nodeContext';
import { MINUTE_MS, SECOND_MS } from '../../../runtime/domain/time';
import { deny } from '../../../runtime/domain/denial';
import { createBackOff } from '../../../runtime/services/orderRouter/backOff';
import { lookAgain } from '../../../runtime/services/orderRouter/resume';
import { restingBroker, type RestingBroker } from '../../doubles/restingBroker';
import { orderFor, origin, routerWorld, SBIN, viewOf, type RouterWorld } from '../../doubles/routerWorld';

let world: RouterWorld;
let broker: RestingBroker;
beforeEach(async () => {
  world = await routerWorld();
  broker = restingBroker(world.clock, { canModify: false });
});
afterEach(() => world.store.close());

const STOP = { stop: { by: 'points', points: toMoney(5) } } as const;
const GROUP = { group: 'opening range', maximum: 1, cooldownMs: MINUTE_MS, atCost: true };
const enter = async (changes: Partial<OrderRequest>, signalId = 's1'): Promise<string> =>
  viewOf(await world.router.place(world.account(broker), origin(signalId), orderFor({ kind: 'fixed', action: 'BUY', quantity: 10 }, { orderType: 'LIMIT', limitPrice: toMoney(790), ...changes }))).id;
const modify = (orderId: string, rupees: number, signalId = 'm1'): Promise<ChangeResult> => world.router.modify(world.account(broker), origin(signalId), { kind: 'order', orderId }, { limitPrice: toMoney(rupees) });

describe('an entry that is changed at a broker which can not change orders', () => {
  test('keeps its protection: what fills is protected, the cancelled order protects nothing', async () => {
    const id = await enter({ protection: STOP });
    const changed = await modify(id, 795);
    expect(changed).toMatchObject({ kind: 'done' });
    const replacement = changed.order?.id ?? '';
    broker.fill(replacement, 10, 795);
    await lookAgain(world.ports, world.account(broker));
    expect((await world.store.protections.ofEntry(replacement)).map(({ status, filled, terms, stopLevel }) => [status, filled, terms, stopLevel])).toEqual([['ACTIVE', 10, STOP, toMoney(790)]]);
    expect((await world.store.protections.ofEntry(id)).map(({ status }) => status)).toEqual(['CANCELLED']);
  });

  test('of which a part has filled protects the rest beside the part', async () => {
    const id = await enter({ protection: STOP });
    broker.fill(id, 4, 790);
    await lookAgain(world.ports, world.account(broker));
    const changed = await modify(id, 795);
    const replacement = changed.order?.id ?? '';
    expect(await world.store.order(replacement)).toMatchObject({ quantity: 6, signalId: 's1' });
    broker.fill(replacement, 6, 795);
    await lookAgain(world.ports, world.account(broker));
    expect((await world.store.protections.live()).map(({ filled, status }) => [filled, status])).toEqual([[4, 'ACTIVE'], [6, 'ACTIVE']]);
  });

  test('keeps its group: it is the same entry, is waited for at cost, and the next one is a re-entry', async () => {
    const id = await enter({ protection: STOP, reEntry: GROUP });
    broker.fill(id, 4, 790);
    await lookAgain(world.ports, world.account(broker));
    expect(await modify(id, 795)).toMatchObject({ kind: 'done' });
    expect((await world.store.reEntries.waiting('paper')).map(({ orderId }) => orderId)).toEqual([id]);
    const other = await enter({ protection: STOP, reEntry: { ...GROUP, group: 'other' } }, 's2');
    const changed = await modify(other, 795, 'm2');
    expect((await world.store.reEntries.waiting('paper')).map(({ orderId }) => orderId)).toContain(changed.order?.id);
  });

  test('is left as it is where the price has reached the new trigger: a broker would refuse the order that stands for it', async () => {
    const id = await enter({ orderType: 'SL', triggerPrice: toMoney(810), limitPrice: toMoney(812) });
    const reached = await world.router.modify(world.account(broker), origin('m1'), { kind: 'order', orderId: id }, { triggerPrice: toMoney(800) });
    expect(reached).toMatchObject({ kind: 'refused', denial: { code: 'ORDER_REJECTED', field: 'triggerPrice', limit: 800, value: 800 } });
    expect((await world.store.openOrders()).map(({ id: open }) => open)).toEqual([id]);
    const beyond = await world.router.modify(world.account(broker), origin('m2'), { kind: 'order', orderId: id }, { triggerPrice: toMoney(805) });
    expect(beyond).toMatchObject({ kind: 'done' });
  });

  test('is held against the limits of its own flow', async () => {
    const id = await enter({ limits: { maxOrderValuePercent: 0.8 } });
    expect(await modify(id, 801)).toMatchObject({ kind: 'refused', denial: { code: 'MAX_ORDER_VALUE' } });
    const changed = await modify(id, 795, 'm2');
    expect(changed).toMatchObject({ kind: 'done' });
    expect((await world.store.intent((await world.store.order(changed.order?.id ?? ''))?.intentKey ?? ''))?.added).toEqual({ limits: { maxOrderValuePercent: 0.8 } });
    expect(await modify(changed.order?.id ?? '', 802, 'm3')).toMatchObject({ kind: 'refused', denial: { code: 'MAX_ORDER_VALUE' } });
  });

  test('a part of a target that may open no short is placed anew as one: what was closed meanwhile is not sold again', async () => {
    const first = await enter({});
    broker.fill(first, 10, 790);
    await lookAgain(world.ports, world.account(broker));
    const target = orderFor({ kind: 'target', quantity: 0, direction: 'longOnly' }, { direction: 'longOnly', orderType: 'LIMIT', limitPrice: toMoney(810) });
    const { id } = viewOf(await world.router.place(world.account(broker), origin('t'), target));
    const sold = viewOf(await world.router.place(world.account(broker), origin('x'), orderFor({ kind: 'fixed', action: 'SELL', quantity: 6 }, { orderType: 'LIMIT', limitPrice: toMoney(811) })));
    broker.fill(sold.id, 6, 811);
    await lookAgain(world.ports, world.account(broker));
    const changed = await modify(id, 812, 'm2');
    expect(await world.store.order(changed.order?.id ?? '')).toMatchObject({ action: 'SELL', quantity: 4 });
  });

  test('is not kept out by the cool-down that it began itself', async () => {
    const id = await enter({ limits: { cooldownMs: 10 * MINUTE_MS } });
    expect(await modify(id, 795)).toMatchObject({ kind: 'done' });
  });

  test('stands as it stood where the cancel is refused for the moment, and is not cancelled later', async () => {
    const id = await enter({});
    jest.spyOn(broker, 'cancel').mockResolvedValueOnce(deny('RATE_LIMITED', 'Later.'));
    expect(await modify(id, 795)).toMatchObject({ kind: 'refused', denial: { code: 'RATE_LIMITED' } });
    world.clock.advance(MINUTE_MS);
    await lookAgain(world.ports, world.account(broker));
    expect([await world.store.changes.open(), (await world.store.order(id))?.status]).toEqual([[], 'OPEN']);
  });
});

describe('a replacement whose cancel is proven only later', () => {
  /** Time passes, and prices stay fresh. */
  const pass = (ms: number): void => {
    world.clock.advance(ms);
    world.market.set({ instrument: SBIN.key, bid: toMoney(800), ask: toMoney(800), last: toMoney(800), at: world.clock.now() });
  };
  const late = async (changes: Partial<OrderRequest> = {}, waitMs = 30 * SECOND_MS): Promise<string> => {
    const id = await enter(changes);
    broker.fail('cancel', 'dropped');
    expect(await modify(id, 795)).toMatchObject({ kind: 'pending' });
    pass(waitMs);
    return id;
  };
  const look = () => lookAgain(world.ports, world.account(broker));
  const told = async () => (await world.store.events.after({ after: 0, kinds: ['modified', 'protectionFailed'] })).map(({ kind, message }) => [kind, message]);

  test('goes on without being asked again: one order stands for it, also when the wish comes again', async () => {
    const id = await late({ protection: STOP });
    await look();
    const [open] = await world.store.openOrders();
    expect([await world.store.order(id), open]).toMatchObject([{ status: 'CANCELLED' }, { quantity: 10, limitPrice: toMoney(795), signalId: 's1' }]);
    expect(await told()).toEqual([['modified', expect.stringContaining(`order ${open?.id} (10 at 795)`)]]);
    expect(await modify(id, 795)).toMatchObject({ kind: 'done', order: { id: open?.id } });
    await look();
    expect([broker.sent.length, await world.store.changes.open()]).toEqual([2, []]);
  });

  test('after a crash between the proof and the new order goes on all the same', async () => {
    const id = await enter({});
    const admit = jest.spyOn(world.store, 'admit').mockRejectedValueOnce(new Error('The process dies.'));
    await expect(modify(id, 795)).rejects.toThrow('dies');
    admit.mockRestore();
    pass(30 * SECOND_MS);
    await look();
    expect(await world.store.openOrders()).toMatchObject([{ limitPrice: toMoney(795) }]);
  });

  test('an entry that is no longer fresh is not placed any more, and that is told', async () => {
    await late({}, 2 * MINUTE_MS);
    await look();
    expect([await world.store.openOrders(), await told()]).toEqual([[], [['modified', expect.stringContaining('no longer fresh')]]]);
    expect(await world.store.changes.open()).toEqual([]);
  });

  test('an exit is placed however late, and in full', async () => {
    const entry = await enter({});
    broker.fill(entry, 10, 790);
    await look();
    const id = viewOf(await world.router.place(world.account(broker), origin('x1'), orderFor({ kind: 'exit' }, { purpose: 'exit', orderType: 'LIMIT', limitPrice: toMoney(820) }))).id;
    broker.fail('cancel', 'dropped');
    expect(await modify(id, 810)).toMatchObject({ kind: 'pending' });
    world.clock.advance(10 * MINUTE_MS);
    await look();
    expect(await world.store.openOrders()).toMatchObject([{ purpose: 'exit', quantity: 10, limitPrice: toMoney(810) }]);
  });

  test('an order that somebody else has cancelled meanwhile stays cancelled', async () => {
    const id = await late();
    await world.router.cancel(world.account(broker), origin('c1'), { kind: 'order', orderId: id });
    await look();
    expect([await world.store.openOrders(), broker.sent.length, await told()]).toEqual([[], 1, []]);
  });
});

describe('a cancel that is refused for the moment', () => {
  const cancel = (orderId: string): Promise<ChangeResult> => world.router.cancel(world.account(broker), origin('c1'), { kind: 'order', orderId });

  test.each(['RATE_LIMITED', 'NOT_READY', 'TOO_MANY_REQUESTS', 'BROKER_PAUSED', 'SESSION_EXPIRED', 'WRONG_SECRET'] as const)('as %s is asked for again until it is done', async (code) => {
    const id = await enter({});
    jest.spyOn(broker, 'cancel').mockResolvedValueOnce(deny(code, 'Not now.')).mockResolvedValueOnce(deny(code, 'Not now.'));
    expect(await cancel(id)).toMatchObject({ kind: 'pending', denial: { code } });
    const backOff = createBackOff(world.clock);
    for (let looks = 0; looks < 4; looks += 1) {
      world.clock.advance(20 * SECOND_MS);
      await lookAgain(world.ports, world.account(broker), backOff);
    }
    expect(await world.store.order(id)).toMatchObject({ status: 'CANCELLED' });
    expect(await world.store.changes.open()).toEqual([]);
  });

  test('for ever is asked for less and less often, told once, and given up with the day', async () => {
    const id = await enter({});
    const asked = jest.spyOn(broker, 'cancel').mockResolvedValue(deny('RATE_LIMITED', 'Not now.'));
    await cancel(id);
    const backOff = createBackOff(world.clock);
    for (let looks = 0; looks < 360; looks += 1) {
      world.clock.advance(10 * SECOND_MS);
      await lookAgain(world.ports, world.account(broker), backOff);
    }
    expect(asked.mock.calls.length).toBeLessThan(25);
    expect(await world.store.events.after({ after: 0, kinds: ['unknown'] })).toHaveLength(1);
    world.clock.advance(24 * 60 * MINUTE_MS);
    await lookAgain(world.ports, world.account(broker), backOff);
    expect(await world.store.changes.open()).toEqual([]);
  });

  test('for good is over', async () => {
    const id = await enter({});
    jest.spyOn(broker, 'cancel').mockResolvedValue(deny('ORDER_REJECTED', 'No.'));
    expect(await cancel(id)).toMatchObject({ kind: 'refused' });
    expect(await world.store.changes.open()).toEqual([]);
  });
});
