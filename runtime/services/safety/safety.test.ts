import { origin, orderFor, routerWorld, SBIN, type RouterWorld } from '../../../tests/doubles/routerWorld';
import { scriptedBroker, type BrokerScript, type ScriptedBroker } from '../../../tests/doubles/scriptedBroker';
import { WIDE } from '../../../tests/doubles/tradingWorld';
import { AccountConfig } from '../../domain/account';
import { toMoney } from '../../domain/money';
import type { RiskLimits } from '../../domain/risk';
import { createSessions, createTradingCalendar, indiaTime } from '../../domain/session';
import { createOrderRouter, type RoutedAccount } from '../orderRouter/router';
import { createSafety, type Safety } from '.';

const calendar = createTradingCalendar();
const exchangeHours = createSessions({ calendar });

let world: RouterWorld;
let safety: Safety;
beforeEach(async () => {
  world = await routerWorld();
  safety = createSafety({ ports: world.ports, router: world.router, calendar, owners: { own: 'p', isAlive: () => true } });
});
afterEach(async () => {
  await safety.close();
  await world.store.close();
});

type Options = { readonly limits?: Partial<RiskLimits>; readonly safety?: object };
const configOf = ({ limits = {}, safety: own = {} }: Options): AccountConfig => AccountConfig.parse({ capital: 1_000_000, limits: { ...WIDE, ...limits }, safety: own });
function accountOf(broker: ScriptedBroker, options: Options = {}): RoutedAccount {
  return { config: configOf(options), broker, sessions: exchangeHours };
}

/** Fills everything at once, at what SBIN trades at. */
const filling: BrokerScript['place'] = (order) => Promise.resolve({
  kind: 'accepted', brokerOrderId: `b-${order.id}`,
  updates: [{ kind: 'fill', fill: { orderId: order.id, tradeId: 't', quantity: order.quantity, price: world.market.latest(SBIN.key)?.last ?? toMoney(800), charges: toMoney(0), happenedAt: world.clock.now() } }],
});
const resting: BrokerScript['place'] = (order) => Promise.resolve({ kind: 'accepted', brokerOrderId: `b-${order.id}`, updates: [] });

function trade(rupees: number, at = world.clock.now()): void {
  world.market.set({ instrument: SBIN.key, bid: toMoney(rupees), ask: toMoney(rupees), last: toMoney(rupees), at });
}
function pass(time: string, rupees = 800): void {
  world.clock.set(indiaTime('2026-11-20', time));
  trade(rupees);
}
const held = async () => (await world.store.positions({ openOnly: true })).map(({ strategyId, quantity }) => [strategyId, quantity]);
const told = async (kind: string) => (await world.store.events.after({ after: 0 })).filter((event) => event.kind === kind);

describe('square-off', () => {
  test('nothing before its time; then entries are cancelled and intraday positions closed, once', async () => {
    const broker = scriptedBroker({ place: filling });
    const account = accountOf(broker);
    pass('14:00');
    await world.router.place(account, origin('s1'), orderFor());
    await world.router.place(account, origin('s2'), orderFor(undefined, { product: 'CNC' }));
    await world.router.place(accountOf(scriptedBroker({ place: resting })), origin('s3', { strategyId: 'other' }), orderFor(undefined, { orderType: 'LIMIT', limitPrice: toMoney(790) }));
    pass('15:04');
    await safety.round(account);
    expect(broker.sent).toHaveLength(2);
    pass('15:05');
    for (let round = 0; round < 3; round += 1) await safety.round(account);
    expect(await held()).toEqual([['demo', 10]]);
    expect(broker.sent).toHaveLength(3);
    expect(broker.cancelled).toHaveLength(1);
    expect(await told('squareOff')).toHaveLength(1);
  });

  test('what slept through its time is closed as soon as it wakes, within the session; after it nothing is sent', async () => {
    const broker = scriptedBroker({ place: filling });
    const account = accountOf(broker);
    pass('14:00');
    await world.router.place(account, origin('s1'), orderFor());
    pass('15:16');
    await safety.round(account);
    expect(broker.sent).toHaveLength(1);
    pass('15:14');
    await safety.round(account);
    expect(await held()).toEqual([]);
  });

  test('new intraday entries are refused from then on, exits and delivery are not', async () => {
    const account = accountOf(scriptedBroker({ place: filling }));
    const router = createOrderRouter({ ...world.ports, calendar });
    pass('15:05');
    expect(await router.place(account, origin('s1'), orderFor())).toMatchObject({ kind: 'refused', denial: { code: 'SQUARE_OFF_TIME' } });
    expect(await router.place(account, origin('s2'), orderFor(undefined, { product: 'CNC' }))).toMatchObject({ kind: 'placed' });
  });

  test('an account that leaves it to the broker keeps its positions', async () => {
    const account = accountOf(scriptedBroker({ place: filling }), { safety: { squareOffMinutes: 0 } });
    pass('14:00');
    await world.router.place(account, origin('s1'), orderFor());
    pass('15:10');
    await safety.round(account);
    expect(await held()).toEqual([['demo', 10]]);
  });

  test('an exit that ended without closing is followed by the next; after five people are told once, and it is tried again from time to time', async () => {
    let entry = true;
    const broker = scriptedBroker({ place: (order) => (entry ? filling(order) : Promise.resolve({ kind: 'rejected', denial: { code: 'ORDER_REJECTED', message: 'circuit' } })) });
    const account = accountOf(broker);
    pass('14:00');
    await world.router.place(account, origin('s1'), orderFor());
    entry = false;
    pass('15:05');
    for (let round = 0; round < 8; round += 1) await safety.round(account);
    expect([broker.sent.length, (await told('protectionFailed')).length]).toEqual([6, 0]);
    for (let round = 0; round < 30; round += 1) {
      world.clock.advance(2_000);
      trade(800);
      await safety.round(account);
    }
    expect([broker.sent.length, (await told('protectionFailed')).length]).toEqual([9, 1]);
    entry = true;
    world.clock.advance(20_000);
    trade(800);
    await safety.round(account);
    expect(await held()).toEqual([]);
  });

  test('while an exit works none is added', async () => {
    const broker = scriptedBroker({ place: (order) => (broker.sent.length <= 1 ? filling(order) : resting(order)) });
    const account = accountOf(broker);
    pass('14:00');
    await world.router.place(account, origin('s1'), orderFor());
    pass('15:05');
    for (let round = 0; round < 4; round += 1) await safety.round(account);
    expect(broker.sent).toHaveLength(2);
  });

  test('two processes: the one without the lease sends nothing', async () => {
    const other = createSafety({ ports: world.ports, router: world.router, calendar, owners: { own: 'q', isAlive: () => true } });
    const broker = scriptedBroker({ place: filling });
    const account = accountOf(broker);
    pass('14:00');
    await world.router.place(account, origin('s1'), orderFor());
    pass('15:05');
    await Promise.all([safety.round(account), other.round(account)]);
    expect(broker.sent).toHaveLength(2);
    await other.close();
  });
});

describe('the daily-loss breaker', () => {
  const losing: Options = { limits: { maxDailyLossPercent: 0.1 } };

  test('an open loss at the limit latches: entries are refused until re-armed, positions stay', async () => {
    const account = accountOf(scriptedBroker({ place: filling }), losing);
    pass('11:00');
    await world.router.place(account, origin('s1'), orderFor());
    pass('11:01', 700.01);
    await safety.round(account);
    expect((await world.store.riskState('paper')).lossLatchedAt).toBeUndefined();
    pass('11:02', 700);
    await safety.round(account);
    expect(await world.store.riskState('paper')).toMatchObject({ lossLatchedAt: world.clock.now() });
    expect(await told('dailyLoss')).toHaveLength(1);
    pass('11:03', 900);
    expect(await world.router.place(account, origin('s2'), orderFor())).toMatchObject({ kind: 'refused', denial: { code: 'MAX_DAILY_LOSS', value: 'latched' } });
    expect(await held()).toEqual([['demo', 10]]);
  });

  test('entries that rest are cancelled, exits stay', async () => {
    const broker = scriptedBroker({ place: (order) => (order.orderType === 'MARKET' ? filling(order) : resting(order)) });
    const account = accountOf(broker, losing);
    pass('11:00');
    await world.router.place(account, origin('s1'), orderFor());
    await world.router.place(account, origin('target'), orderFor({ kind: 'exit', quantity: 4 }, { purpose: 'exit', orderType: 'LIMIT', limitPrice: toMoney(820) }));
    await world.router.place(account, origin('s2', { strategyId: 'other' }), orderFor(undefined, { orderType: 'LIMIT', limitPrice: toMoney(790) }));
    await safety.round(account);
    expect((await world.store.openOrders()).map(({ signalId }) => signalId)).toEqual(['target', 's2']);
    pass('11:02', 700);
    for (let round = 0; round < 2; round += 1) await safety.round(account);
    expect((await world.store.openOrders()).map(({ signalId }) => signalId)).toEqual(['target']);
    expect(await held()).toEqual([['demo', 10]]);
  });

  test('flatten: positions of flows are closed as well, those of a person are not', async () => {
    const account = accountOf(scriptedBroker({ place: filling }), { ...losing, safety: { onDailyLoss: 'flatten' } });
    pass('11:00');
    await world.router.place(account, origin('s1'), orderFor());
    await world.router.place(account, origin('s2', { strategyId: 'external' }), orderFor());
    pass('11:02', 700);
    for (let round = 0; round < 2; round += 1) await safety.round(account);
    expect(await held()).toEqual([['external', 10]]);
  });

  test('fault 60: a loss that only stale prices show latches nothing and closes nothing; entries are denied', async () => {
    const broker = scriptedBroker({ place: filling });
    const account = accountOf(broker, { limits: { maxDailyLossPercent: 0.1, maxQuoteAgeMs: 5_000 }, safety: { onDailyLoss: 'flatten' } });
    pass('11:00');
    await world.router.place(account, origin('s1'), orderFor());
    pass('11:02');
    trade(700, world.clock.now() - 5_001);
    await safety.round(account);
    expect([(await world.store.riskState('paper')).lossLatchedAt, broker.sent.length]).toEqual([undefined, 1]);
    expect(await world.router.place(account, origin('s2'), orderFor())).toMatchObject({ kind: 'refused', denial: { code: 'STALE_PRICE' } });
  });
});

describe('the kill switch', () => {
  const limit = (changes: Parameters<typeof orderFor>[1] = {}): ReturnType<typeof orderFor> => orderFor(undefined, { orderType: 'LIMIT', limitPrice: toMoney(790), ...changes });
  const kill = (): Promise<void> => world.store.setKillSwitch({ account: 'paper', on: true, happenedAt: world.clock.now() });
  const open = async (): Promise<readonly string[]> => (await world.store.openOrders()).map(({ signalId }) => signalId);

  test('entries that rest are cancelled, of every strategy, whoever has set it; exits, and what only closes, stay', async () => {
    const broker = scriptedBroker({ place: (order) => (order.orderType === 'MARKET' ? filling(order) : resting(order)) });
    const account = accountOf(broker);
    pass('11:00');
    await world.router.place(account, origin('held'), orderFor());
    await world.router.place(account, origin('target'), orderFor({ kind: 'exit', quantity: 4 }, { purpose: 'exit', orderType: 'LIMIT', limitPrice: toMoney(820) }));
    await world.router.place(account, origin('closes'), orderFor({ kind: 'fixed', action: 'SELL', quantity: 6 }, { orderType: 'LIMIT', limitPrice: toMoney(821) }));
    for (let index = 0; index < 7; index += 1) await world.router.place(account, origin(`s${index}`, { strategyId: index < 4 ? 'demo' : 'other' }), limit());
    await safety.round(account);
    expect(await open()).toHaveLength(9);
    await kill();
    await safety.round(account);
    expect(await open()).toEqual(['target', 'closes']);
    expect(broker.cancelled).toHaveLength(7);
    expect(await held()).toEqual([['demo', 10]]);
    expect(await told('unknown')).toEqual([]);
  });

  test('also after a restart; a switch that is cleared cancels nothing', async () => {
    const account = accountOf(scriptedBroker());
    pass('11:00');
    await world.router.place(account, origin('s1'), limit());
    await kill();
    const after = createSafety({ ports: world.ports, router: world.router, calendar, owners: { own: 'q', isAlive: () => false } });
    await after.round(account);
    expect(await open()).toEqual([]);
    await world.store.rearm({ account: 'paper', happenedAt: world.clock.now() });
    await world.router.place(account, origin('s2'), limit());
    await after.round(account);
    expect(await open()).toEqual(['s2']);
    await after.close();
  });

  test('one that the broker refuses to cancel is asked for again, less and less often, and told of once; the others are cancelled', async () => {
    const broker = scriptedBroker({ cancel: (id) => Promise.resolve(id === broker.sent[1] ? { ok: false, denial: { code: 'ORDER_REJECTED', message: 'Not now.' } } : { ok: true }), now: () => world.clock.now() });
    const account = accountOf(broker);
    pass('11:00');
    for (const signal of ['s1', 's2', 's3']) await world.router.place(account, origin(signal), limit());
    await kill();
    await safety.round(account);
    expect([await open(), await told('unknown')]).toEqual([['s2'], []]);
    for (let round = 0; round < 150; round += 1) {
      world.clock.advance(2_000);
      await safety.round(account);
    }
    const asked = broker.cancelled.filter((id) => id === broker.sent[1]).length;
    expect(asked).toBeGreaterThan(2);
    expect(asked).toBeLessThan(10);
    expect((await told('unknown')).map(({ message }) => message)).toEqual([expect.stringMatching(/^The kill switch is on: the entry .+ \(BUY 10 NSE:SBIN\) of demo could not be cancelled and may still fill\. Cancel it at your broker\. Not now\.$/)]);
  });
});

describe('a kill switch that asks for a flat account', () => {
  test('closes what flows hold, also after a restart, and what fills behind it', async () => {
    const broker = scriptedBroker({ place: filling });
    const account = accountOf(broker);
    pass('11:00');
    await world.router.place(account, origin('s1'), orderFor());
    await world.router.place(account, origin('s2', { strategyId: 'other' }), orderFor());
    await world.store.setKillSwitch({ account: 'paper', on: true, flatten: true, happenedAt: world.clock.now() });
    const after = createSafety({ ports: world.ports, router: world.router, calendar, owners: { own: 'p', isAlive: () => true } });
    await after.round(account);
    expect(await held()).toEqual([]);
    expect(broker.sent).toHaveLength(4);
    await after.round(account);
    expect(broker.sent).toHaveLength(4);
  });

  test('without asking it leaves positions alone', async () => {
    const account = accountOf(scriptedBroker({ place: filling }));
    pass('11:00');
    await world.router.place(account, origin('s1'), orderFor());
    await world.store.setKillSwitch({ account: 'paper', on: true, happenedAt: world.clock.now() });
    await safety.round(account);
    expect(await held()).toEqual([['demo', 10]]);
  });
});
