import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LISTS } from '../tests/contracts/masters/lists';
import { indiaTime } from '../runtime/domain/session';
import { main, type World } from './main';

const NOW = indiaTime('2026-11-20', '10:00');
let folder = '';
beforeEach(() => { folder = mkdtempSync(path.join(tmpdir(), 'cli-instruments-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function run(...words: readonly string[]) {
  let out = '';
  let err = '';
  const world: World = {
    env: {}, workingDirectory: folder, userFolder: folder, now: () => NOW,
    openStore: () => { throw new Error('no journal is needed'); }, readText: () => '', out: (text) => { out += text; }, err: (text) => { err += text; },
  };
  const code = await main(['instruments', ...words], world);
  return { code, out, err };
}

test('the bundle is searched before there is any state', async () => {
  const { code, out } = await run('search', 'sbin', '--limit', '1');
  expect(code).toBe(0);
  expect(out).toMatch(/NSE\s+SBIN\s+cash\s+1/);
  expect(out).toContain('No master: bundled instruments only.');
});

test('a list in the masters folder is read, searched and told the age of', async () => {
  mkdirSync(path.join(folder, 'state', 'masters'), { recursive: true });
  const list = path.join(folder, 'state', 'masters', 'upstox.json');
  writeFileSync(list, LISTS['Upstox'] ?? '');
  utimesSync(list, NOW / 1_000 - 60, NOW / 1_000 - 60);
  const refreshed = await run('refresh', '--home', 'state');
  expect([refreshed.code, refreshed.out]).toEqual([0, 'folder: 6 instruments, 0 lines not readable, 0 of other markets, 0 repeated.\n']);
  const { out } = await run('search', 'state', 'bank', '--home', 'state', '--json');
  expect(JSON.parse(out)).toMatchObject([{ key: 'NSE:SBIN', name: 'STATE BANK, OF INDIA', lotSize: 1, tickSize: null, expiry: null }]);
  expect((await run('search', 'vedl', '292.5', 'pe', '--home', 'state')).out).toMatch(/NFO\s+VEDL29DEC26292\.5PE\s+option\s+1150\s+0\.05\s+46000\s+2026-12-29/);
  expect((await run('search', 'sbin', '--home', 'state')).out).toContain('Master of 2026-11-20 09:59:00 from folder, 6 instruments.');
  expect((await run('refresh', '--home', 'state')).out).toBe('folder: nothing new.\n');
});

test('expiries are listed with their codes', async () => {
  const { out } = await run('expiries', 'NSE:NIFTY', '--json');
  expect(JSON.parse(out)).toMatchObject([
    { expiry: '2026-11-23', codes: ['W0', 'M0'], options: true, futures: true }, { expiry: '2026-12-01', codes: ['W1'], options: true, futures: false },
    { expiry: '2026-12-08' }, { expiry: '2026-12-15' }, { expiry: '2026-12-22' }, { expiry: '2026-12-29', codes: ['W5', 'M1'], expected: false }, { expiry: '2027-01-25', codes: ['M2'], expected: true },
  ]);
  const text = (await run('expiries', 'NFO:NIFTY')).out;
  expect(text).toMatch(/\n2027-01-25 +M2 +yes +yes +expected\n\nexpected: the exchange has not published the holidays of that year/);
  expect(text).toMatch(/\n2026-12-29 +W5 M1 +yes +yes *\n/);
});

test('a refresh that brings nothing says what is wrong, and a list that is none fails', async () => {
  mkdirSync(path.join(folder, 'state', 'masters'), { recursive: true });
  expect((await run('refresh', '--home', 'state')).out).toContain('Put a list of your broker into the folder "masters"');
  writeFileSync(path.join(folder, 'state', 'masters', 'wrong.csv'), 'a,b,c\n1,2,3\n');
  const failed = await run('refresh', '--home', 'state');
  expect([failed.code, failed.out]).toEqual([1, '']);
  expect(failed.err).toContain('wrong.csv: The list has the columns a, b, c');
});

test.each([
  [[], /search <text>, expiries/], [['constructor'], /search <text>/], [['search'], /What to search for/], [['search', 'x', '--limit', '0'], /--limit/], [['search', 'x', '--segment', 'all'], /--segment/],
  [['search', '::'], /Nothing to search for/], [['expiries', 'NIFTY'], /Of which underlying/], [['expiries', 'LSE:VOD'], /not a known exchange/], [['refresh', '--home', 'h', '--openalgo', 'http://127.0.0.1:1'], /OPENALGO_API_KEY/], [['search', 'x', '--nope'], /nope/],
] as const)('%j makes no sense', async (words, why) => {
  const { code, err } = await run(...words);
  expect(code).toBe(2);
  expect(err).toMatch(why);
});
