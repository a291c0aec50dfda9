import { openAlgoSource } from '../../../runtime/adapters/ticks/openalgo/openAlgoSource';
import { countingIds } from '../../../runtime/adapters/system/manual';
import { placeOrder } from '../../../nodes/PlaceOrder/definition';
import { AccountConfig } from '../../../runtime/domain/account';
import type { FeedGap, Tick, TickSource } from '../../../runtime/domain/feed';
import { instrumentKey } from '../../../runtime/domain/market';
import { toMoney } from '../../../runtime/domain/money';
import { readParameters } from '../../../runtime/hosts/parameters';
import { runNode } from '../../../runtime/hosts/run';
import { openRuntime } from '../../../runtime/open';
import { createFeedHub, marketDataOf } from '../../../runtime/services/feed';
import { NOW, silentLog } from '../../doubles/ingressWorld';
import { openAlgoFeed, type OpenAlgoFeed } from '../../doubles/openalgoFeed';
import { recordingNotifier } from '../../doubles/recordingNotifier';
import { scriptedSource, tickOf } from '../../doubles/scriptedSource';
import { only, ORIGIN, WIDE } from '../../doubles/tradingWorld';
import { manualTime, type ManualTime } from '../../doubles/manualTime';

const SBIN = instrumentKey('NSE', 'SBIN');
const TCS = instrumentKey('NSE', 'TCS');
/** Shorter than the first back-off, so that a test stops within it. */
const STEP_MS = 100;
const STEPS_LIMIT = 300;

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A hub over `source`; hours of its watchdog pass when the test says so. */
function hubOver(source: (time: ManualTime) => TickSource) {
  const time = manualTime(NOW);
  const hub = createFeedHub({ source: source(time), clock: time.clock, pause: time.pause, log: silentLog, random: () => 0.5, isExpected: () => true });
  const gaps: FeedGap[] = [];
  hub.onGap((gap) => gaps.push(gap));
  closing.push(() => hub.close());
  return { time, hub, gaps };
}

describe('over a real socket', () => {
  let server: OpenAlgoFeed;
  beforeEach(async () => {
    server = await openAlgoFeed();
    closing.push(() => server.close());
  });

  const isAuthentication = (message: Record<string, unknown>): boolean => message['action'] === 'authenticate';
  const isSubscription = (message: Record<string, unknown>): boolean => message['action'] === 'subscribe';
  async function watched() {
    const world = hubOver(({ clock }) => openAlgoSource({ url: server.url, apiKey: server.apiKey, clock, log: silentLog }));
    const ticks: Tick[] = [];
    let arrived = (): void => undefined;
    world.hub.tap(SBIN, (tick) => {
      ticks.push(tick);
      arrived();
    });
    await server.until(isSubscription);
    const next = (data: Readonly<Record<string, unknown>>): Promise<void> => new Promise((resolve) => {
      arrived = resolve;
      server.tick(SBIN, data);
    });
    const state = (wanted: string): Promise<void> => new Promise((resolve) => {
      const leave = world.hub.onStatus((status) => {
        if (status.state !== wanted) return;
        leave();
        resolve();
      });
    });
    /** Lets time pass until the hub waits to dial again, and not longer: the sockets take their own time. */
    async function untilWaiting(afterMs: number): Promise<void> {
      await world.time.pass(afterMs);
      for (let step = 0; step < STEPS_LIMIT && world.hub.status().state !== 'waiting'; step += 1) await world.time.pass(STEP_MS);
      expect(world.hub.status().state).toBe('waiting');
    }
    return { ...world, ticks, next, state, untilWaiting };
  }

  test('39: a half-open socket is asked, dropped and replaced, and its subscriptions come back with a gap', async () => {
    const { time, hub, gaps, next, state, ticks, untilWaiting } = await watched();
    await next({ ltp: 800, ltt: time.clock.now() });
    server.behaviour.halfOpen = true;
    await untilWaiting(20_000);
    expect(server.received.some(({ action }) => action === 'ping')).toBe(true);
    server.behaviour.halfOpen = false;
    const live = state('live');
    await time.pass(500);
    await live;
    await next({ ltp: 801, ltt: time.clock.now() });
    expect(ticks.map(({ last }) => last)).toEqual([toMoney(800), toMoney(801)]);
    expect(gaps).toEqual([{ instrument: SBIN, from: expect.any(Number) as number, until: time.clock.now() }]);
    expect(gaps[0]?.from).toBeLessThanOrEqual(NOW);
    expect(hub.status().reconnects).toBe(1);
  });

  test('39: a socket that answers pings and brings no tick is replaced all the same', async () => {
    const { time, state, next, ticks, untilWaiting } = await watched();
    await next({ ltp: 800, ltt: time.clock.now() });
    for (let second = 0; second < 28; second += 1) {
      await time.pass(1_000);
      server.ping();
    }
    await untilWaiting(0);
    const live = state('live');
    await time.pass(500);
    await live;
    await next({ ltp: 801, ltt: time.clock.now() });
    expect(ticks).toHaveLength(2);
  });

  test('a reset in the middle of a frame costs one reconnect and no tick twice', async () => {
    const { time, state, next, ticks, hub } = await watched();
    await next({ ltp: 800, ltt: time.clock.now() });
    const waiting = state('waiting');
    server.resetMidFrame();
    await waiting;
    const live = state('live');
    await time.pass(500);
    await live;
    await next({ ltp: 801, ltt: time.clock.now() });
    expect([ticks.length, hub.status().reconnects]).toEqual([2, 1]);
  });

  test('a wrong key is refused once and waits for a person', async () => {
    const { time, hub } = hubOver(({ clock }) => openAlgoSource({ url: server.url, apiKey: 'bad', clock, log: silentLog }));
    const refused = new Promise<void>((resolve) => hub.onStatus(({ state }) => { if (state === 'refused') resolve(); }));
    hub.tap(SBIN, () => undefined);
    await refused;
    await time.pass(3_600_000);
    expect(server.received.filter(isAuthentication)).toHaveLength(1);
    expect(hub.status()).toMatchObject({ state: 'refused', reason: 'OpenAlgo refuses the API key: Invalid API key' });
  });

  test('41: price 0, a hundredfold price and a crossed book are put aside; the newest price stays the last good one', async () => {
    const { time, hub, next, ticks } = await watched();
    for (const ltp of [800, 801, 802]) await next({ ltp, ltt: time.clock.now() });
    for (const data of [{ ltp: 0 }, { ltp: 80_200 }, { ltp: 8.02 }, { ltp: 803, bid: 804, ask: 803 }, { ltp: 803, ltt: time.clock.now() + 60_000 }]) server.tick(SBIN, { ltt: time.clock.now(), ...data });
    await next({ ltp: 803, ltt: time.clock.now() });
    expect(ticks.map(({ last }) => last)).toEqual([800, 801, 802, 803].map(toMoney));
    expect(hub.status()).toMatchObject({ quarantined: 5, lastQuarantine: `${SBIN}: 60 s ahead of this machine's clock` });
    expect(hub.latest(SBIN)?.last).toBe(toMoney(803));
  });

  test('40, 43: what is doubled, late or begins to count again reaches the listeners as it came, for the candles to sort out', async () => {
    const { time, hub, next, ticks } = await watched();
    const now = time.clock.now();
    for (const [ltp, ltt, volume] of [[800, now, 500], [800, now, 500], [799, now - 3_000, 480], [801, now + 1, 20]] as const) await next({ ltp, ltt, volume });
    expect(ticks.map(({ last, at, dayVolume }) => [last / 10_000, at - now, dayVolume])).toEqual([[800, 0, 500], [800, 0, 500], [799, -3_000, 480], [801, 1, 20]]);
    expect(hub.latest(SBIN)?.last).toBe(toMoney(801));
  });
});

test('42: a reconnect is a gap of every instrument, from the last sign of life to the moment ticks can come again', async () => {
  const source = scriptedSource();
  const { time, hub, gaps } = hubOver(() => source);
  hub.tap(SBIN, () => undefined);
  hub.tap(TCS, () => undefined);
  await time.pass(10_000);
  void source.tick(tickOf('SBIN', 800, time.clock.now()));
  const heardAt = time.clock.now();
  source.script.push('fail', 'fail');
  await time.pass(900);
  source.lose();
  await time.pass(10_000);
  const until = heardAt + 900 + 500 + 1_000 + 2_000;
  expect(gaps).toEqual([SBIN, TCS].map((instrument) => ({ instrument, from: heardAt - 2_000, until })));
});

describe('39: a stale price cannot pass the risk gate', () => {
  async function trading() {
    const source = scriptedSource();
    const { time, hub } = hubOver(() => source);
    const market = marketDataOf(hub, { clock: time.clock, pause: time.pause });
    const runtime = await openRuntime({ home: ':memory:', clock: time.clock, ids: countingIds('b'), market, notifier: recordingNotifier(), log: silentLog, pause: () => Promise.resolve() });
    closing.push(() => runtime.close());
    await runtime.declareAccount(AccountConfig.parse({ marketHours: 'always', limits: WIDE }));
    const order = async (signalId: string) => {
      const params = readParameters(placeOrder.params, {}, { numbersAsText: false });
      if (!params.ok) throw new Error(params.denial.message);
      const { port, item } = only(await runNode(placeOrder, params.value, { symbol: 'SBIN', action: 'BUY', quantity: 10 }, runtime.context({ ...ORIGIN, signalId })));
      return { port, status: item.order?.status, code: item.denial?.code };
    };
    hub.tap(SBIN, () => undefined);
    await time.pass(0);
    return { source, time, hub, order };
  }

  test('while ticks come, orders fill at the feed\'s price; when the feed goes mute, entries are refused until it is back', async () => {
    const { source, time, order, hub } = await trading();
    void source.tick(tickOf('SBIN', 800, time.clock.now()));
    expect(await order('fresh')).toEqual({ port: 'placed', status: 'FILLED', code: undefined });
    for (let second = 0; second < 6; second += 1) {
      await time.pass(1_000);
      source.beat();
    }
    expect(await order('mute')).toMatchObject({ port: 'rejected', code: 'STALE_PRICE' });
    await time.pass(40_000);
    expect(hub.status().reconnects).toBeGreaterThan(0);
    expect(await order('reconnected, but nothing said')).toMatchObject({ port: 'rejected', code: 'STALE_PRICE' });
    void source.tick(tickOf('SBIN', 801, time.clock.now()));
    expect(await order('back')).toEqual({ port: 'placed', status: 'FILLED', code: undefined });
  });

  test('a feed that only says nonsense makes no price fresh', async () => {
    const { source, time, order } = await trading();
    for (let tick = 0; tick < 4; tick += 1) void source.tick(tickOf('SBIN', 800, time.clock.now()));
    for (let second = 0; second < 6; second += 1) {
      await time.pass(1_000);
      void source.tick(tickOf('SBIN', 80_000, time.clock.now()));
    }
    expect(await order('nonsense')).toMatchObject({ port: 'rejected', code: 'STALE_PRICE' });
  });

  test('an old trade that is said again after a reconnect is still old', async () => {
    const { source, time, order } = await trading();
    void source.tick(tickOf('SBIN', 800, time.clock.now() - 600_000));
    expect(await order('old')).toMatchObject({ port: 'rejected', code: 'STALE_PRICE' });
  });
});
