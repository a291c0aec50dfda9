import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LISTS } from '../../../tests/contracts/masters/lists';
import type { MasterRow } from '../../domain/instrument';
import { manualClock } from '../system/manual';
import { openAlgoMasterSource, type OpenAlgoMasterOptions } from './openAlgoMasterSource';

const KEY = 'very-secret-key';
const clock = manualClock(1_795_149_000_000);
const csv = LISTS['OpenAlgo CSV'] ?? '';
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function gateway(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function read(url: string, options: Partial<OpenAlgoMasterOptions> = {}): Promise<readonly MasterRow[]> {
  const download = await openAlgoMasterSource({ url, apiKey: KEY, clock, ...options }).fetch();
  const rows: MasterRow[] = [];
  for await (const batch of download?.batches ?? []) rows.push(...batch.rows);
  return rows;
}

test('the list is asked for as CSV in one request and read', async () => {
  const asked: string[] = [];
  const url = await gateway((request, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
    response.end(csv);
  });
  expect((await read(`${url}/`)).map(({ key }) => key)).toContain('NFO:VEDL29DEC26292.5PE');
  expect(asked).toEqual([`GET /api/v1/instruments?apikey=${KEY}&format=csv`]);
});

test('one exchange after the other where some are named; an empty one is no error', async () => {
  const asked: string[] = [];
  const url = await gateway((request, response) => {
    const exchange = new URL(request.url ?? '', 'http://gateway').searchParams.get('exchange') ?? '';
    asked.push(exchange);
    response.end(exchange === 'NFO' ? csv : JSON.stringify({ status: 'success', message: 'No instruments found', data: [] }));
  });
  expect(await read(url, { exchanges: ['NFO', 'BFO'] })).toHaveLength(6);
  expect(asked).toEqual(['NFO', 'BFO']);
});

test.each<[string, RequestListener, RegExp]>([
  ['a wrong key', (_, response) => { response.statusCode = 403; response.end('{"status":"error","message":"Invalid openalgo apikey"}'); }, /refuses the API key \(403\)/],
  ['an old gateway', (_, response) => { response.statusCode = 404; response.end('<html>not found</html>'); }, /no instruments endpoint/],
  ['too many requests', (_, response) => { response.statusCode = 429; response.end('{"status":"error","message":"Rate limit exceeded.","retry_after":60}'); }, /429: Rate limit exceeded/],
  ['a validation error', (_, response) => { response.statusCode = 400; response.end('{"message":{"apikey":["Missing data"]}}'); }, /400: apikey: Missing data/],
  ['a redirect', (request, response) => { response.statusCode = 302; response.setHeader('location', `http://127.0.0.1:1${request.url ?? ''}`); response.end(); }, /answered 302/],
  ['an answer that breaks off', (_, response) => { response.writeHead(200, { 'content-length': '100000' }); response.write(csv, () => response.destroy()); }, /broke its answer off/],
  ['a page', (_, response) => response.end('<html>Sign in</html>'), /no header/],
  ['silence', () => undefined, /said nothing for 200 ms/],
  ['silence in the middle', (_, response) => { response.write(csv.slice(0, 200)); }, /broke its answer off|said nothing/],
])('%s is told without the key', async (_, answer, expected) => {
  const failure = await read(await gateway(answer), { timeoutMs: 200 }).then(() => undefined, (error: unknown) => error);
  const message = failure instanceof Error ? failure.message : String(failure);
  expect(message).toMatch(expected);
  expect(message).not.toContain(KEY);
});

test('nobody there, and no address', async () => {
  const failures = await Promise.all([read('http://127.0.0.1:1'), read('not an address'), read('file:///etc/passwd')].map((one) => one.then(() => '', (error: unknown) => String(error))));
  expect(failures).toEqual(['MasterError: OpenAlgo could not be reached (ECONNREFUSED).', 'MasterError: The address of OpenAlgo is no http(s) address.', 'MasterError: The address of OpenAlgo is no http(s) address.']);
});
