import { openAlgoFeed, type OpenAlgoFeed } from '../../../../tests/doubles/openalgoFeed';
import { silentLog } from '../../../../tests/doubles/ingressWorld';
import type { OrderStream } from '../following/reopenedStream';
import { openAlgoOrderStream, type OrderStreamOptions } from './orderStream';

let server: OpenAlgoFeed;
let stream: OrderStream;
let waits: number[];
let news: number;
let heard: () => void;
beforeEach(async () => {
  server = await openAlgoFeed();
  waits = [];
  news = 0;
  heard = () => undefined;
});
afterEach(async () => {
  await stream.close();
  await server.close();
});

const open = (more: Partial<OrderStreamOptions> = {}): void => {
  stream = openAlgoOrderStream({
    url: server.url, apiKey: server.apiKey, log: silentLog, random: () => 0, pause: (ms) => (waits.push(ms), Promise.resolve()),
    onNews: () => {
      news += 1;
      heard();
    },
    ...more,
  });
};
const untilNews = (count: number): Promise<void> => new Promise((resolve) => {
  heard = () => { if (news >= count) resolve(); };
  heard();
});
const isSubscription = (message: Record<string, unknown>): boolean => message['action'] === 'subscribe_orders';
const update = (id: string): string => JSON.stringify({ type: 'order_update', user_id: 'trader', orderid: id, order_status: 'complete' });

test('every update is a sign to look, also one that comes twice; whatever else arrives is none', async () => {
  open();
  await untilNews(1);
  for (const frame of ['not json', '{"type":"market_data"}', '[]', update('1'), update('1')]) server.send(frame);
  await untilNews(3);
  expect(news).toBe(3);
});

test('a connection that ends is opened again, and what it may have missed is looked for', async () => {
  open();
  await untilNews(1);
  server.resetMidFrame();
  await untilNews(2);
  await server.until(isSubscription, 2);
  expect(waits).toEqual([1_000]);
});

test('a key that is refused is tried again with growing waits', async () => {
  let count = 0;
  const enough = Promise.withResolvers<undefined>();
  open({
    apiKey: 'wrong',
    pause: (ms) => {
      waits.push(ms);
      count += 1;
      if (count < 8) return Promise.resolve();
      enough.resolve(undefined);
      return new Promise(() => undefined);
    },
  });
  await enough.promise;
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  expect(news).toBe(0);
});

test('a connection that has gone silent is given up', async () => {
  open({ silenceMs: 50 });
  await untilNews(2);
  expect(waits.length).toBeGreaterThan(0);
});

test('closing ends it at once, whatever it waits for', async () => {
  open({ url: 'ws://127.0.0.1:1', pause: () => new Promise(() => undefined) });
  await stream.close();
  expect(news).toBe(0);
});
