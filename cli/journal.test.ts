import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { admitted, apply, denied, fill, receipt, request, status, T0, TCS } from '../tests/contracts/store/fixtures';
import { heapInUse } from '../tests/doubles/heap';
import { requireSqlite } from '../runtime/adapters/store/sqlite/file';
import { manualClock } from '../runtime/adapters/system/manual';
import { AccountConfig } from '../runtime/domain/account';
import type { Store } from '../runtime/domain/ports';
import { openStore } from '../runtime/index';
import { JOURNAL_COLUMNS } from './journalRow';
import { main, type World } from './main';
import { streamedOutput, type OutputFile, type OutputWorld } from './output';

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const clock = manualClock(T0);
let folder = '';
const open = (home: string): Promise<Store> => openStore(home, { clock, log: quiet });
const EVIL = '=HYPERLINK("http://x","y")';

beforeEach(async () => {
  clock.set(T0);
  folder = mkdtempSync(path.join(tmpdir(), 'bellwether-journal-'));
  const store = await open(path.join(folder, '.bellwether'));
  await store.declareAccount(AccountConfig.parse({}), T0);
  await store.receive(receipt('r1', ['a'], { happenedAt: T0 - 10, signals: [{ signalId: 'signal-1', item: { exchange: 'NSE', symbol: 'SBIN', action: 'BUY', quantity: 10, signal: { price: 99.5 } } }] }));
  const order = await admitted(store, 'k1');
  await apply(store, order, [status(order, 'ACCEPTED'), fill(order, 't1', { rupees: 812.35, quantity: 4, chargesRupees: 2 }), fill(order, 't2', { rupees: 812.4, quantity: 6, chargesRupees: 3, happenedAt: T0 + 3 })]);
  await store.admit(request('k2', { draft: { signalId: 's2', strategyId: 'other', instrument: TCS }, happenedAt: T0 + 10 }), () => denied());
  await store.setKillSwitch({ account: 'paper', on: true, happenedAt: T0 + 20, reason: 'enough' });
  await store.recordAlert({ key: 'a1', strategyId: 'momentum', nodeKey: 'alert', severity: 'warning', message: EVIL, channels: [], happenedAt: T0 + 30 });
  await store.close();
});
afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

async function run(words: readonly string[], write?: OutputWorld['write'], file?: OutputWorld['file']) {
  let [out, err] = ['', ''];
  const world: World = {
    env: {}, workingDirectory: folder, userFolder: path.join(folder, 'nobody'), now: () => clock.now(), openStore: open, readText: () => '', out: (text) => { out += text; }, err: (text) => { err += text; },
    output: { write: write ?? ((text) => { out += text; return Promise.resolve(true); }), file: file ?? ((name) => streamedOutput(process.stdout).file(path.join(folder, name))) },
  };
  return { code: await main(['journal', ...words], world), out, err };
}

const Rows = z.array(z.looseObject({ timeUtc: z.string(), kind: z.string(), status: z.string(), message: z.string().nullable() }));
const rows = async (...words: readonly string[]) => Rows.parse(JSON.parse((await run(['--export', 'json', ...words])).out));
const kinds = (list: readonly { readonly kind: string; readonly status: string }[]): readonly string[] => list.map(({ kind, status: how }) => `${kind} ${how}`);

test('everything that was journalled, oldest first, refused decisions included', async () => {
  const all = await rows();
  expect(kinds(all)).toEqual([
    'signal RECEIVED', 'decision ADMITTED', 'order FILLED', ...all.filter(({ kind, timeUtc }) => kind === 'orderEvent' && timeUtc === new Date(T0).toISOString()).map(({ status: how }) => `orderEvent ${how}`),
    'orderEvent ACCEPTED', 'accountEvent accepted', 'orderEvent PARTIALLY_FILLED', 'fill BOOKED', 'accountEvent partiallyFilled', 'orderEvent FILLED', 'fill BOOKED', 'accountEvent filled',
    'decision DENIED', 'accountEvent rejected', 'accountEvent killSwitch', 'alert PENDING',
  ]);
  expect(all.map(({ timeUtc }) => timeUtc)).toEqual(all.map(({ timeUtc }) => timeUtc).toSorted());
  expect(all.every((row) => Object.keys(row).toSorted().join() === JOURNAL_COLUMNS.toSorted().join())).toBe(true);
});

test('what was written of one order stands as it was written, also where the broker’s times go back; that its id is known is said in words', async () => {
  const store = await open(path.join(folder, '.bellwether'));
  clock.set(T0 + 60_100);
  const order = await admitted(store, 'k9', undefined, { draft: { signalId: 's9', strategyId: 'late' }, happenedAt: T0 + 60_000 });
  await store.applyUpdates({ orderId: order, brokerOrderId: 'B-77', tradingDay: '2025-06-02', updates: [] });
  await apply(store, order, [status(order, 'ACCEPTED', { happenedAt: T0 + 60_080 }), fill(order, 't9', { quantity: 10, happenedAt: T0 + 60_070 })]);
  await store.close();
  const life = await rows('--strategy', 'late');
  expect(life.map(({ kind, status: how, message }) => `${kind} ${how}${kind === 'orderEvent' ? ` (${message ?? ''})` : ''}`)).toEqual([
    'decision ADMITTED', 'order FILLED', 'orderEvent CREATED (CREATED)', 'orderEvent SUBMITTING (CREATED to SUBMITTING)', 'orderEvent SUBMITTING (The broker’s id of the order is known: B-77. It stays SUBMITTING)',
    'orderEvent ACCEPTED (SUBMITTING to ACCEPTED)', 'orderEvent FILLED (ACCEPTED to FILLED: trade t9: 10 at 100, 10 of 10 filled)', 'fill BOOKED', 'accountEvent accepted', 'accountEvent filled',
  ]);
});

test('a row says whose it is, when in both zones, and what it came to in rupees', async () => {
  const all = await rows();
  const one = (kind: string, how: string) => all.find((row) => row.kind === kind && row.status === how);
  expect(one('signal', 'RECEIVED')).toMatchObject({ timeUtc: '2025-06-02T03:59:59.990Z', timeIndia: '2025-06-02T09:29:59.990+05:30', strategy: 'momentum', signalId: 'signal-1', exchange: 'NSE', symbol: 'SBIN', action: 'BUY', quantity: 10, price: 99.5, account: null });
  expect(one('fill', 'BOOKED')).toMatchObject({ account: 'paper', strategy: 'momentum', node: 'place', signalId: 'signal-1', intentKey: 'k1', orderId: 'ok1', symbol: 'SBIN', quantity: 4, price: 812.35, charges: 2, id: 't1' });
  expect(one('order', 'FILLED')).toMatchObject({ quantity: 10, filledQuantity: 10, price: 812.38, product: 'MIS', orderType: 'MARKET', purpose: 'entry' });
  expect(one('decision', 'DENIED')).toMatchObject({ strategy: 'other', symbol: 'TCS', code: 'MAX_POSITION', message: 'Too much.', orderId: null });
  expect(one('accountEvent', 'filled')).toMatchObject({ strategy: 'momentum', symbol: 'SBIN', message: 'BUY 10 NSE:SBIN was filled at 812.38.' });
});

test('filters: a strategy, an account with the signals of its strategies, a span', async () => {
  expect(kinds(await rows('--strategy', 'other'))).toEqual(['decision DENIED', 'accountEvent rejected']);
  expect(await rows('--account', 'nobody')).toEqual([]);
  expect((await rows('--account', 'paper')).length).toBe((await rows()).length);
  expect(await rows('--from', '2025-06-03')).toEqual([]);
  expect((await rows('--to', '2025-06-02')).length).toBe((await rows()).length);
});

test('CSV: one head, records as long as it, line ends of RFC 4180, and no formula', async () => {
  const { out, code } = await run(['--export', 'csv']);
  const lines = out.split('\r\n');
  expect({ code, head: lines[0], last: lines.at(-1), bare: /[^\r]\n/.test(out) }).toEqual({ code: 0, head: JOURNAL_COLUMNS.join(','), last: '', bare: false });
  expect(lines).toHaveLength((await rows()).length + 2);
  expect(out).toContain('"warning: =HYPERLINK(""http://x"",""y"")"');
  expect(lines.find((line) => line.includes(',t1,'))).toBe('2025-06-02T04:00:00.002Z,2025-06-02T09:30:00.002+05:30,fill,paper,momentum,place,signal-1,k1,ok1,NSE,SBIN,BUY,4,,812.35,2,,,MIS,MARKET,entry,BOOKED,,,t1,2025-06-02T04:00:00.000Z');
});

test('--out writes a file and says how many rows it holds', async () => {
  const { out } = await run(['--export', 'csv', '--out', 'journal.csv']);
  expect(out).toBe(`${(await rows()).length} rows: journal.csv\n`);
  expect(readFileSync(path.join(folder, 'journal.csv'), 'utf8')).toBe((await run(['--export', 'csv'])).out);
  expect(readdirSync(folder)).not.toContain('journal.csv.partial');
});

test('pages of any size give the same rows; what is written meanwhile is not among them, and a reader may stop', async () => {
  const store = await open(path.join(folder, '.bellwether'));
  try {
    const history = store.history;
    if (history === undefined) throw new Error('no history');
    const read = async (limit: number): Promise<readonly unknown[]> => {
      const found: unknown[] = [];
      for await (const page of history.pages({ limit })) {
        expect(page.length).toBeLessThanOrEqual(limit);
        found.push(...page);
      }
      return found;
    };
    const whole = await read(10_000);
    expect(whole.length).toBeGreaterThan(10);
    for (const size of [1, 2, 3, 7]) expect(await read(size)).toEqual(whole);
    const slow = history.pages({ limit: whole.length - 1 });
    await slow.next();
    await store.recordAlert({ key: 'a2', strategyId: 'momentum', nodeKey: 'alert', severity: 'info', message: 'late', channels: [], happenedAt: T0 + 40 });
    expect((await slow.next()).value).toHaveLength(1);
    expect((await slow.next()).done).toBe(true);
    const left = history.pages({ limit: 1 });
    await left.next();
    await left.return(undefined);
    expect(await read(10_000)).toHaveLength(whole.length + 1);
  } finally {
    await store.close();
  }
});

describe('a long journal', () => {
  const ROWS = 20_000;
  beforeEach(() => {
    const { DatabaseSync } = requireSqlite();
    const db = new DatabaseSync(path.join(folder, '.bellwether', 'bellwether.db'));
    // Times go to and fro, and many are the same.
    db.exec(`with recursive n(i) as (select 1 union all select i + 1 from n where i < ${ROWS})
      insert into alerts (key, strategy_id, node_key, severity, message, channels, status, happened_at, recorded_at) select 'many ' || i, 'momentum', 'alert', 'info', hex(zeroblob(300)), '[]', 'SENT', ${T0} + 1000 + (i * 7919) % 10007, ${T0} from n`);
    db.close();
  });

  test('comes in order, in pieces of a page, and no more than some of them are held', async () => {
    const taken = { longest: 0, total: 0, held: 0, unordered: 0, rows: 0 };
    let [last, isTaking] = ['', false];
    const before = heapInUse();
    const write = async (text: string): Promise<boolean> => {
      expect(isTaking).toBe(false);
      isTaking = true;
      taken.total += text.length;
      taken.longest = Math.max(taken.longest, text.length);
      for (const [, time = '', number = ''] of text.matchAll(/"timeUtc":"([^"]+)".*?"id":"many (\d+)"/g)) {
        const place = `${time} ${number.padStart(6, '0')}`;
        if (place <= last) taken.unordered += 1;
        last = place;
        taken.rows += 1;
      }
      taken.held = Math.max(taken.held, heapInUse() - before);
      await new Promise((resolve) => setImmediate(resolve));
      isTaking = false;
      return true;
    };
    expect(await run(['--export', 'json'], write)).toMatchObject({ code: 0, err: '' });
    expect(taken).toMatchObject({ unordered: 0, rows: ROWS });
    expect(taken.total).toBeGreaterThan(20e6);
    expect(taken.longest).toBeLessThan(3e6);
    expect(taken.held).toBeLessThan(15e6);
  });

  test('ends when nobody reads any more', async () => {
    let pieces = 0;
    expect(await run(['--export', 'csv'], () => Promise.resolve((pieces += 1) < 3))).toMatchObject({ code: 0 });
    expect(pieces).toBe(3);
  });

  test('leaves no half of a file behind', async () => {
    const broken: OutputFile = { write() { throw new Error('the disk is full'); }, finish: () => undefined, abandon: () => { abandoned += 1; } };
    let abandoned = 0;
    expect(await run(['--export', 'csv', '--out', 'x.csv'], undefined, () => broken)).toMatchObject({ code: 1, err: expect.stringContaining('the disk is full') as string });
    expect(abandoned).toBe(1);
  });
});

test.each<[string, readonly string[], RegExp]>([
  ['without a format', [], /--export csv, or --export json/], ['another format', ['--export', 'xml'], /--export csv/], ['a word too much', ['--export', 'csv', 'orders'], /takes options only/], ['a day that is none', ['--export', 'csv', '--from', 'May'], /--from is a day/],
])('%s it makes no sense', async (_, words, expected) => {
  expect(await run(words)).toMatchObject({ code: 2, err: expect.stringMatching(expected) as string });
});
