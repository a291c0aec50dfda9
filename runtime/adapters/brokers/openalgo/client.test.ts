import { createServer } from 'node:http';
import { z } from 'zod';
import { LIMITED, LOGIN_PAGE, openAlgoServer, type Fault, type OpenAlgoServer } from '../../../../tests/doubles/openalgoServer';
import { manualClock } from '../../system/manual';
import { openAlgoClient, type OpenAlgoClientOptions } from './client';
import { FundsAnswer } from './schema';

const CANARY = 'canary-5f2b9c';
const ORDER = { strategy: 't', exchange: 'NSE', symbol: 'SBIN', action: 'BUY', quantity: 1, product: 'MIS' };

let server: OpenAlgoServer;
beforeEach(async () => {
  server = await openAlgoServer(manualClock(0));
});
afterEach(() => server.close());

const client = (more: Partial<OpenAlgoClientOptions> = {}) => openAlgoClient({ url: server.url, apiKey: server.apiKey, pause: () => Promise.resolve(), random: () => 0, readMs: 200, commandMs: 200, ...more });

const silence: Fault = { kind: 'silence', carriedOut: true };
const broken: readonly [string, Fault][] = [
  ['no answer', silence],
  ['a cut before the answer', { kind: 'reset', carriedOut: true }],
  ['a cut in the middle of the answer', { kind: 'reset', carriedOut: true, midBody: true }],
  ['a page', LOGIN_PAGE],
  ['a failure of the server', { kind: 'answer', carriedOut: true, status: 502, text: 'Bad Gateway' }],
  ['half of a JSON', { kind: 'answer', carriedOut: true, status: 200, text: '{"status":"success","ord' }],
];

test.each(broken)('a command with %s is asked once and nobody knows', async (_what, fault) => {
  server.fail('placeorder', fault);
  expect(await client().command('placeorder', ORDER)).toMatchObject({ kind: 'unsure' });
  expect(server.asked('placeorder')).toHaveLength(1);
});

test.each(broken)('a read with %s is asked again', async (_what, fault) => {
  server.fail('funds', fault, 2);
  expect(await client().read('funds', {}, FundsAnswer)).toMatchObject({ ok: true });
  expect(server.asked('funds')).toHaveLength(3);
});

test('a limited command is refused, and not tried again', async () => {
  server.fail('placeorder', LIMITED);
  expect(await client().command('placeorder', ORDER)).toMatchObject({ kind: 'refused', httpStatus: 429 });
  expect(server.asked('placeorder')).toHaveLength(1);
});

test('reads end after their tries, with growing waits', async () => {
  const waits: number[] = [];
  server.fail('funds', LOGIN_PAGE, 5);
  const patient = client({ attempts: 4, random: () => 0.5, pause: (ms) => (waits.push(ms), Promise.resolve()) });
  expect(await patient.read('funds', {}, FundsAnswer)).toMatchObject({ ok: false, denial: { code: 'NOT_READY' } });
  expect(waits).toEqual([312.5, 625, 1_250]);
});

test('an answer of another form is a denial that names the field', async () => {
  expect(await client().read('funds', {}, z.object({ data: z.object({ availablecash: z.boolean() }) }))).toMatchObject({ ok: false, denial: { message: expect.stringContaining('data.availablecash') as string } });
});

test('where nothing listens, nothing was sent', async () => {
  const free = createServer();
  await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve));
  const { port } = z.object({ port: z.number() }).parse(free.address());
  await new Promise<void>((resolve) => free.close(() => resolve()));
  expect(await client({ url: `http://127.0.0.1:${port}` }).command('placeorder', ORDER)).toEqual({ kind: 'unsent', reason: 'OpenAlgo can not be reached (ECONNREFUSED).' });
});

test.each(['', 'nowhere', 'file:///etc/passwd', 'ws://127.0.0.1:5000'])('"%s" is no address', async (url) => {
  expect(await client({ url }).command('placeorder', ORDER)).toMatchObject({ kind: 'unsent' });
});

test('a redirect is not followed, and a slash after the address does no harm', async () => {
  server.fail('placeorder', { kind: 'answer', carriedOut: false, status: 307, text: '' });
  expect(await client({ url: `${server.url}/` }).command('placeorder', ORDER)).toMatchObject({ kind: 'unsure' });
  expect(server.asked('placeorder')).toHaveLength(1);
});

test('the key stands in no answer, whatever the other side says and wherever it fails', async () => {
  const told = JSON.stringify({ status: 'error', message: `key ${CANARY} is unknown` });
  const answers: unknown[] = [];
  const mine = client({ apiKey: CANARY });
  for (const fault of [...broken.map(([, entry]) => entry), { kind: 'answer', carriedOut: false, status: 400, text: told }, { kind: 'answer', carriedOut: false, status: 500, text: told }] satisfies Fault[]) {
    server.fail('placeorder', fault);
    server.fail('funds', fault, 3);
    answers.push(await mine.command('placeorder', ORDER), await mine.read('funds', {}, FundsAnswer));
  }
  expect(answers).toHaveLength(16);
  expect(JSON.stringify(answers)).not.toContain(CANARY);
  expect(JSON.stringify(answers)).toContain('[redacted]');
});
