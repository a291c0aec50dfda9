import { toMoney } from '../../domain/money';
import type { Quote } from '../../domain/market';
import { silentLog } from '../../../tests/doubles/ingressWorld';
import { keyOf, scriptedSource, tickOf } from '../../../tests/doubles/scriptedSource';
import { manualTime } from '../../../tests/doubles/manualTime';
import { createFeedHub } from './createFeedHub';
import { marketDataOf } from './marketDataOf';

const TEN = Date.UTC(2026, 10, 20, 4, 30);
const A = keyOf('A');

function world(pace: 'live' | 'recorded' = 'live') {
  const time = manualTime(TEN);
  const source = scriptedSource({ pace });
  const hub = createFeedHub({ source, clock: time.clock, pause: time.pause, random: () => 0.5, log: silentLog });
  return { time, source, hub, market: marketDataOf(hub, { clock: time.clock, pause: time.pause }) };
}

test('the first question subscribes and waits for the first tick; later ones are answered at once', async () => {
  const { market, source, time } = world();
  const asked = market.quote(A);
  await time.pass(200);
  void source.tick(tickOf('A', 100, TEN, { bid: toMoney(99.95), ask: toMoney(100.05) }));
  expect(await asked).toEqual({ instrument: A, bid: toMoney(99.95), ask: toMoney(100.05), last: toMoney(100), at: TEN });
  expect(await market.quote(A)).toBe(market.latest(A));
});

test('where no tick comes there is no quote, after three seconds', async () => {
  const { market, time } = world();
  let answered: unknown = 'nothing';
  void market.quote(A).then((quote) => { answered = quote; });
  await time.pass(2_999);
  expect(answered).toBe('nothing');
  await time.pass(1);
  expect(answered).toBeUndefined();
});

test('a missing bid or ask is the last price', async () => {
  const { market, source, time } = world();
  market.latest(A);
  await time.pass(0);
  void source.tick(tickOf('A', 100, TEN));
  expect(market.latest(A)).toMatchObject({ bid: toMoney(100), ask: toMoney(100) });
});

test('a quote is as old as its tick, younger by a later confirmation, never younger than its arrival', async () => {
  const { market, source, time } = world();
  market.latest(A);
  await time.pass(10_000);
  const now = time.clock.now();
  void source.tick(tickOf('A', 100, now - 8_000));
  expect(market.latest(A)?.at).toBe(now - 8_000);
  void source.tick(tickOf('A', 100, now - 8_000, { quotedAt: now - 1_000 }));
  expect(market.latest(A)?.at).toBe(now - 1_000);
  void source.tick(tickOf('A', 100, now + 3_000));
  expect(market.latest(A)?.at).toBe(now);
});

test('a subscriber gets each new price in order and no late one', async () => {
  const { market, source, time } = world();
  const seen: Quote[] = [];
  const leave = market.subscribe(A, (quote) => void seen.push(quote));
  await time.pass(0);
  for (const [last, at] of [[100, TEN], [99, TEN - 1_000], [101, TEN + 1_000]] as const) void source.tick(tickOf('A', last, at));
  leave();
  void source.tick(tickOf('A', 102, TEN + 2_000));
  expect(seen.map(({ last }) => last)).toEqual([toMoney(100), toMoney(101)]);
});

test('a recording waits for what a subscriber does with a price', async () => {
  const { market, source, time } = world('recorded');
  const { promise, resolve } = Promise.withResolvers<undefined>();
  market.subscribe(A, () => promise);
  await time.pass(0);
  let done = false;
  const given = Promise.resolve(source.tick(tickOf('A', 100, TEN))).then(() => { done = true; });
  await Promise.resolve();
  expect(done).toBe(false);
  resolve(undefined);
  await given;
  expect(done).toBe(true);
});

test('what nobody asked for in a while is let go, and closing lets everything go', async () => {
  const { market, source, time } = world();
  market.latest(A);
  await time.pass(16 * 60_000);
  market.latest(keyOf('B'));
  await time.pass(31_000);
  expect(source.calls).toContain(`unsubscribe ${A}`);
  market.close();
  await time.pass(31_000);
  expect(source.isOpen()).toBe(false);
});

test('what was traded is counted with every tick, also while nobody asks', async () => {
  const { market, source } = world();
  market.latest(A);
  await Promise.resolve();
  for (const [price, dayVolume] of [[100, 5_000], [101, 5_200], [100, 5_230]] as const) await source.tick(tickOf('A', price, TEN + dayVolume / 100, { dayVolume }));
  expect(market.latest(A)?.traded).toEqual({ total: 5_230, now: 30 });
  await source.tick(tickOf('A', 100, TEN + 60, { dayVolume: 10 }));
  expect(market.latest(A)?.traded).toEqual({ total: 10, now: 0 });
  await source.tick(tickOf('A', 100, TEN + 61));
  expect(market.latest(A)?.traded).toEqual({ total: 10, now: 0 });
});

test('a source that counts single trades counts up; one that counts nothing says nothing', async () => {
  const { market, source } = world();
  market.latest(A);
  await Promise.resolve();
  await source.tick(tickOf('A', 100, TEN));
  expect(market.latest(A)?.traded).toBeUndefined();
  for (const at of [1, 2]) await source.tick(tickOf('A', 100, TEN + at, { lastQuantity: 40 }));
  expect(market.latest(A)?.traded).toEqual({ total: 80, now: 40 });
});
