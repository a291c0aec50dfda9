import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { manualClock } from '../../system/manual';
import { openAlgoFeed, type OpenAlgoFeed } from '../../../../tests/doubles/openalgoFeed';
import { connected, ear } from '../../../../tests/contracts/tickSource/bench';
import { instrumentKey, type InstrumentKey } from '../../../domain/market';
import { openAlgoSource, type OpenAlgoSourceOptions } from './openAlgoSource';

const NOW = Date.UTC(2026, 10, 20, 4, 30);
const SBIN = instrumentKey('NSE', 'SBIN');
const nothing = { stir: () => undefined };

let server: OpenAlgoFeed;
const logged: unknown[] = [];
const opened: { close(): Promise<void> }[] = [];
beforeEach(async () => {
  logged.length = 0;
  server = await openAlgoFeed();
});
afterEach(async () => {
  for (const source of opened.splice(0)) await source.close();
  await server.close();
});

function sourceOf(options: Partial<OpenAlgoSourceOptions> = {}) {
  const write = (...line: readonly unknown[]): void => void logged.push(line);
  const source = openAlgoSource({ url: server.url, apiKey: server.apiKey, clock: manualClock(NOW), log: { debug: write, info: write, warn: write, error: write }, ...options });
  opened.push(source);
  return source;
}

test('a wrong key is a denial that does not name the key', async () => {
  const outcome = await sourceOf({ apiKey: 'sesame' }).connect(ear().listener);
  expect(outcome).toMatchObject({ ok: false, denial: { code: 'WRONG_SECRET', field: 'apiKey' } });
  expect(JSON.stringify([outcome, logged])).not.toContain('sesame');
});

test('another error instead of the verdict may pass', async () => {
  server.behaviour.authError = { code: 'BROKER_ERROR', message: 'no session' };
  await expect(sourceOf().connect(ear().listener)).rejects.toThrow('BROKER_ERROR: no session');
});

test('a server that is not there may come back', async () => {
  await expect(sourceOf({ url: 'ws://127.0.0.1:1' }).connect(ear().listener)).rejects.toThrow(/ECONNREFUSED|closed/);
});

test('a server that never answers is given up', async () => {
  server.behaviour.halfOpen = true;
  await expect(sourceOf({ connectMs: 30 }).connect(ear().listener)).rejects.toThrow('not authenticated within 30 ms');
});

test('something that is no WebSocket server is given up', async () => {
  const plain = createServer((wire) => wire.on('error', () => undefined).resume().end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi'));
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
  const { port } = plain.address() as AddressInfo;
  await expect(sourceOf({ url: `ws://127.0.0.1:${port}` }).connect(ear().listener)).rejects.toThrow(/200/);
  await new Promise((resolve) => plain.close(resolve));
});

test('the mode is asked for and named again when unsubscribing', async () => {
  const connection = await connected(sourceOf({ mode: 'LTP' }), ear().listener);
  await connection.subscribe([SBIN]);
  connection.unsubscribe([SBIN]);
  await server.until((message) => message['action'] === 'unsubscribe');
  expect(server.received.slice(1)).toEqual([
    { action: 'subscribe', mode: 'LTP', symbols: [{ symbol: 'SBIN', exchange: 'NSE' }], request_id: 'b1' },
    { action: 'unsubscribe', symbols: [{ symbol: 'SBIN', exchange: 'NSE', mode: 1 }] },
  ]);
});

test('many instruments are asked for in bounded requests, one after the other', async () => {
  const many = Array.from({ length: 450 }, (_, index) => `NSE:S${index}` as InstrumentKey);
  server.behaviour.unknown.add('NSE:S7').add('NSE:S433');
  const connection = await connected(sourceOf(), ear().listener);
  const refused = await connection.subscribe(many);
  expect(refused.map(({ instrument }) => instrument)).toEqual(['NSE:S7', 'NSE:S433']);
  expect(server.received.flatMap(({ symbols }) => (Array.isArray(symbols) ? [symbols.length] : []))).toEqual([200, 200, 50]);
});

test('a slow answer is waited for, one that never comes ends in an error', async () => {
  server.behaviour.answerAfterMs = 20;
  const slow = await connected(sourceOf(), ear().listener);
  expect(await slow.subscribe([SBIN])).toEqual([]);
  const impatient = await connected(sourceOf({ answerMs: 30 }), ear().listener);
  server.behaviour.halfOpen = true;
  await expect(impatient.subscribe([SBIN])).rejects.toThrow('no answer within 30 ms');
});

test('requests of one moment wait for each other, so that every answer finds its own', async () => {
  server.behaviour.answerAfterMs = 5;
  server.behaviour.unknown.add('NSE:BAD');
  const connection = await connected(sourceOf(), ear().listener);
  const bad = instrumentKey('NSE', 'BAD');
  expect(await Promise.all([connection.subscribe([SBIN]), connection.subscribe([bad]), connection.subscribe([])])).toEqual([[], [{ instrument: bad, reason: 'Symbol not found' }], []]);
});

test('a connection that breaks while an answer is waited for ends the wait', async () => {
  server.behaviour.answerAfterMs = 5;
  const { listener, lost } = ear();
  const connection = await connected(sourceOf(), listener);
  server.behaviour.halfOpen = true;
  const asked = connection.subscribe([SBIN]);
  await server.until((message) => message['action'] === 'subscribe');
  server.resetMidFrame();
  await expect(asked).rejects.toThrow('closed with code 1006');
  expect(lost).toHaveLength(1);
});

test('a reset in the middle of a frame is one loss and no exception', async () => {
  const { listener, lost, until, ticks } = ear();
  const connection = await connected(sourceOf(), listener);
  await connection.subscribe([SBIN]);
  server.resetMidFrame();
  await until(() => lost.length > 0, nothing);
  expect([lost, ticks]).toEqual([['the connection was closed with code 1006'], []]);
});

test('frames that can not be read are left out, counted and not all logged; the next tick arrives', async () => {
  const { listener, ticks, until, heard } = ear();
  const connection = await connected(sourceOf(), listener);
  await connection.subscribe([SBIN]);
  const before = heard();
  for (let round = 0; round < 20; round += 1) server.send('not json');
  server.send(Buffer.from([1, 2, 3]));
  server.send('{"type":"market_data"}');
  server.tick(SBIN, { ltp: 800 });
  await until(() => ticks.length > 0, nothing);
  expect(heard()).toBe(before + 23);
  expect(logged).toHaveLength(5);
});

test('a frame larger than any message of this server ends the connection', async () => {
  const { listener, lost, until } = ear();
  await connected(sourceOf(), listener);
  server.send(' '.repeat(5 * 1024 * 1024));
  await until(() => lost.length > 0, nothing);
  expect(lost[0]).toContain('closed with code');
});

test('the server\'s own pings are signs of life', async () => {
  const { listener, heard, until } = ear();
  await connected(sourceOf(), listener);
  const before = heard();
  server.ping();
  await until(() => heard() > before, nothing);
});

test('an error that nobody asked for is logged and ends nothing', async () => {
  const { listener, lost, until, ticks } = ear();
  const connection = await connected(sourceOf(), listener);
  await connection.subscribe([SBIN]);
  server.send('{"status":"error","code":"BROKER_ERROR","message":"later"}');
  server.tick(SBIN, { ltp: 800 });
  await until(() => ticks.length > 0, nothing);
  expect([lost, logged.length]).toEqual([[], 1]);
});

test('a goodbye that is not answered is over all the same', async () => {
  const { listener, lost } = ear();
  const connection = await connected(sourceOf(), listener);
  server.behaviour.halfOpen = true;
  await connection.close();
  expect(lost).toEqual([]);
});
