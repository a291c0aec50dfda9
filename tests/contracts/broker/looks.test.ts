import { z } from 'zod';
import { readLists as readGateway } from '../../../runtime/adapters/brokers/openalgo/lists';
import { readLists as readUpstox } from '../../../runtime/adapters/brokers/upstox/lists';
import { manualClock, type ManualClock } from '../../../runtime/adapters/system/manual';
import { FAILURES_TO_OPEN } from '../../../runtime/domain/brokerBreaker/breaker';
import { ok, type Outcome } from '../../../runtime/domain/denial';
import { toMoney } from '../../../runtime/domain/money';
import type { Broker } from '../../../runtime/domain/ports';
import { SECOND_MS } from '../../../runtime/domain/time';
import { createBreakerWatch } from '../../../runtime/services/rateLimit/breakerWatch';
import { limitedBroker } from '../../../runtime/services/rateLimit/limitedBroker';
import { silentLog } from '../../doubles/ingressWorld';
import type { Fault } from '../../doubles/openalgoServer';
import { limit, openAlgoBench } from './openalgoBench';
import { SHARE, TEN_IN_INDIA } from './paperBench';
import { upstoxBench } from './upstoxBench';

/** A contract server under an adapter that looks only when it is asked. SHARE stands at 100 to 100.05. */
interface LookBench {
  readonly clock: ManualClock;
  readonly broker: Broker;
  fail(what: 'place' | 'modify' | 'lists', fault: Fault, times?: number): void;
  /** The limits of the orders that rest, in rupees. */
  prices(): readonly number[];
  close(): Promise<void>;
}

const DEAD: Fault = { kind: 'answer', carriedOut: false, status: 503, text: '' };
/** Of one read. */
const TRIES = 3;
const LOST: Fault = { kind: 'reset', carriedOut: false };
const UNREAD = { code: 'NOT_READY', message: expect.stringContaining('503') as string };

/** An adapter with these options looks by itself only when it is closed. */
function patience() {
  const over = Promise.withResolvers<undefined>();
  const close = async (bench: { close(): Promise<void> }): Promise<void> => {
    const closing = bench.close();
    over.resolve(undefined);
    await closing;
  };
  return { options: { pause: async () => { await over.promise; } }, close };
}

async function openAlgo(): Promise<LookBench> {
  const bench = await openAlgoBench('live');
  const { options, close } = patience();
  const { broker } = bench.connect(options);
  bench.server.gateway.orders.quote(SHARE.key, 100, 100.05);
  const paths = { place: 'placeorder', modify: 'modifyorder', lists: 'orderbook' };
  return { clock: bench.clock, broker, fail: (what, fault, times) => { bench.server.fail(paths[what], fault, times); }, prices: () => bench.server.gateway.orders.orders.map(({ price }) => price), close: () => close(bench) };
}

async function upstox(): Promise<LookBench> {
  const bench = await upstoxBench();
  const { options, close } = patience();
  const { broker } = bench.connect(options);
  bench.server.back.orders.quote(SHARE.key, 100, 100.05);
  const paths = { place: '/hft/v3/order/place', modify: '/hft/v3/order/modify', lists: '/v2/order/retrieve-all' };
  return { clock: bench.clock, broker, fail: (what, fault, times) => { bench.server.fail(paths[what], fault, times); }, prices: () => bench.server.back.orders.orders.map(({ price }) => price), close: () => close(bench) };
}

/** Both adapters' reading of lists, each list ten milliseconds on its way. */
const READINGS: readonly [string, (clock: ManualClock) => Promise<unknown>][] = [
  ['OpenAlgo', (clock) => readGateway({ clock, log: silentLog, client: { command: never, withoutKey: (text) => text, read: slow(clock, (path) => ({ status: 'success', data: path === 'orderbook' ? { orders: [] } : [] })) } })],
  ['Upstox', (clock) => readUpstox({ clock, log: silentLog, client: { command: never, read: slow(clock, () => []) }, keys: { table: () => Promise.resolve(ok({ upstoxKey: () => undefined, instrument: () => undefined, size: 0 })) } })],
];

function never(): Promise<never> {
  return Promise.reject(new Error('Nothing is asked for.'));
}

function slow(clock: ManualClock, answer: (path: string) => unknown) {
  return <T>(path: string, ...rest: readonly unknown[]): Promise<Outcome<T>> => {
    clock.advance(10);
    const schema = rest.find((each): each is z.ZodType<T> => each instanceof z.ZodType);
    return Promise.resolve(ok((schema ?? z.custom<T>()).parse(answer(path))));
  };
}

test.each(READINGS)('lists count from when the orders came, not from when the trades did (%s)', async (_name, read) => {
  const clock = manualClock(TEN_IN_INDIA);
  expect(await read(clock)).toMatchObject({ ok: true, value: { askedAt: TEN_IN_INDIA, shownAt: TEN_IN_INDIA + 10 } });
  expect(clock.now()).toBe(TEN_IN_INDIA + 20);
});

describe.each([['OpenAlgo', openAlgo], ['Upstox', upstox]])('looks at the lists (%s)', (_name, open) => {
  let bench: LookBench;
  beforeEach(async () => { bench = await open(); });
  afterEach(() => bench.close());

  /** A limit order that rests, and was looked at. */
  async function resting(rupees: number): Promise<string> {
    const { id, ...terms } = limit(rupees);
    expect(await bench.broker.place({ id, ...terms })).toMatchObject({ kind: 'accepted' });
    bench.clock.advance(1);
    expect(await bench.broker.find(id)).toMatchObject({ terms: { limitPrice: toMoney(rupees) } });
    return id;
  }

  test('29 a list from before a change proves nothing of it, not even where the change takes an earlier one back', async () => {
    const id = await resting(90);
    bench.clock.advance(100);
    expect(await bench.broker.modify?.(id, { limitPrice: toMoney(91) })).toEqual({ ok: true });
    bench.clock.advance(100);
    bench.fail('modify', LOST);
    expect(await bench.broker.modify?.(id, { limitPrice: toMoney(90) })).toMatchObject({ ok: false, denial: { code: 'OUTCOME_UNKNOWN' } });
    expect(await bench.broker.find(id)).toMatchObject({ terms: { limitPrice: toMoney(91) } });
    expect(bench.prices()).toEqual([91]);
  });

  test('21 lists that can not be read are no lists without the order: it is said, beside what is known', async () => {
    const id = await resting(90);
    bench.fail('place', LOST);
    const lost = limit(89);
    await bench.broker.place(lost);
    bench.clock.advance(10 * SECOND_MS);
    bench.fail('lists', DEAD, 2 * TRIES);
    expect(await bench.broker.find(id)).toMatchObject({ updates: [{ status: 'OPEN' }], unread: UNREAD });
    expect(await bench.broker.find(lost.id)).toEqual({ unread: expect.objectContaining(UNREAD) as object });
    expect(await bench.broker.find(id)).not.toHaveProperty('unread');
    expect(await bench.broker.find(lost.id)).toBeUndefined();
  });

  test('21 a broker whose lists are dead while an order rests pauses entries, until they are read again', async () => {
    const id = await resting(90);
    const breaker = createBreakerWatch({ account: 'a', events: { record: () => Promise.resolve({ duplicate: false }) }, clock: bench.clock, log: silentLog });
    const limited = limitedBroker({ broker: bench.broker, breaker, clock: bench.clock, pause: () => new Promise(() => undefined), limiter: { turn: () => Promise.resolve(ok(undefined)), tooMany: () => Promise.resolve() }, purposeOf: () => Promise.resolve('entry') });
    bench.fail('lists', DEAD, TRIES * (FAILURES_TO_OPEN + 1));
    for (let look = 1; look <= FAILURES_TO_OPEN; look += 1) {
      expect(limited.entryPause?.()).toBeUndefined();
      bench.clock.advance(SECOND_MS);
      await (look % 2 === 0 ? limited.orders?.() : limited.find(id));
    }
    await limited.find(id);
    expect(limited.entryPause?.()).toMatchObject({ reason: expect.stringContaining('503') as string });
    bench.clock.advance(SECOND_MS);
    await limited.find(id);
    expect(limited.entryPause?.()).toBeUndefined();
  });
});
