import type { OptionFigures } from '../../../runtime/adapters/ticks/upstox/readFeed';
import { MOST_INSTRUMENTS } from '../../../runtime/adapters/ticks/upstox/upstoxConnection';
import type { Depth, TickConnection } from '../../../runtime/domain/feed';
import { instrumentKey } from '../../../runtime/domain/market';
import { toMoney } from '../../../runtime/domain/money';
import { marketFrame } from '../../doubles/upstoxServerSockets';
import { UPSTOX_TOKEN } from '../../doubles/upstoxServer';
import { connected, ear } from './bench';
import { upstoxFeedBench, upstoxKeyOf, type UpstoxFeedBench } from './upstoxBench';

const OPTION = instrumentKey('NFO', 'NIFTY29DEC2626000CE');
const INDEX = instrumentKey('NSE_INDEX', 'NIFTY');
const LEAVE = '/v3/feed/market-data-feed/authorize';

let bench: UpstoxFeedBench;
beforeEach(async () => { bench = await upstoxFeedBench(); });
afterEach(() => bench.close());

const requestsIn = (count: number): Promise<void> => bench.server.sockets.until(() => bench.server.sockets.requests.length >= count);

test('a full quote gives the last trade, the best prices, the day\'s volume, five levels and the time it was sent', async () => {
  const depths: Depth[] = [];
  const { listener, ticks, until } = ear();
  const connection = await connected(bench.open(), { ...listener, depth: (depth) => void depths.push(depth) });
  const [one] = bench.instruments;
  await connection.subscribe([one]);
  await requestsIn(1);
  const [at, sentAt] = [bench.clock.now() - 700, bench.clock.now()];
  bench.server.sockets.quote(upstoxKeyOf('SBIN'), { ltp: 801.5, ltt: at, volume: 12_345, levels: [[5, 801.45, 7, 801.55], [0, 0, 3, 801.6]] }, sentAt);
  await until(() => ticks.length > 0, { stir: () => undefined });
  expect(ticks).toEqual([{ instrument: one, last: toMoney(801.5), bid: toMoney(801.45), ask: toMoney(801.55), dayVolume: 12_345, at, quotedAt: sentAt, previousClose: toMoney(99) }]);
  expect(depths).toEqual([{ instrument: one, at: sentAt, bids: [{ price: toMoney(801.45), quantity: 5 }], asks: [{ price: toMoney(801.55), quantity: 7 }, { price: toMoney(801.6), quantity: 3 }] }]);
});

test('an index has neither volume nor best prices', async () => {
  const { listener, ticks, until } = ear();
  const connection = await connected(bench.open(), listener);
  await connection.subscribe([INDEX]);
  await requestsIn(1);
  bench.server.sockets.quote('NSE_INDEX|Nifty 50', { ltp: 26_000.05, ltt: bench.clock.now(), index: true }, bench.clock.now());
  await until(() => ticks.length > 0, { stir: () => undefined });
  expect(ticks).toEqual([{ instrument: INDEX, last: toMoney(26_000.05), at: bench.clock.now(), previousClose: toMoney(99) }]);
});

test.each(['full', 'option_greeks'] as const)('an option\'s Greeks and open interest are told in the mode %s', async (mode) => {
  const figures: OptionFigures[] = [];
  const { listener, ticks, until } = ear();
  const connection = await connected(bench.open({ mode, onFigures: (seen) => void figures.push(seen) }), listener);
  await connection.subscribe([OPTION]);
  await requestsIn(1);
  bench.server.sockets.quote('NSE_FO|5', { ltp: 120, ltt: bench.clock.now(), volume: 650, oi: 130_000, iv: 0.14, greeks: { delta: 0.5, theta: -9, gamma: 0.001, vega: 20, rho: 4 }, levels: [[65, 119.9, 65, 120.1]] }, bench.clock.now());
  await until(() => figures.length > 0, { stir: () => undefined });
  expect(figures).toEqual([{ instrument: OPTION, at: bench.clock.now(), delta: 0.5, theta: -9, gamma: 0.001, vega: 20, rho: 4, iv: 0.14, openInterest: 130_000 }]);
  expect(ticks).toMatchObject([{ last: toMoney(120), bid: toMoney(119.9), ask: toMoney(120.1), dayVolume: 650 }]);
});

test('the mode ltpc gives the last trade and nothing else', async () => {
  const { listener, ticks, until } = ear();
  const connection = await connected(bench.open({ mode: 'ltpc' }), listener);
  await connection.subscribe([bench.instruments[0]]);
  await requestsIn(1);
  bench.server.sockets.quote(upstoxKeyOf('SBIN'), { ltp: 800, ltt: bench.clock.now(), volume: 9 }, bench.clock.now());
  await until(() => ticks.length > 0, { stir: () => undefined });
  expect(ticks).toEqual([{ instrument: bench.instruments[0], last: toMoney(800), at: bench.clock.now(), previousClose: toMoney(99) }]);
});

test('a wrong frame, a broken one and a text are left out, counted in the log, and end nothing', async () => {
  const { listener, ticks, lost, until } = ear();
  const connection = await connected(bench.open(), listener);
  await connection.subscribe([bench.instruments[0]]);
  await requestsIn(1);
  const whole = marketFrame(upstoxKeyOf('SBIN'), { ltp: 800, ltt: bench.clock.now(), levels: [[1, 799, 1, 801]] }, 'full', bench.clock.now());
  for (let end = 1; end < whole.length; end += 7) bench.server.sockets.raw(whole.subarray(0, end));
  bench.server.sockets.raw(Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff]));
  bench.server.sockets.raw('{"error":"not for me"}');
  bench.server.sockets.quote(upstoxKeyOf('SBIN'), { ltp: 1e300, ltt: bench.clock.now() }, bench.clock.now());
  bench.server.sockets.quote(upstoxKeyOf('SBIN'), { ltp: Number.NaN, ltt: bench.clock.now() }, bench.clock.now());
  const before = ticks.length;
  bench.server.sockets.raw(whole);
  await until(() => ticks.some(({ bid }) => bid !== undefined), { stir: () => undefined });
  expect(ticks.slice(before).every(({ last }) => Number.isSafeInteger(last))).toBe(true);
  expect(lost).toEqual([]);
  expect(bench.said.filter((line) => line.includes('can not be read')).length).toBeGreaterThan(0);
  expect(bench.said.filter((line) => line.includes('can not be read')).length).toBeLessThanOrEqual(5);
});

test('every connection asks for leave, because an address works once; a break in the middle of a frame is a loss', async () => {
  const source = bench.open();
  const first = ear();
  await connected(source, first.listener);
  bench.server.sockets.resetMidFrame();
  await first.until(() => first.lost.length > 0, { stir: () => undefined });
  const second = ear();
  await connected(source, second.listener);
  bench.server.sockets.drop();
  await second.until(() => second.lost.length > 0, { stir: () => undefined });
  await connected(source, ear().listener);
  expect([bench.server.asked(LEAVE).length, bench.server.sockets.refused(), first.lost.length, second.lost.length]).toEqual([3, 0, 1, 1]);
});

test('an address that was used before rejects, and may be tried again', async () => {
  bench.server.fail(LEAVE, { kind: 'answer', carriedOut: false, status: 200, text: JSON.stringify({ status: 'success', data: { authorized_redirect_uri: `${bench.server.addresses.reads.replace('http', 'ws')}/market?code=old` } }) });
  await expect(bench.open().connect(ear().listener)).rejects.toThrow('before it was open');
  expect(bench.server.sockets.refused()).toBe(1);
  await connected(bench.open(), ear().listener);
});

test('35 a token that is over is a denial that says what to do; a server that is ill is none', async () => {
  bench.server.sessionOver = true;
  expect(await bench.open().connect(ear().listener)).toMatchObject({ ok: false, denial: { code: 'SESSION_EXPIRED', remedy: expect.stringContaining('Log in to Upstox again') as string } });
  bench.server.sessionOver = false;
  bench.server.fail(LEAVE, { kind: 'answer', carriedOut: false, status: 503, text: '' }, 3);
  await expect(bench.open().connect(ear().listener)).rejects.toThrow('503');
});

test('more than a connection carries is refused by name', async () => {
  const many = Array.from({ length: MOST_INSTRUMENTS.full_d30 + 1 }, (_, index) => `S${index}`);
  bench.server.back.instruments = many.map((symbol) => ({ segment: 'NSE_EQ', instrument_type: 'EQ', instrument_key: upstoxKeyOf(symbol), lot_size: 1, tick_size: 5, trading_symbol: symbol }));
  const connection: TickConnection = await connected(bench.open({ mode: 'full_d30' }), ear().listener);
  const refused = await connection.subscribe(many.map((symbol) => instrumentKey('NSE', symbol)));
  expect(refused).toEqual([{ instrument: 'NSE:S50', reason: 'Upstox gives at most 50 instruments in the mode full_d30' }]);
  connection.unsubscribe([instrumentKey('NSE', 'S0')]);
  expect(await connection.subscribe([instrumentKey('NSE', 'S50')])).toEqual([]);
  await requestsIn(3);
  expect(bench.server.sockets.requests.map(({ method, data }) => [method, data.mode, data.instrumentKeys.length])).toEqual([['sub', 'full_d30', 50], ['unsub', 'full_d30', 1], ['sub', 'full_d30', 1]]);
});

test('neither the token nor the code of an address is logged or told', async () => {
  const { listener, lost, until } = ear();
  await connected(bench.open(), listener);
  bench.server.sockets.drop(1011);
  await until(() => lost.length > 0, { stir: () => undefined });
  bench.server.sessionOver = true;
  const refused = await bench.open().connect(ear().listener);
  const everything = [...bench.said, ...lost, JSON.stringify(refused)].join('\n');
  expect(everything).not.toContain(UPSTOX_TOKEN);
  expect(everything).not.toMatch(/code\d+secret/);
});
