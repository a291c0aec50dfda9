import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { WebSocketServer } from 'ws';
import { z } from 'zod';
import { main, type World } from '../../../cli/main';
import { httpNotifier } from '../../../runtime/adapters/notify/httpNotifier';
import { countingIds, manualClock, type ManualClock } from '../../../runtime/adapters/system/manual';
import { pinoLog } from '../../../runtime/adapters/system/log';
import { manualMarket } from '../../../runtime/adapters/ticks/simulated/manualMarket';
import { AccountConfig } from '../../../runtime/domain/account';
import { instrumentKey } from '../../../runtime/domain/market';
import { toMoney } from '../../../runtime/domain/money';
import type { AlertChannel } from '../../../runtime/domain/ports';
import { openStore, preflight, testAccount } from '../../../runtime/index';
import { createTradingCalendar } from '../../../runtime/domain/session';
import { openRuntime } from '../../../runtime/open';
import { NOW, tradingView } from '../../doubles/ingressWorld';
import { openAlgoServer, type Fault, type OpenAlgoServer } from '../../doubles/openalgoServer';
import { orderFor } from '../../doubles/routerWorld';
import { WIDE } from '../../doubles/tradingWorld';
import { filesBelow, formsOf, found, tablesOf } from './canaries';

/** One for every place that takes a secret; each has characters that look otherwise when they are encoded. */
const CANARIES = {
  'OpenAlgo\'s key': 'cnry+open/algo=1?kéy', 'a key of the environment': 'cnry+feed/key=2&x', 'the vault\'s key': 'cnry+vault/key=3 long', 'a secret of the vault': 'cnry+upstox/token=4!x',
  'a webhook\'s key': 'cnry+hook/key=5"x', 'a wrong webhook key': 'cnry+wrong/key=6<x', 'a bot\'s token': '777777:cnry+bot/token=7xyz', 'a Slack address': 'cnry/T00/B00/8zzzzzzzz',
};
const { 'OpenAlgo\'s key': apiKey, 'a key of the environment': feedKey, 'the vault\'s key': vaultKey, 'a secret of the vault': kept, 'a webhook\'s key': hookKey, 'a wrong webhook key': wrongKey, 'a bot\'s token': botToken, 'a Slack address': slack } = CANARIES;

/** A broker that repeats the key in every form it can think of. */
const echo = formsOf(apiKey).join(' | ');
const ECHOES: readonly Fault[] = [
  { kind: 'answer', carriedOut: false, status: 400, text: JSON.stringify({ status: 'error', message: `Invalid openalgo apikey ${echo}` }) },
  { kind: 'answer', carriedOut: false, status: 500, text: JSON.stringify({ status: 'error', message: `Traceback: {'apikey': '${echo}'}` }) },
  { kind: 'answer', carriedOut: false, status: 200, text: `<html>${echo}</html>` },
  { kind: 'reset', carriedOut: true, midBody: true },
];

let folder = '';
let home = '';
let clock: ManualClock;
let server: OpenAlgoServer;
let refusing: WebSocketServer;
/** Everything that was said or written, by where. */
let places: Record<string, string | Buffer>;
const say = (place: string, what: unknown): void => { places[place] = `${String(places[place] ?? '')}\n${what instanceof Error ? `${what.message}\n${what.stack ?? ''}` : JSON.stringify(what)}`; };
const log = () => pinoLog({ level: 'debug', destination: { write: (line: string) => { say('the log', line); } } });

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'bellwether-secrets-'));
  home = path.join(folder, '.bellwether');
  clock = manualClock(NOW);
  places = {};
  server = await openAlgoServer(clock, apiKey);
  refusing = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(refusing, 'listening');
  refusing.on('connection', (socket) => {
    socket.on('message', (data) => {
      const { api_key: presented } = z.object({ api_key: z.string() }).parse(JSON.parse((data as Buffer).toString()));
      socket.send(JSON.stringify({ status: 'error', code: 'AUTHENTICATION_ERROR', message: `no such key: ${formsOf(presented).join(' ')}` }));
    });
  });
});
afterEach(async () => {
  await server.close();
  for (const client of refusing.clients) client.terminate();
  await new Promise<void>((resolve) => { refusing.close(() => { resolve(); }); });
  rmSync(folder, { recursive: true, force: true });
});

const webSocketUrl = (): string => `ws://127.0.0.1:${z.custom<AddressInfo>((value) => typeof value === 'object').parse(refusing.address()).port}`;

async function cli(...words: readonly string[]): Promise<void> {
  const answers = [kept];
  const world: World = {
    env: { BELLWETHER_VAULT_KEY: vaultKey }, workingDirectory: folder, userFolder: folder, now: () => clock.now(), openStore: (at) => openStore(at, { clock, log: log() }), readText: () => '',
    out: (text) => { say('the terminal', text); }, err: (text) => { say('the terminal', text); }, prompt: { plain: () => Promise.resolve(''), hidden: () => Promise.resolve(answers.shift() ?? '') },
  };
  await main(words, world);
}

/** Orders on paper and behind the gateway, which answers well, then with the key in every form; alerts that arrive nowhere; webhooks with the right and the wrong key. */
async function trade(): Promise<void> {
  const market = manualMarket();
  market.set({ instrument: instrumentKey('NSE', 'SBIN'), bid: toMoney(799.95), ask: toMoney(800.05), last: toMoney(800), at: clock.now() });
  const runtime = await openRuntime({ home, clock, ids: countingIds('b'), market, log: log(), pause: () => Promise.resolve(), notifier: httpNotifier({ timeoutMs: 500 }), vaultKey });
  const account = AccountConfig.parse({ id: 'mine', broker: 'openalgo', mode: 'analyze', url: server.url, webSocketUrl: webSocketUrl(), limits: WIDE });
  await runtime.declareAccount(AccountConfig.parse({ limits: WIDE }));
  await runtime.declareAccount(account, { apiKey });
  const channels: readonly AlertChannel[] = [{ kind: 'telegram', botToken, chatId: '1', baseUrl: 'http://127.0.0.1:1' }, { kind: 'slack', url: `http://127.0.0.1:1/services/${slack}` }];
  const at = (id: string, signalId: string) => runtime.context({ account: id, strategyId: 'demo', nodeKey: 'n', signalId }, { channels });
  const attempt = async (what: () => Promise<unknown>): Promise<void> => { say('results', await what().catch((error: unknown) => error)); };

  await attempt(() => at('paper', 's1').perform([{ kind: 'place', request: orderFor() }, { kind: 'alert', severity: 'critical', message: 'Something happened.' }]));
  await attempt(() => at('mine', 's2').perform([{ kind: 'place', request: orderFor() }]));
  for (const [index, fault] of ECHOES.entries()) {
    for (const endpoint of ['placeorder', 'placesmartorder', 'cancelorder', 'funds', 'orderbook', 'positionbook', 'tradebook', 'analyzer']) server.fail(endpoint, fault);
    await attempt(() => at('mine', `echo ${index}`).perform([{ kind: 'place', request: orderFor() }, { kind: 'cancelAll', scope: 'account' }]));
    await attempt(() => at('mine', `echo ${index}`).fetch({ funds: { kind: 'funds' } }));
    await attempt(() => testAccount(account, { apiKey }));
  }
  await attempt(() => preflight(account, { apiKey }, { clock, log: log(), calendar: createTradingCalendar(), pause: () => Promise.resolve() }));
  server.sessionOver = true;
  await attempt(() => at('mine', 's9').fetch({ funds: { kind: 'funds' } }));
  for (const secret of [hookKey, wrongKey]) {
    const raw = Buffer.from(JSON.stringify({ secret, apikey: secret, symbol: 'SBIN', action: 'BUY', quantity: 1, note: 'x' }));
    await attempt(() => runtime.ingress.receive(tradingView({}, { secret: hookKey }), { raw, headers: { 'x-api-key': secret }, remoteAddress: '127.0.0.1', receivedAt: clock.now() }, 'attached'));
  }
  const { store } = runtime;
  say('exports', [await store.accounts(), await store.orders(), await store.intents(), await store.signals(), await store.alerts(), await store.events.after({ after: 0, limit: 1_000 }), await store.differences.list()]);
  await runtime.close();
}

/** A process whose prices come from a gateway that refuses the key of the environment, and repeats it. */
async function watch(): Promise<void> {
  const runtime = await openRuntime({ home, log: log(), feed: { kind: 'openalgo', webSocketUrl: webSocketUrl(), apiKey: feedKey, restUrl: server.url } });
  await runtime.declareAccount(AccountConfig.parse({ limits: WIDE }));
  const result = await runtime.context({ account: 'paper', strategyId: 'demo', nodeKey: 'n', signalId: 'w1' }).fetch({ quote: { kind: 'quote', exchange: 'NSE', symbol: 'SBIN' } }).catch((error: unknown) => error);
  say('results', result);
  await runtime.close();
}

test('no secret stands in a log, an export, the journal, an error or an answer of the terminal, in any form', async () => {
  await trade();
  await watch();
  await cli('vault', 'set', 'later', '--broker', 'upstox');
  for (const words of [['orders'], ['intents'], ['signals'], ['alerts'], ['risk'], ['positions'], ['accounts'], ['vault', 'list'], ['preflight'], ['vault', 'set', 'mine', kept], ['arm', 'mine', '--by', 'asha']]) {
    await cli(...words);
    if (words.length === 1) await cli(...words, '--json');
  }
  const everything = { ...places, ...filesBelow(home), ...tablesOf(path.join(home, 'bellwether.db')) };
  // The run has really been through all of it.
  expect(Object.keys(everything)).toEqual(expect.arrayContaining(['the log', 'results', 'exports', 'the terminal', 'bellwether.db', 'vault.json', 'orders', 'intents', 'accounts', 'alerts']));
  expect(String(places['results'])).toContain('redacted');
  expect(server.asked('placeorder').length).toBeGreaterThan(1);
  expect(found(CANARIES, everything)).toEqual([]);
}, 60_000);

test.each(formsOf(apiKey).map((form) => [form]))('the search would find %j', (form) => {
  expect(found(CANARIES, { somewhere: `before ${form} after` })).toContain('OpenAlgo\'s key in somewhere');
});

test.each([0, 1, 2, 3, 4])('the search would find a secret in base64 behind %d other characters', (before) => {
  expect(found(CANARIES, { somewhere: Buffer.from(`${'x'.repeat(before)}${apiKey} and more`).toString('base64') })).not.toEqual([]);
});
