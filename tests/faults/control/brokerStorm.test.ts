import { AccountConfig } from '../../../runtime/domain/account';
import { FAILURES_TO_OPEN, FIRST_COOLDOWN_MS } from '../../../runtime/domain/brokerBreaker/breaker';
import { instrumentKey, type Instrument } from '../../../runtime/domain/market';
import { toMoney, ZERO_MONEY } from '../../../runtime/domain/money';
import type { PlaceResult } from '../../../runtime/domain/nodeContext';
import type { Broker, BrokerOrder, PlaceOutcome } from '../../../runtime/domain/ports';
import { drained } from '../../../runtime/domain/rateLimit/draw';
import { SECOND_MS } from '../../../runtime/domain/time';
import { IN_FLIGHT_MS } from '../../../runtime/services/orderRouter/resume';
import { createBreakerWatch } from '../../../runtime/services/rateLimit/breakerWatch';
import { RATE_FIGURES } from '../../../runtime/services/rateLimit/figures';
import { LONGEST_COMMAND_MS, LONGEST_TRIAL_MS, limitedBroker } from '../../../runtime/services/rateLimit/limitedBroker';
import { createRateLimiter } from '../../../runtime/services/rateLimit/limiter';
import { silentLog } from '../../doubles/ingressWorld';
import { orderFor, origin, routerWorld, SBIN } from '../../doubles/routerWorld';
import { scriptedBroker } from '../../doubles/scriptedBroker';

const FUNDS = { available: toMoney(1e6), used: ZERO_MONEY };
const STORM: PlaceOutcome = { kind: 'unknown', reason: 'HTTP 503' };

/** The router over a broker behind its limits; the broker fails while `storm` is on. Ten SBIN are held from before. */
async function stormyWorld() {
  const world = await routerWorld();
  const { ports, store, clock, market } = world;
  const weather = { storm: false, tooMany: undefined as number | undefined, answersFundsAfterMs: 0, holdsFunds: undefined as Promise<void> | undefined };
  const late = Promise.withResolvers<undefined>();
  const sent: BrokerOrder[] = [];
  let funds = 0;
  const inner = scriptedBroker({
    place(order) {
      sent.push(order);
      if (weather.tooMany !== undefined) return Promise.resolve({ kind: 'rejected', denial: { code: 'TOO_MANY_REQUESTS', message: '429', retryAfterMs: weather.tooMany } });
      if (weather.storm) return Promise.resolve(STORM);
      const fill = { orderId: order.id, tradeId: 't1', quantity: order.quantity, price: toMoney(800), charges: ZERO_MONEY, happenedAt: clock.now() };
      return Promise.resolve({ kind: 'accepted', brokerOrderId: `b-${order.id}`, updates: [{ kind: 'fill', fill }] });
    },
  });
  const broker: Broker = limitedBroker({
    broker: { ...inner, async funds() {
      funds += 1;
      await weather.holdsFunds;
      clock.advance(weather.answersFundsAfterMs);
      if (weather.storm) throw new Error('HTTP 503');
      return FUNDS;
    } },
    limiter: createRateLimiter({ budgets: store.budgets, client: 'openalgo:x', windows: RATE_FIGURES.openalgo, clock, pause: ports.pause, log: silentLog }),
    breaker: createBreakerWatch({ account: 'paper', events: store.events, clock, log: silentLog }), clock, pause: () => late.promise,
    purposeOf: async (orderId) => (await store.order(orderId))?.purpose,
  });
  const account = world.account(broker);
  expect(AccountConfig.parse(account.config)).toEqual(account.config);
  let signals = 0;
  const enter = (): Promise<PlaceResult> => {
    signals += 1;
    const key = instrumentKey('NSE', `S${signals}`);
    const instrument: Instrument = { ...SBIN, key, symbol: `S${signals}`, base: `S${signals}` };
    for (const traded of [key, SBIN.key]) market.set({ instrument: traded, bid: toMoney(799.95), ask: toMoney(800.05), last: toMoney(800), at: clock.now() });
    return world.router.place(account, origin(`enter${signals}`), orderFor({ kind: 'fixed', action: 'BUY', quantity: 10 }, { instrument }));
  };
  const exit = (): Promise<PlaceResult> => world.router.place(account, origin('leave'), orderFor({ kind: 'exit' }, { purpose: 'exit' }));
  await world.router.place(account, origin('held'), orderFor());
  sent.length = 0;
  const events = async (): Promise<readonly string[]> => {
    await broker.close();
    return (await store.events.after({ after: 0, kinds: ['breakerOpened', 'breakerClosed'] })).map(({ kind }) => kind);
  };
  return { ...world, weather, sent, enter, exit, events, asked: () => funds, waitedLong: () => { late.resolve(undefined); } };
}

type World = Awaited<ReturnType<typeof stormyWorld>>;

async function storm(world: World): Promise<void> {
  world.weather.storm = true;
  for (let call = 0; call < FAILURES_TO_OPEN; call += 1) expect(await world.enter()).toMatchObject({ kind: 'placed', order: { status: 'UNKNOWN' } });
}

describe('fault 21: a storm of 5xx opens the breaker', () => {
  let world: World;
  beforeEach(async () => { world = await stormyWorld(); });
  afterEach(() => world.store.close());

  test('entries are refused before anything is journalled to be sent; an exit is sent all the same', async () => {
    await storm(world);
    expect(await world.enter()).toMatchObject({ kind: 'refused', denial: { code: 'BROKER_PAUSED', rule: 'broker well' } });
    expect(world.sent).toHaveLength(FAILURES_TO_OPEN);
    expect(await world.exit()).toMatchObject({ kind: 'placed', order: { status: 'UNKNOWN', action: 'SELL' } });
    expect(world.sent).toHaveLength(FAILURES_TO_OPEN + 1);
    expect(await world.events()).toEqual(['breakerOpened']);
  });

  test('four failures open nothing, and an answer begins the count anew', async () => {
    world.weather.storm = true;
    for (let call = 1; call < FAILURES_TO_OPEN; call += 1) await world.enter();
    world.weather.storm = false;
    expect(await world.enter()).toMatchObject({ kind: 'placed', order: { status: 'FILLED' } });
    world.weather.storm = true;
    for (let call = 1; call < FAILURES_TO_OPEN; call += 1) expect(await world.enter()).toMatchObject({ kind: 'placed' });
    expect(await world.events()).toEqual([]);
  });

  test('an exit that goes through has tried the broker: entries go on at once', async () => {
    await storm(world);
    world.weather.storm = false;
    expect(await world.exit()).toMatchObject({ kind: 'placed', order: { status: 'FILLED' } });
    expect(await world.enter()).toMatchObject({ kind: 'placed', order: { status: 'FILLED' } });
    expect(await world.events()).toEqual(['breakerOpened', 'breakerClosed']);
  });

  test('when the wait is over a question goes first: while it gets no answer no entry is sent', async () => {
    await storm(world);
    world.clock.advance(FIRST_COOLDOWN_MS);
    expect(await world.enter()).toMatchObject({ kind: 'refused', denial: { code: 'BROKER_PAUSED' }, order: { status: 'REJECTED' } });
    expect(world.asked()).toBe(1);
    expect(world.sent).toHaveLength(FAILURES_TO_OPEN);
    // The wait is twice as long now.
    world.clock.advance(2 * FIRST_COOLDOWN_MS - 1);
    expect(await world.enter()).toMatchObject({ kind: 'refused', denial: { code: 'BROKER_PAUSED' } });
    expect(world.asked()).toBe(1);
  });

  test('when it is answered one entry tries, and another that comes meanwhile does not', async () => {
    await storm(world);
    world.weather.storm = false;
    world.clock.advance(FIRST_COOLDOWN_MS);
    const [first, second] = await Promise.all([world.enter(), world.enter()]);
    expect([first, second].map(({ kind }) => kind).sort()).toEqual(['placed', 'refused']);
    expect(await world.enter()).toMatchObject({ kind: 'placed', order: { status: 'FILLED' } });
    expect(await world.events()).toEqual(['breakerOpened', 'breakerClosed']);
  });
});

describe('fault 21: the question before the first entry is answered late', () => {
  let world: World;
  beforeEach(async () => {
    world = await stormyWorld();
    await storm(world);
    world.weather.storm = false;
    world.clock.advance(FIRST_COOLDOWN_MS);
  });
  afterEach(() => world.store.close());

  test('an entry is sent while its answer can come before others look for it, and not afterwards', async () => {
    world.weather.answersFundsAfterMs = LONGEST_TRIAL_MS;
    expect(await world.enter()).toMatchObject({ kind: 'refused', denial: { code: 'BROKER_PAUSED' }, order: { status: 'REJECTED' } });
    expect(world.sent).toHaveLength(FAILURES_TO_OPEN);
    // A late answer is a trial that has failed: the wait is twice as long.
    expect(await world.enter()).toMatchObject({ kind: 'refused', denial: { code: 'BROKER_PAUSED' } });
    expect(world.asked()).toBe(1);
    world.clock.advance(2 * FIRST_COOLDOWN_MS);
    world.weather.answersFundsAfterMs = LONGEST_TRIAL_MS - 1;
    const journalled = world.clock.now();
    expect(await world.enter()).toMatchObject({ kind: 'placed', order: { status: 'FILLED' } });
    expect(world.clock.now() - journalled).toBeLessThanOrEqual(IN_FLIGHT_MS - LONGEST_COMMAND_MS);
  });

  test('an entry does not wait for it any longer, and no second question is asked before it has ended', async () => {
    const held = Promise.withResolvers<undefined>();
    world.weather.holdsFunds = held.promise;
    const entering = world.enter();
    while (world.asked() === 0) await new Promise((resolve) => setImmediate(resolve));
    world.waitedLong();
    expect(await entering).toMatchObject({ kind: 'refused', denial: { code: 'BROKER_PAUSED' }, order: { status: 'REJECTED' } });
    world.clock.advance(2 * FIRST_COOLDOWN_MS);
    expect(await world.enter()).toMatchObject({ kind: 'refused', denial: { code: 'BROKER_PAUSED', message: expect.stringContaining('Another order tries') as string } });
    expect(world.asked()).toBe(1);
    held.resolve(undefined);
    expect(world.sent).toHaveLength(FAILURES_TO_OPEN);
  });

  test('a place in the broker\'s budget is waited for within the same time', async () => {
    world.weather.answersFundsAfterMs = LONGEST_TRIAL_MS - SECOND_MS;
    await world.store.budgets.change('openalgo:x:orders', (state, now) => ({ state: drained(state, 2 * SECOND_MS + LONGEST_TRIAL_MS, now), result: undefined }));
    expect(await world.enter()).toMatchObject({ kind: 'refused', denial: { code: 'RATE_LIMITED' } });
    expect(world.sent).toHaveLength(FAILURES_TO_OPEN);
  });
});

describe('fault 22: a 429 to one order holds up what would follow', () => {
  let world: World;
  beforeEach(async () => { world = await stormyWorld(); });
  afterEach(() => world.store.close());

  test('the order is refused for good and not sent again; later entries are not sent, the exit is, when the broker may be asked again', async () => {
    world.weather.tooMany = 60_000;
    expect(await world.enter()).toMatchObject({ kind: 'refused', denial: { code: 'TOO_MANY_REQUESTS' } });
    world.weather.tooMany = undefined;
    expect(await world.enter()).toMatchObject({ kind: 'refused', denial: { code: 'RATE_LIMITED', retryAfterMs: 60_000 } });
    expect(world.sent).toHaveLength(1);
    const asked = world.clock.now();
    expect(await world.exit()).toMatchObject({ kind: 'placed', order: { status: 'FILLED' } });
    expect(world.clock.now() - asked).toBe(2_000);
    expect(world.sent).toHaveLength(2);
    // A refusal in the broker's own words is an answer: it opens no breaker.
    expect(await world.events()).toEqual([]);
  });

  test('every order counts: more than the lane allows are refused RATE_LIMITED or wait, none is sent too early', async () => {
    const times: number[] = [];
    for (let call = 0; call < 14; call += 1) {
      expect(await world.enter()).toMatchObject({ kind: 'placed' });
      times.push(world.clock.now());
    }
    for (const at of times) expect(times.filter((other) => other > at - 1_000 && other <= at).length).toBeLessThanOrEqual(6);
    expect(times.at(-1)).toBeGreaterThan(times[0] ?? Infinity);
  });
});
