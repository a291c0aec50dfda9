import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openVault } from '../../runtime/adapters/vault';
import { AccountConfig } from '../../runtime/domain/account';
import { indiaDate } from '../../runtime/domain/session';
import { openStore } from '../../runtime/index';
import { openAlgoServer, type OpenAlgoServer } from '../doubles/openalgoServer';
import { DAY_MS } from '../../runtime/domain/time';

const PROGRAM = path.resolve(__dirname, '../../dist/cli/bellwether.js');
const VAULT_KEY = 'a long vault key';
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

let home = '';
let server: OpenAlgoServer;
beforeAll(async () => {
  home = mkdtempSync(path.join(tmpdir(), 'bellwether-command-'));
  server = await openAlgoServer({ now: () => Date.now() });
  const store = await openStore(home, { log: quiet });
  await store.declareAccount(AccountConfig.parse({ id: 'mine', broker: 'openalgo', mode: 'live', url: server.url }), Date.now());
  await store.close();
  await openVault(home, VAULT_KEY).set('mine', { apiKey: server.apiKey });
  const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  server.gateway.history.set('NSE:SBIN 1m', Array.from({ length: 200 }, (_, index) => ({ timestamp: (today - (200 - index) * DAY_MS + DAY_MS / 4) / 1_000, open: 800, high: 810, low: 790, close: 800, volume: 5 })));
});
afterAll(async () => {
  await server.close();
  rmSync(home, { recursive: true, force: true });
});

/** The command as a person has it: a process of its own, which waits for real between pages. It is ended by Ctrl+C once the broker was asked so often. */
async function command(words: readonly string[], stopAfterPages = Infinity) {
  const child = spawn(process.execPath, [PROGRAM, ...words, '--home', home], { env: { ...process.env, BELLWETHER_VAULT_KEY: VAULT_KEY }, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (text: Buffer) => { out += text.toString(); });
  child.stderr.on('data', (text: Buffer) => { err += text.toString(); });
  const before = server.asked('history').length;
  let isStopped = false;
  const watch = setInterval(() => {
    if (isStopped || server.asked('history').length - before < stopAfterPages) return;
    isStopped = true;
    child.kill('SIGINT');
  }, 5);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearInterval(watch);
  return { code, out, err };
}

test('a fetch of many pages is not over before its last page; Ctrl+C ends it between two, and the next one goes on', async () => {
  const words = ['data', 'fetch', '--account', 'mine', '--symbol', 'NSE:SBIN', '--from', indiaDate(Date.now() - 80 * DAY_MS)];
  const broken = await command(words, 1);
  expect(broken).toMatchObject({ code: 130, err: '', out: expect.stringMatching(/fetched in [12] pages; 0 pages were there already\.\nBroken off\./) as string });
  const whole = await command(words);
  expect(whole).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/; [12] pages were there already\.\n$/) as string });
  expect(server.asked('history').length).toBeLessThan(7);
});
