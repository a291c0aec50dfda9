import { memoryJournal } from '../../../../tests/doubles/memoryJournal';
import { upstoxServer, UPSTOX_TOKEN, type UpstoxServer } from '../../../../tests/doubles/upstoxServer';
import { manualClock } from '../../system/manual';
import { upstoxMasterSource } from './masterSource';
import { openUpstoxBroker, openUpstoxKeys } from './openUpstox';

const clock = manualClock(Date.UTC(2026, 10, 20, 4, 30));
const quiet = (): undefined => undefined;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

let server: UpstoxServer;
beforeEach(async () => {
  server = await upstoxServer(clock);
  server.back.instruments = [{ segment: 'NSE_EQ', instrument_type: 'EQ', instrument_key: 'NSE_EQ|INE062A01020', lot_size: 1, tick_size: 5, trading_symbol: 'SBIN', name: 'STATE BANK' }];
});
afterEach(() => server.close());

const open = (mode: 'live' | 'sandbox') => openUpstoxBroker({
  addresses: server.addresses, accessToken: UPSTOX_TOKEN, account: 'mine', journal: memoryJournal('mine', clock), instruments: { find: quiet }, clock, log, mode,
  keys: openUpstoxKeys({ address: server.masterAddress, clock, log }),
});

test('a live account listens for news of orders from the start, knows the names of instruments before its first order, and closes what it opened', async () => {
  const broker = open('live');
  await server.sockets.until(() => server.sockets.clients('orders') === 1);
  expect(server.asked('/master.json')).toHaveLength(1);
  expect(await broker.preflight()).toMatchObject({ session: 'ok', instruments: 1 });
  await broker.close();
  await server.sockets.until(() => server.sockets.clients('orders') === 0);
});

test('the sandbox asks for nothing by itself, and has no stream', async () => {
  const broker = open('sandbox');
  expect(server.askedUnder('/')).toEqual([]);
  expect(await broker.preflight()).toMatchObject({ mode: 'sandbox', instruments: 1 });
  expect(server.askedUnder('/v2/feed/')).toEqual([]);
  await broker.close();
});

test('the list is a source of instruments, asked for without the token; one that can not be had says why', async () => {
  const source = upstoxMasterSource({ address: server.masterAddress, clock });
  const rows = [];
  for await (const batch of (await source.fetch())?.batches ?? []) rows.push(...batch.rows);
  expect(rows).toMatchObject([{ key: 'NSE:SBIN', lotSize: 1, name: 'STATE BANK' }]);
  expect(server.asked('/master.json').map(({ authorization }) => authorization)).toEqual([undefined]);
  server.fail('/master.json', { kind: 'answer', carriedOut: false, status: 404, text: '' });
  await expect(source.fetch()).rejects.toThrow('answered 404');
});
