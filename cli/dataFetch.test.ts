import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LIMITED, openAlgoServer, type Fault } from '../tests/doubles/openalgoServer';
import { upstoxServer, UPSTOX_LIMITED } from '../tests/doubles/upstoxServer';
import { openCandleStore } from '../runtime/adapters/candles';
import { openVault } from '../runtime/adapters/vault';
import { AccountConfig, type AccountSecrets } from '../runtime/domain/account';
import type { StoredTimeframe } from '../runtime/domain/feed';
import { instrumentKey } from '../runtime/domain/market';
import { addDays, createTradingCalendar, indiaDate, indiaTime } from '../runtime/domain/session';
import { MINUTE_MS } from '../runtime/domain/time';
import { inlineRunner } from '../runtime/hosts/backtests';
import { openStore } from '../runtime/index';
import { DEFINITIONS } from './definitions';
import { main, type World } from './main';

const SBIN = instrumentKey('NSE', 'SBIN');
const VAULT_KEY = 'a long vault key';
const TODAY = '2026-11-20';
const NOW = indiaTime(TODAY, '10:00') + 30_000;
const DAYS = createTradingCalendar().tradingDays({ exchange: 'NSE', base: 'SBIN' }, '2026-09-01', TODAY);
const A_DAY = 20;
const FLOW = path.resolve(__dirname, '../flows/n8n/EMA crossover.json');
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const BROKEN: Fault = { kind: 'reset', carriedOut: false };

/** A broker's double, as far as history goes. */
interface Bench {
  readonly account: AccountConfig;
  readonly secrets: AccountSecrets;
  readonly brokers: NonNullable<World['brokers']>;
  readonly limited: Fault;
  /** Days before are refused, in these words. */
  keepFrom(day: string): void;
  readonly tooOldText: string;
  /** Starts of candles that the broker has. */
  give(timeframe: StoredTimeframe, times: readonly number[]): void;
  /** Stretches of days that were asked for, in order. */
  asked(): readonly string[];
  /** The next requests for the second page (2026-09-28 to 2026-10-23) go wrong; called when the first is there. */
  spoil(fault: Fault, times: number): void;
  endSession(over: boolean): void;
  close(): Promise<void>;
}
type OpenBench = () => Promise<Bench>;

const price = (at: number): number => 800 + Math.round(60 * Math.sin(at / (40 * MINUTE_MS))) / 10;

const openAlgoBench: OpenBench = async () => {
  const server = await openAlgoServer({ now: () => now });
  return {
    account: AccountConfig.parse({ id: 'mine', broker: 'openalgo', mode: 'live', url: server.url }), secrets: { apiKey: server.apiKey }, brokers: {}, limited: LIMITED,
    keepFrom(day) { server.gateway.oldestDay = day; }, tooOldText: 'from_date is too far back',
    give(timeframe, times) {
      server.gateway.history.set(`NSE:SBIN ${timeframe === '1d' ? 'D' : timeframe}`, times.map((at) => ({ timestamp: at / 1_000, open: price(at), high: price(at) + 1, low: price(at) - 1, close: price(at) + 0.1, volume: 100_000 })));
    },
    asked: () => server.asked('history').map(({ start_date: start, end_date: end }) => `${String(start)} ${String(end)}`),
    spoil(fault, times) { server.fail('history', fault, times); },
    endSession(over) { server.sessionOver = over; },
    close: () => server.close(),
  };
};

const KEY = 'NSE_EQ|INE062A01020';
const UNITS = { '1m': 'minutes/1', '3m': 'minutes/3', '5m': 'minutes/5', '10m': 'minutes/10', '15m': 'minutes/15', '30m': 'minutes/30', '1h': 'hours/1', '1d': 'days/1' } as const;
const upstoxBench: OpenBench = async () => {
  const server = await upstoxServer({ now: () => now });
  server.back.instruments = [{ segment: 'NSE_EQ', instrument_type: 'EQ', instrument_key: KEY, lot_size: 1, tick_size: 5, trading_symbol: 'SBIN' }];
  const stamp = (at: number): string => `${new Date(at + 5.5 * 3_600_000).toISOString().slice(0, 19)}+05:30`;
  return {
    account: AccountConfig.parse({ id: 'mine', broker: 'upstox', mode: 'live' }), secrets: { accessToken: server.accessToken }, limited: UPSTOX_LIMITED,
    keepFrom(day) { server.back.oldestDay = day; }, tooOldText: 'Invalid date range (UDAPI1148)',
    brokers: { upstox: { addresses: server.addresses, masterAddress: server.masterAddress } },
    give(timeframe, times) { server.back.candles.set(`${KEY} ${UNITS[timeframe]}`, times.map((at) => [stamp(at), price(at), price(at) + 1, price(at) - 1, price(at) + 0.1, 100_000, 0]).reverse()); },
    asked: () => server.askedUnder('/v3/historical-candle/').map(({ path: asked }) => decodeURIComponent(asked).split('/')).map((parts) => (parts[3] === 'intraday' ? 'today' : `${parts[7] ?? ''} ${parts[6] ?? ''}`)),
    spoil(fault, times) { server.fail(`/v3/historical-candle/${encodeURIComponent(KEY)}/minutes/1/2026-10-23/2026-09-28`, fault, times); },
    endSession(over) { server.sessionOver = over; },
    close: () => server.close(),
  };
};

let now = NOW;
let folder = '';
let home = '';
let bench: Bench;
let waits: number[] = [];
let begun = 0;

async function begin(open: OpenBench): Promise<void> {
  folder = mkdtempSync(path.join(tmpdir(), 'cli-fetch-'));
  home = path.join(folder, '.bellwether');
  bench = await open();
  const store = await openStore(home, { log: quiet });
  for (const account of [AccountConfig.parse({}), bench.account]) await store.declareAccount(account, now);
  await store.close();
  await openVault(home, VAULT_KEY).set('mine', bench.secrets);
}

/** An empty candle store, at the same time as always. */
function anew(): void {
  now = NOW;
  waits = [];
  begun = bench.asked().length;
  for (const file of ['candles.db', 'candles.db-wal', 'candles.db-shm']) rmSync(path.join(home, file), { force: true });
}

/** What the test itself has asked for. */
const asked = (): readonly string[] => bench.asked().slice(begun);

async function end(): Promise<void> {
  await bench.close();
  rmSync(folder, { recursive: true, force: true });
}

/** What is done before a page, beside Ctrl+C. */
const beforePage = (wanted: number, act: () => void) => ({ onPage: (page: number): boolean => {
  if (page === wanted) act();
  return false;
} });

/** One command. `onPage` is called before each page; true is Ctrl+C. */
async function run(words: readonly string[], { onPage = () => false }: { readonly onPage?: (page: number) => boolean } = {}) {
  let [out, err, page] = ['', '', 0];
  const world: World = {
    env: { BELLWETHER_VAULT_KEY: VAULT_KEY }, workingDirectory: folder, userFolder: path.join(folder, 'nobody'), now: () => now, openStore: (at) => openStore(at, { log: quiet }),
    readText: (file) => readFileSync(file, 'utf8'), out: (text) => { out += text; }, err: (text) => { err += text; },
    backtest: { isTerminal: false, interrupted: () => onPage(page += 1), writeText: () => undefined, runner: () => inlineRunner(DEFINITIONS) },
    brokers: {
      ...bench.brokers,
      pause(ms) {
        waits.push(ms);
        now += ms;
        return Promise.resolve();
      },
    },
  };
  const code = await main(words, world);
  return { code, out, err };
}
const fetch = (more: readonly string[] = [], hooks: Parameters<typeof run>[1] = {}) => run(['data', 'fetch', '--account', 'mine', '--symbol', 'NSE:SBIN', '--from', '2026-09-01', ...more], hooks);
const minutesOf = (days: readonly string[], count = A_DAY): number[] => days.flatMap((day) => Array.from({ length: count }, (_, index) => indiaTime(day, '09:15') + index * MINUTE_MS)).filter((at) => at <= now);
async function stored(timeframe: StoredTimeframe = '1m'): Promise<readonly number[]> {
  const store = await openCandleStore({ path: path.join(home, 'candles.db') });
  const held = await store.candles({ instrument: SBIN, timeframe, from: 0, until: Infinity, limit: 100_000 });
  await store.close();
  return held.ok ? held.value.map(({ time }) => time) : [];
}
const closedAt = (times: readonly number[], at: number): readonly number[] => times.filter((time) => time + MINUTE_MS <= at);

describe.each<['openalgo' | 'upstox', OpenBench]>([['openalgo', openAlgoBench], ['upstox', upstoxBench]])('%s', (broker, open) => {
  const firstPage = broker === 'openalgo' ? ['2026-10-26 2026-11-20'] : ['today', '2026-10-26 2026-11-19'];
  const pages = [...firstPage, '2026-09-28 2026-10-23', '2026-09-01 2026-09-25'];
  const second = '2026-09-28 2026-10-23';
  const todayOnly = broker === 'openalgo' ? ['2026-11-20 2026-11-20'] : ['today'];
  const times = (): number[] => minutesOf(DAYS);
  beforeAll(() => begin(open));
  beforeEach(() => {
    anew();
    bench.give('1m', times());
  });
  afterAll(end);

  test('months of minutes come in pages at the broker\'s pace, and a flow is tested on them', async () => {
    expect(await fetch()).toEqual({ code: 0, err: '', out: `NSE:SBIN: ${closedAt(times(), NOW).length} candles of 1m fetched in 3 pages; 0 pages were there already.\n` });
    expect(asked()).toEqual(pages);
    expect(waits).toEqual(pages.slice(1).map(() => 500));
    expect(await stored()).toEqual(closedAt(times(), NOW));
    const tested = await run(['backtest', FLOW, '--data', 'store', '--json']);
    expect(tested).toMatchObject({ code: 0, err: '' });
    expect((JSON.parse(tested.out) as { trades: unknown[] }).trades.length).toBeGreaterThan(2);
  });

  test('what is there is not asked for again; today is never over', async () => {
    await fetch();
    now = indiaTime(TODAY, '11:00');
    bench.give('1m', minutesOf(DAYS, 60));
    const before = asked().length;
    expect((await fetch()).out).toMatch(/fetched in 1 pages; 2 pages were there already/);
    expect(asked().slice(before)).toEqual(todayOnly);
    expect((await stored()).filter((at) => indiaDate(at) === TODAY)).toHaveLength(60);
    await fetch(['--again']);
    expect(asked().slice(before + todayOnly.length)).toEqual(pages);
  });

  test('the day after asks for that day and for the one that was not over', async () => {
    await fetch(['--to', '2026-11-19']);
    const before = asked().length;
    now = indiaTime('2026-11-23', '16:00');
    bench.give('1m', minutesOf([...DAYS, '2026-11-23'], 375));
    await fetch();
    expect(asked().slice(before)).toEqual(broker === 'openalgo' ? ['2026-11-20 2026-11-23'] : ['today', '2026-11-20 2026-11-22']);
  });

  test('Ctrl+C keeps what is there; the next fetch goes on from it', async () => {
    const broken = await fetch([], { onPage: (page) => page === 2 });
    expect(broken).toMatchObject({ code: 130, err: '', out: expect.stringMatching(/fetched in 1 pages.*\nBroken off\. What was fetched is kept; the same command goes on from there\.\n$/) as string });
    expect(asked()).toEqual(firstPage);
    expect((await stored())[0]).toBe(indiaTime('2026-10-26', '09:15'));
    expect(await fetch()).toMatchObject({ code: 0 });
    expect(asked().slice(firstPage.length)).toEqual([...todayOnly, ...pages.slice(firstPage.length)]);
    expect(await stored()).toEqual(closedAt(times(), NOW));
  });

  test('"slow down" in the middle is waited for: within a request, and longer where that does not help', async () => {
    const spoilt = await fetch([], beforePage(2, () => { bench.spoil(bench.limited, 4); }));
    expect(spoilt).toMatchObject({ code: 0, err: '' });
    expect(asked().filter((span) => span === second)).toHaveLength(5);
    expect(waits.filter((ms) => ms === 500).length).toBeGreaterThanOrEqual(10);
    expect(await stored()).toEqual(closedAt(times(), NOW));
  });

  test('a page that never comes ends the fetch with what is there, and is asked for the next time', async () => {
    const spoilt = await fetch([], beforePage(2, () => { bench.spoil(BROKEN, 12); }));
    expect(spoilt).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/connection .* broke.*fetched in 1 pages.*the same command goes on from there/i) as string });
    expect(asked().filter((span) => span === second)).toHaveLength(12);
    expect(await fetch()).toMatchObject({ code: 0 });
    expect(await stored()).toEqual(closedAt(times(), now));
  });

  test('a session that ends in the middle is told with what to do, and after the login it goes on', async () => {
    const ended = await fetch([], beforePage(3, () => { bench.endSession(true); }));
    expect(ended).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/Log in .*fetched in 2 pages/) as string });
    expect(ended.err).not.toContain(Object.values(bench.secrets)[0]);
    bench.endSession(false);
    const before = asked().length;
    expect(await fetch()).toMatchObject({ code: 0 });
    expect(asked().slice(before)).toEqual([...todayOnly, pages.at(-1)]);
  });

  test.each([['at the end of a page', '2026-10-26', 1], ['within a page', '2026-10-14', 2], ['on its newest day', '2026-10-23', 2]])('a broker that keeps a limited past refuses what lies before it: what it has is there, also where it begins %s, and its words are told', async (_where, day, pagesGiven) => {
    bench.keepFrom(day);
    const done = await fetch();
    const given = closedAt(minutesOf(DAYS.filter((each) => each >= day)), NOW);
    expect(done).toMatchObject({ code: 0, out: expect.stringContaining(`\nThe broker has nothing before ${day} (${bench.tooOldText}). Longer candles (--timeframe) may reach further back.\n`) as string });
    expect(await stored()).toEqual(given);
    const first = asked().length;
    expect(first).toBeLessThan(pages.length + 6);
    await fetch();
    // Where it begins is known by now.
    expect(asked().length - first).toBeLessThan(pagesGiven === 1 ? 9 : 4);
    bench.keepFrom('');
  });

  test('longer candles are kept as they are', async () => {
    const fives = minutesOf(DAYS).filter((at) => at % (5 * MINUTE_MS) === 0);
    bench.give('5m', fives);
    expect(await fetch(['--timeframe', '5m'])).toMatchObject({ code: 0, out: expect.stringMatching(/candles of 5m fetched in 3 pages/) as string });
    expect(await stored('5m')).toEqual(fives.filter((at) => at + 5 * MINUTE_MS <= NOW));
    expect(await stored()).toEqual([]);
  });

  test('days come without today', async () => {
    bench.give('1d', DAYS.map((day) => indiaTime(day, '00:00')));
    expect(await fetch(['--timeframe', '1d'])).toMatchObject({ code: 0 });
    expect((await stored('1d')).map(indiaDate)).toEqual(DAYS.slice(0, -1));
  });

  // What follows is the walk itself, the same for every broker: one is enough.
  if (broker !== 'openalgo') return;

  test('Ctrl+C is heard while a page is waited for', async () => {
    const broken = await fetch([], { onPage: (page) => {
      if (page === 2) bench.spoil(bench.limited, 3);
      return page > 4;
    } });
    expect(broken).toMatchObject({ code: 130 });
    expect(asked().filter((span) => span === second)).toHaveLength(3);
  });

  test('days without a candle between others are asked for once; before a listing two pages are enough, each time', async () => {
    bench.give('1m', minutesOf(DAYS.filter((day) => day >= '2026-11-02' && day !== '2026-11-10')));
    const listed = await fetch(['--from', '2024-01-01']);
    expect(listed.out).toMatch(/The broker has nothing before 2026-11-02\./);
    const first = asked();
    expect(first.slice(firstPage.length)).toHaveLength(2);
    await fetch(['--from', '2024-01-01']);
    expect(asked().slice(first.length)).toEqual([...todayOnly, ...first.slice(firstPage.length)]);
  });

  test('pages that a broker out of sorts left empty are asked for again', async () => {
    await fetch(['--to', '2026-10-23'], beforePage(1, () => { bench.give('1m', []); }));
    expect(await stored()).toEqual([]);
    bench.give('1m', times());
    await fetch();
    expect(await stored()).toEqual(closedAt(times(), NOW));
  });

  test('days that were imported whole are not asked for', async () => {
    const days = DAYS.filter((day) => day >= '2026-10-26' && day < '2026-11-16');
    const rows = days.flatMap((day) => Array.from({ length: 375 }, (_, index) => `${indiaTime(day, '09:15') + index * MINUTE_MS},800,801,799,800,5`));
    writeFileSync(path.join(folder, 'own.csv'), rows.join('\n'));
    expect(await run(['data', 'import', path.join(folder, 'own.csv'), '--symbol', 'NSE:SBIN'])).toMatchObject({ code: 0 });
    await fetch(['--from', '2026-10-26']);
    expect(asked()).toEqual(['2026-11-16 2026-11-20']);
  });

  test('candles of the last days that are late are asked for again', async () => {
    bench.give('1m', minutesOf(DAYS.filter((day) => day <= '2026-11-17')));
    await fetch();
    const before = asked().length;
    bench.give('1m', times());
    await fetch();
    expect(asked().slice(before)).toEqual(['2026-11-18 2026-11-20']);
  });
});

describe('what can not be fetched', () => {
  beforeAll(() => begin(openAlgoBench));
  beforeEach(anew);
  afterAll(end);

  test.each<[string, readonly string[], number, RegExp]>([
    ['an account that is not known', ['--account', 'other'], 1, /no account "other"; known: .*mine/],
    ['a paper account', ['--account', 'paper'], 1, /paper account: it has no broker/],
    ['a length that is not kept', ['--timeframe', '7m'], 2, /--timeframe is one of 1m, 3m, 5m/],
    ['a stretch that ends before it begins', ['--to', '2026-08-01'], 2, /--from is not before --to/],
    ['a symbol that the broker does not know', [], 1, /SBIN not found/],
  ])('%s', async (_what, more, code, why) => {
    expect(await fetch(more)).toMatchObject({ code, out: '', err: expect.stringMatching(why) as string });
  });

  test('no candles before a page that fails: nothing is said of what is kept', async () => {
    bench.give('1m', minutesOf([addDays(TODAY, -1)]));
    bench.endSession(true);
    expect((await fetch()).err).not.toMatch(/is kept/);
  });

  test('a broker that can not be reached is not waited for', async () => {
    bench.endSession(false);
    await bench.close();
    expect(await fetch()).toMatchObject({ code: 1, err: expect.stringContaining('can not be reached') as string });
    expect(waits.length).toBeLessThan(5);
  });
});
