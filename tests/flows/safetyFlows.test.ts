import { setImmediate as nextTurn } from 'node:timers/promises';
import { placeOrder } from '../../nodes';
import { itemOf } from '../../nodes/OrderEventTrigger/item';
import { instrumentKey } from '../../runtime/domain/market';
import type { ReplayedFlow } from '../../runtime/hosts/replay';
import { HOSTS, shippedFlow } from '../doubles/shippedFlow';
import { NOW, only, tradingWorld, WIDE, type TradingWorld } from '../doubles/tradingWorld';

let world: TradingWorld;
let flow: ReplayedFlow;
beforeEach(async () => { world = await tradingWorld(WIDE); });
afterEach(async () => {
  await flow.close();
  await world.close();
});
jest.setTimeout(30_000);

const told = async () => (await world.runtime.store.alerts()).map(({ severity, message }) => `${severity} ${message}`).reverse();
const orders = async () => (await world.runtime.store.orders()).map(({ action, quantity, status }) => `${action} ${quantity} ${status}`).reverse();

/** Everything that a price or an order has started is through: protection, then what listens to it. */
async function settle(): Promise<void> {
  for (let turns = 0; turns < 5; turns += 1) {
    await world.runtime.protection.look();
    await world.runtime.protection.idle();
    await flow.idle();
  }
}
async function course(...prices: readonly number[]): Promise<void> {
  for (const price of prices) {
    world.clock.advance(1_000);
    world.quote('SBIN', price);
    await settle();
  }
}

describe.each(HOSTS)('%s: Stop, target and trailing monitor', (host) => {
  const begin = async (): Promise<void> => {
    flow = await shippedFlow(world.runtime, host, 'Stop, target and trailing monitor', WIDE, 'live');
    await flow.inject('guard-order', {}, 's1');
    await settle();
  };

  test('the stop closes the position, once, and is told', async () => {
    await begin();
    await course(799, 791);
    expect(await orders()).toEqual(['BUY 10 FILLED', 'SELL 10 FILLED']);
    expect(await told()).toEqual(['info BUY 10 SBIN at 800.05: FILLED', expect.stringMatching(/^warning The stop .*closing 10/)]);
    await course(785);
    expect(await told()).toHaveLength(2);
  });

  test('the trailing stop moves with the price, is told, and closes with a profit', async () => {
    await begin();
    await course(806, 810, 805);
    expect(await orders()).toEqual(['BUY 10 FILLED', 'SELL 10 FILLED']);
    const alerts = await told();
    expect(alerts.slice(1, -1).every((alert) => alert.startsWith('info ') && alert.includes('stop'))).toBe(true);
    expect(alerts.length).toBeGreaterThan(2);
    expect(alerts.at(-1)).toMatch(/^warning .*closing 10/);
  });

  test('the target closes and is told', async () => {
    await begin();
    await course(817);
    expect(await orders()).toEqual(['BUY 10 FILLED', 'SELL 10 FILLED']);
    expect((await told()).at(-1)).toMatch(/target/i);
  });

  test('what other strategies protect is none of its business', async () => {
    await begin();
    await world.run(placeOrder, { stop: '1%' }, { symbol: 'TCS', action: 'BUY', quantity: 1 }, { strategyId: 'another' });
    world.quote('TCS', 2_900);
    await settle();
    expect(await told()).toHaveLength(1);
  });
});

describe.each(HOSTS)('%s: Daily-loss breaker', (host) => {
  test('the latch pulls the switch, cancels what is open, tells, and re-arms nothing', async () => {
    flow = await shippedFlow(world.runtime, host, 'Daily-loss breaker', WIDE, 'live');
    await world.run(placeOrder, {}, { symbol: 'SBIN', action: 'BUY', quantity: 10 }, { strategyId: 'another', signalId: 'a' });
    await world.run(placeOrder, { orderType: 'LIMIT', limitPrice: 790 }, { symbol: 'SBIN', action: 'BUY', quantity: 5 }, { strategyId: 'another', signalId: 'b' });
    await world.runtime.store.latchLoss({ account: 'paper', happenedAt: NOW, reason: 'The day\'s loss is 50.' });
    for (let turns = 0; turns < 5; turns += 1) await flow.idle();
    expect((await told()).sort()).toEqual([expect.stringMatching(/^critical Daily-loss breaker: .*Orders cancelled: 1\.$/), expect.stringMatching(/^critical The kill switch of account paper is on/)]);
    expect(await orders()).toEqual(['BUY 10 FILLED', 'BUY 5 CANCELLED']);
    expect(await world.runtime.store.riskState('paper')).toMatchObject({ killSwitch: true, lossLatchedAt: NOW });
    expect(only(await world.run(placeOrder, {}, { symbol: 'SBIN', action: 'BUY', quantity: 1 }, { signalId: 'c' }))).toMatchObject({ port: 'rejected', item: { denial: { code: 'KILL_SWITCH' } } });
    await world.runtime.store.rearm({ account: 'paper', happenedAt: NOW + 1 });
    for (let turns = 0; turns < 5; turns += 1) await flow.idle();
    expect((await told()).at(-1)).toMatch(/^info /);
  });

  test('in the morning it says what still stops entries, and nothing where nothing does', async () => {
    flow = await shippedFlow(world.runtime, host, 'Daily-loss breaker', WIDE);
    const fire = (key: string) => flow.fire('breaker-morning', { key, happenedAt: NOW, item: {} });
    await fire('monday');
    expect(await told()).toEqual([]);
    await world.runtime.store.latchLoss({ account: 'paper', happenedAt: NOW, reason: 'test' });
    await fire('tuesday');
    expect(await told()).toEqual([expect.stringMatching(/^warning paper at paper: .*Stopped: The daily loss limit was reached and not re-armed\.$/s)]);
    expect(await world.runtime.store.riskState('paper')).toMatchObject({ lossLatchedAt: NOW });
  });
});

describe.each(HOSTS)('%s: Morning readiness', (host) => {
  test('one list: ready, or what is in the way', async () => {
    flow = await shippedFlow(world.runtime, host, 'Morning readiness');
    const fire = (key: string) => flow.fire('ready-cron', { key, happenedAt: NOW, item: {} });
    await fire('monday');
    await world.runtime.store.setKillSwitch({ account: 'paper', on: true, reason: 'test', happenedAt: NOW });
    world.market.forget(instrumentKey('NSE', 'SBIN'));
    await fire('tuesday');
    expect(await told()).toEqual([
      expect.stringMatching(/^info paper at paper: no real money\nfunds 1000000\nloss 0 of 20000\n.*NSE:SBIN 800\nReady\.$/s),
      expect.stringMatching(/^warning .*Stopped: The kill switch is on\. No price is known for NSE:SBIN\.$/s),
    ]);
    expect(await orders()).toEqual([]);
  });
});

describe.each(HOSTS)('%s: Re-entry exit', (host) => {
  const enter = (signalId: string) => flow.inject('again-enter', { symbol: 'SBIN' }, signalId);
  const back = (key: string) => flow.fire('again-back', { key, happenedAt: world.clock.now(), item: { symbol: 'SBIN' } });
  const stopOut = async (): Promise<void> => {
    await course(800, 795);
    world.clock.advance(5 * 60_000);
    world.quote('SBIN', 800);
  };

  test('signals and returns count towards one group: two re-entries, then no more', async () => {
    flow = await shippedFlow(world.runtime, host, 'Re-entry exit', WIDE);
    await enter('s1');
    await stopOut();
    await back('r1');
    await settle();
    await stopOut();
    await enter('s2');
    await settle();
    await stopOut();
    await back('r2');
    expect(await orders()).toEqual(['BUY 10 FILLED', 'SELL 10 FILLED', 'BUY 10 FILLED', 'SELL 10 FILLED', 'BUY 10 FILLED', 'SELL 10 FILLED']);
    expect((await told()).at(-1)).toBe('warning Refused SBIN: This would be re-entry 3 of the day in NSE:SBIN, group 1; 2 are allowed.');
  });

  test('the price comes back after the stop: the runtime tells so once, and the flow enters again with it', async () => {
    flow = await shippedFlow(world.runtime, host, 'Re-entry exit', WIDE);
    const returned = () => world.runtime.store.events.after({ after: 0, kinds: ['reEntry'] });
    await enter('s1');
    await settle();
    await course(795);
    world.clock.advance(5 * 60_000);
    await course(796, 799.9);
    expect(await returned()).toEqual([]);
    await course(800.1, 799, 800.2);
    for (let turns = 0; turns < 100 && (await returned()).length === 0; turns += 1) await nextTurn();
    const [event, ...more] = await returned();
    if (event === undefined) throw new Error('The return was not told.');
    expect(more).toEqual([]);
    await flow.fire('again-back', { key: event.key, happenedAt: event.happenedAt, item: itemOf(event, undefined, undefined) });
    expect(await orders()).toEqual(['BUY 10 FILLED', 'SELL 10 FILLED', 'BUY 10 FILLED']);
  });

  test('within the cool-down a re-entry is refused', async () => {
    flow = await shippedFlow(world.runtime, host, 'Re-entry exit', WIDE);
    await enter('s1');
    await settle();
    await course(795);
    await back('r1');
    expect((await told()).at(-1)).toMatch(/^warning Refused SBIN: Group 1 in NSE:SBIN last traded 0\.\d minutes ago; 5 must pass/);
  });
});
