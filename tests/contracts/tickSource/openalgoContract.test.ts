import { readFileSync } from 'node:fs';
import path from 'node:path';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { readMessage } from '../../../runtime/adapters/ticks/openalgo/messages';
import { toMoney } from '../../../runtime/domain/money';
import { openAlgoFeed } from '../../doubles/openalgoFeed';
import { TEN } from './benches';

/** A recorded session of a running server: `>` sent, `<` answered, `< word {…}` pushed by itself. */
const LINES = readFileSync(path.resolve(__dirname, '../../../../shared/contracts/openalgo-websocket.txt'), 'utf8').trim().split('\n');
const PAIRS = LINES.flatMap((line, index) => {
  const next = LINES[index + 1] ?? '';
  return line.startsWith('> ') && next.startsWith('< ') ? [{ request: line.slice(2), response: next.slice(2) }] : [];
});
const PUSHED = LINES.filter((line) => /^< [a-z]/.test(line)).map((line) => line.slice(line.indexOf('{')));

/** Keys and kinds of values, without the values. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, ['status', 'type', 'code'].includes(key) ? entry : shapeOf(entry)]));
}

test('the contract server of these tests answers the recorded requests with the recorded shapes', async () => {
  const server = await openAlgoFeed();
  server.behaviour.unknown.add('NSE:BAD');
  const socket = new WebSocket(server.url);
  await new Promise((resolve) => socket.once('open', resolve));
  const ask = (request: string) => new Promise<string>((resolve) => {
    socket.once('message', (data) => resolve(z.instanceof(Buffer).parse(data).toString('utf8')));
    socket.send(request);
  });
  expect(PAIRS.length).toBeGreaterThan(9);
  for (const { request, response } of PAIRS) {
    expect({ request, answer: shapeOf(JSON.parse(await ask(request))) }).toEqual({ request, answer: shapeOf(JSON.parse(response)) });
  }
  socket.terminate();
  await server.close();
});

test('the adapter reads every recorded answer', () => {
  const read = PAIRS.map(({ response }) => readMessage(response, TEN));
  expect(read.map((message) => (message.kind === 'error' ? message.code : message.kind))).toEqual([
    'NOT_AUTHENTICATED', 'AUTHENTICATION_ERROR', 'authenticated', 'INVALID_PARAMETERS', 'subscribed', 'INVALID_MODE', 'other', 'other', 'INVALID_JSON', 'other', 'other',
  ]);
  expect(read[4]).toEqual({ kind: 'subscribed', requestId: 'r1', refused: [{ symbol: 'BAD', exchange: 'NSE', reason: 'Symbol not found' }] });
});

test('the adapter reads every recorded push', () => {
  expect(PUSHED.map((text) => readMessage(text, TEN))).toEqual([
    { kind: 'tick', tick: { instrument: 'NSE:SBIN', last: toMoney(801.5), at: 1_795_425_300_000, quotedAt: 1_795_425_300_123 } },
    { kind: 'tick', tick: { instrument: 'NSE:SBIN', last: toMoney(802), at: TEN } },
    { kind: 'other' },
  ]);
});
