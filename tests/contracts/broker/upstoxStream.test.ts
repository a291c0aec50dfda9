import { upstoxClient } from '../../../runtime/adapters/brokers/upstox/client';
import type { OrderStream } from '../../../runtime/adapters/brokers/following/reopenedStream';
import { upstoxOrderStream } from '../../../runtime/adapters/brokers/upstox/orderStream';
import type { Broker, BrokerUpdate, Log, Pause } from '../../../runtime/domain/ports';
import { UPSTOX_TOKEN } from '../../doubles/upstoxServer';
import { filledIn, limit } from './openalgoBench';
import { SHARE } from './paperBench';
import { upstoxBench, type UpstoxBench } from './upstoxBench';

let bench: UpstoxBench;
let broker: Broker;
let said: string[];
let waits: number[];
/** The streams the test has to close: brokers close their own. */
let streams: OrderStream[];

beforeEach(async () => {
  bench = await upstoxBench();
  said = [];
  waits = [];
  streams = [];
});
afterEach(async () => {
  for (const stream of streams) await stream.close();
  await bench.close();
});

const note = (fields: object, message: string): void => void said.push(`${message} ${JSON.stringify(fields)}`);
const log: Log = { debug: note, info: note, warn: note, error: note };
/** Waits are written down; only the first `passing` of them end. */
const pauses = (passing: number): Pause => (ms) => {
  waits.push(ms);
  return waits.length <= passing ? Promise.resolve() : new Promise(() => undefined);
};

function stream(onNews: () => void, passing = 0): OrderStream {
  const client = upstoxClient({ addresses: bench.server.addresses, accessToken: UPSTOX_TOKEN, attempts: 1 });
  const opened = upstoxOrderStream({ client, onNews, log, pause: pauses(passing), random: () => 0 });
  streams.push(opened);
  return opened;
}

/** A broker with a stream of the contract server. */
function withStream(): void {
  ({ broker } = bench.connect({ stream: (onNews) => stream(onNews) }));
}

const listening = (): Promise<void> => bench.server.sockets.until(() => bench.server.sockets.clients('orders') > 0);

test('news of an order is a look at the lists, and news that comes twice or out of order tells nothing twice', async () => {
  withStream();
  bench.quote(SHARE, 100, 100.05);
  const told: BrokerUpdate[] = [];
  broker.onUpdate((update) => told.push(update));
  await listening();
  const wanted = limit(99);
  await broker.place(wanted);
  await broker.find(wanted.id);
  const filled = new Promise((resolve) => broker.onUpdate((update) => { if (update.kind === 'fill') resolve(update.fill.quantity); }));
  bench.server.back.orders.fill(bench.server.back.orders.orders[0]?.orderid ?? '', 10, 99);
  const update = { update_type: 'order', order_id: bench.server.back.orders.orders[0]?.orderid, tag: wanted.id, status: 'complete', filled_quantity: 10 };
  for (const frame of [update, { ...update, status: 'open', filled_quantity: 0 }, update, { ...update, status: 'put order req received' }]) bench.server.sockets.order(frame);
  expect(await filled).toBe(10);
  await broker.find(wanted.id);
  expect(filledIn(told)).toBe(10);
  expect(told.map((entry) => (entry.kind === 'status' ? entry.status : 'fill'))).toEqual(['OPEN', 'fill']);
});

/** Counts signs of news; `until` resolves at the n-th. */
function counter(): { readonly onNews: () => void; readonly count: () => number; readonly until: (count: number) => Promise<void> } {
  let count = 0;
  let wake: () => void = () => undefined;
  return {
    count: () => count,
    onNews() {
      count += 1;
      wake();
    },
    async until(wanted) {
      while (count < wanted) await new Promise<void>((resolve) => { wake = resolve; });
    },
  };
}

test('a position is no news of an order; what can not be read may be', async () => {
  const news = counter();
  stream(news.onNews);
  await news.until(1);
  bench.server.sockets.order({ update_type: 'position' });
  bench.server.sockets.order('not json');
  bench.server.sockets.order({ update_type: 'order' });
  await news.until(3);
  await streams[0]?.close();
  expect(news.count()).toBe(3);
  expect(bench.server.asked('/v2/feed/portfolio-stream-feed/authorize').map(({ query }) => query)).toEqual([{ update_types: 'order' }]);
});

test('each connection asks for leave anew and looks at what was missed', async () => {
  const news = counter();
  stream(news.onNews, 1);
  await news.until(1);
  bench.server.sockets.drop();
  await news.until(2);
  expect(bench.server.asked('/v2/feed/portfolio-stream-feed/authorize')).toHaveLength(2);
  expect(bench.server.sockets.refused()).toBe(0);
  expect(waits).toEqual([1_000]);
});

test('a server that is ill is asked with growing waits, and one whose token is over seldom', async () => {
  bench.server.fail('/v2/feed/portfolio-stream-feed/authorize', { kind: 'answer', carriedOut: false, status: 503, text: '' }, 3);
  const opened = stream(() => undefined, 3);
  await listening();
  expect(waits).toEqual([1_000, 2_000, 4_000]);
  bench.server.sessionOver = true;
  bench.server.sockets.drop();
  const asked = waits.length;
  await bench.server.sockets.until(() => bench.server.sockets.clients('orders') === 0);
  while (waits.length === asked) await new Promise((resolve) => setImmediate(resolve));
  await opened.close();
  expect(waits.slice(3)).toEqual([1_000]);
  waits = [];
  const late = stream(() => undefined);
  while (waits.length === 0) await new Promise((resolve) => setImmediate(resolve));
  await late.close();
  expect(waits).toEqual([60_000]);
});

test('neither the token nor the code of an address is logged', async () => {
  const opened = stream(() => undefined);
  await listening();
  bench.server.sockets.drop();
  while (said.length === 0) await new Promise((resolve) => setImmediate(resolve));
  await opened.close();
  expect(said.join('\n')).not.toContain(UPSTOX_TOKEN);
  expect(said.join('\n')).not.toMatch(/code\d+secret/);
});
