import { elapsedMs } from '../../../runtime/adapters/system/elapsed';
import { systemClock } from '../../../runtime/adapters/system/clock';
import { manualClock } from '../../../runtime/adapters/system/manual';
import { BEAT_MS, createHealth, type Health } from '../../../runtime/services/health';
import { createOrderRouter } from '../../../runtime/services/orderRouter/router';
import { silentLog } from '../../doubles/ingressWorld';
import { orderFor, origin, routerWorld, type RouterWorld } from '../../doubles/routerWorld';
import { scriptedBroker } from '../../doubles/scriptedBroker';
import { toMoney, ZERO_MONEY } from '../../../runtime/domain/money';

/** A router whose process is watched; time passes, and the clock is set, as the test says. Ten SBIN are held from before. */
async function watchedWorld() {
  const world = await routerWorld();
  const { clock, market } = world;
  let elapsed = 0;
  const health = createHealth({ clock, elapsed: () => elapsed, log: silentLog });
  const router = createOrderRouter({ ...world.ports, health });
  const broker = scriptedBroker({
    place: (order) => Promise.resolve({
      kind: 'accepted', brokerOrderId: `b-${order.id}`,
      updates: [{ kind: 'fill', fill: { orderId: order.id, tradeId: 't1', quantity: order.quantity, price: toMoney(800), charges: ZERO_MONEY, happenedAt: clock.now() } }],
    }),
  });
  const account = world.account(broker);
  let signals = 0;
  const place = (purpose: 'entry' | 'exit') => {
    signals += 1;
    const quoted = market.latest(orderFor().instrument.key);
    if (quoted !== undefined) market.set({ ...quoted, at: clock.now() });
    return router.place(account, origin(`s${signals}`), purpose === 'entry' ? orderFor() : orderFor({ kind: 'exit', quantity: 1 }, { purpose }));
  };
  const pass = (ms: number, clockMs = ms): void => {
    elapsed += ms;
    clock.advance(clockMs);
  };
  const beats = (ms: number): void => {
    for (let passed = 0; passed < ms; passed += BEAT_MS) {
      pass(BEAT_MS);
      health.look();
    }
  };
  expect(await place('entry')).toMatchObject({ kind: 'placed' });
  return { ...world, health, place, pass, beats, sent: broker.sent };
}

type Watched = RouterWorld & { readonly health: Health; readonly place: Awaited<ReturnType<typeof watchedWorld>>['place']; readonly pass: (ms: number, clockMs?: number) => void; readonly beats: (ms: number) => void; readonly sent: readonly string[] };

async function expectEntriesPaused(world: Watched): Promise<void> {
  const before = world.sent.length;
  expect(await world.place('entry')).toMatchObject({ kind: 'refused', denial: { code: 'RUNTIME_STALLED', rule: 'runtime well' } });
  expect(await world.place('exit')).toMatchObject({ kind: 'placed' });
  expect(world.sent).toHaveLength(before + 1);
  expect(world.health.state().colour).toBe('red');
}

describe('fault 57: the event loop stalls for 5 s', () => {
  let world: Watched;
  beforeEach(async () => { world = await watchedWorld(); });
  afterEach(() => world.store.close());

  test('health is red, entries wait, exits pass; when it has been well for a while entries go on by themselves', async () => {
    world.beats(10_000);
    world.pass(5_000 + BEAT_MS);
    await expectEntriesPaused(world);
    world.beats(29_500);
    await expectEntriesPaused(world);
    world.beats(BEAT_MS);
    expect(await world.place('entry')).toMatchObject({ kind: 'placed' });
    expect(world.health.state().colour).toBe('green');
  });

  test('an event loop that really stands still is noticed, before the next order is judged', () => {
    const health = createHealth({ clock: systemClock, elapsed: () => elapsedMs() * 100, log: silentLog });
    // A hundred times the real time: the wait below counts as more than 5 s, in no more than a tenth of one.
    const until = elapsedMs() + 60;
    while (elapsedMs() < until) Math.sqrt(until);
    expect(health.entryPause()?.reason).toMatch(/^The process stood still for/);
  });
});

describe('fault 44: the clock steps back or jumps', () => {
  let world: Watched;
  beforeEach(async () => { world = await watchedWorld(); });
  afterEach(() => world.store.close());

  test.each([['back by an hour', -3_600_000], ['ahead by a minute', 60_000]])('%s: an alarm, entries wait, exits pass; the wait is one of time that really passes', async (_name, step) => {
    world.beats(10_000);
    world.pass(BEAT_MS, BEAT_MS + step);
    await expectEntriesPaused(world);
    expect(world.health.state()).toMatchObject({ reason: expect.stringContaining('clock moved') as string });
    world.beats(30_000);
    expect(await world.place('entry')).toMatchObject({ kind: 'placed' });
  });

  test('clocks that differ from the time that passes by milliseconds are daily business', () => {
    const clock = manualClock(0);
    let elapsed = 0;
    const health = createHealth({ clock, elapsed: () => elapsed, log: silentLog });
    for (let beat = 0; beat < 1_000; beat += 1) {
      elapsed += BEAT_MS;
      clock.advance(BEAT_MS + (beat % 2 === 0 ? 40 : -40));
      health.look();
    }
    expect(health.state()).toEqual({ colour: 'green' });
  });
});
