import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { admitted, apply, denied, fill, receipt, request, T0 } from '../tests/contracts/store/fixtures';
import { countingIds, manualClock } from '../runtime/adapters/system/manual';
import { AccountConfig } from '../runtime/domain/account';
import type { Store } from '../runtime/domain/ports';
import { openStore } from '../runtime/index';
import { journalMemory } from '../runtime/services/triggers';
import { main, type World } from './main';

const FIELDS = ['account', 'action', 'at', 'averagePrice', 'exchange', 'filledQuantity', 'flow', 'id', 'intentKey', 'quantity', 'reason', 'signalId', 'status', 'symbol'];
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

let folder = '';
const clock = manualClock(T0);
const open = (home: string): Promise<Store> => openStore(home, { clock, log: quiet });

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'bellwether-cli-'));
  const store = await open(path.join(folder, '.bellwether'));
  await store.declareAccount(AccountConfig.parse({}), T0);
  await store.receive(receipt('r1', ['first']));
  const order = await admitted(store, 'k1');
  await apply(store, order, [fill(order, 't1', { rupees: 812.35, quantity: 4 })]);
  await store.admit(request('k2', { happenedAt: T0 + 5, draft: { signalId: 'signal-2' } }), () => denied());
  await store.acquireLock({ account: 'paper', name: 'symbol:NSE:SBIN', owner: 'signal-1', until: T0 + 60_000, reason: 'cool-down' }, T0);
  await store.recordAlert({ key: 'a1', strategyId: 'momentum', nodeKey: 'alert', severity: 'warning', message: 'Refused \u001b[31mred', channels: [], happenedAt: T0 });
  await journalMemory({ store, ids: countingIds('c') }).resume({ kind: 'schedule', nodeKey: 'cron', strategyId: 'momentum', source: 'cronMarketHours', fingerprint: 'f' }, T0);
  await store.close();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ran { readonly code: number; readonly out: string; readonly err: string; readonly rows: readonly Record<string, unknown>[] }

async function run(...words: readonly string[]): Promise<Ran> {
  let out = '';
  let err = '';
  const world: World = {
    env: {}, workingDirectory: folder, userFolder: path.join(folder, 'nobody'), now: () => clock.now(), openStore: open, readText: (file) => readFileSync(path.resolve(folder, file), 'utf8'),
    out: (text) => { out += text; }, err: (text) => { err += text; },
  };
  const code = await main(words, world);
  const parsed: unknown = words.includes('--json') && code === 0 ? JSON.parse(out) : [];
  return { code, out, err, rows: isRows(parsed) ? parsed : [] };
}

function isRows(value: unknown): value is readonly Record<string, unknown>[] {
  return Array.isArray(value);
}

test('an order shows what was filled, in rupees', async () => {
  const { code, rows } = await run('orders', '--json');
  expect(code).toBe(0);
  expect(rows).toEqual([{
    id: 'ok1', intentKey: 'k1', signalId: 'signal-1', account: 'paper', flow: 'momentum', exchange: 'NSE', symbol: 'SBIN', action: 'BUY',
    quantity: 10, filledQuantity: 4, averagePrice: 812.35, status: 'PARTIALLY_FILLED', reason: null, at: T0,
  }]);
});

test('a long text is cut, that is said, and --wide shows it whole', async () => {
  const long = `Refused SBIN: The order is worth 17,38,542; one order may be worth 10,00,000 (10 % of capital).${' And more.'.repeat(20)}`;
  const home = path.join(folder, 'long');
  const store = await open(home);
  await store.recordAlert({ key: 'a1', strategyId: 'momentum', nodeKey: 'alert', severity: 'warning', message: long, channels: [], happenedAt: T0 });
  await store.close();
  const [cut, wide] = [(await run('alerts', '--home', home)).out, (await run('alerts', '--home', home, '--wide')).out];
  expect(cut).not.toContain(long);
  expect(cut).toMatch(/…\s.*\n\nTexts that end in … were cut: --wide shows them whole\.\n$/);
  expect(wide).toContain(long);
  expect(wide).not.toContain('--wide');
  // An id that is shortened on purpose is no text that was cut.
  expect((await run('intents')).out).not.toContain('--wide');
  expect(await run('kill', '--wide')).toMatchObject({ code: 2, err: expect.stringContaining('--wide belongs to lists') as string });
});

test.each(['orders', 'positions', 'signals', 'intents', 'locks', 'alerts'])('%s --json is an array of flat rows with the same fields', async (list) => {
  const { code, err, rows } = await run(list, '--json');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) {
    expect(Object.keys(row).sort()).toEqual(FIELDS);
    expect(Object.values(row).filter((value) => typeof value === 'object' && value !== null)).toEqual([]);
  }
});

test('the note of when a schedule was set is no signal', async () => {
  const { rows } = await run('signals', '--json');
  expect(rows).toHaveLength(1);
});

test('signals by events of orders are shown with --all, and it is said that they are there', async () => {
  const store = await open(path.join(folder, '.bellwether'));
  await store.receive(receipt('r2', ['second'], { nodeKey: 'events', source: 'orderEventTrigger', happenedAt: T0 + 1 }));
  await store.close();
  const { out } = await run('signals');
  expect(out).toMatch(/SIGNAL +FROM +FLOW/);
  expect(out).toMatch(/first@r1 +tradingView +momentum/);
  expect(out).not.toContain('second@r2');
  expect(out).toContain('Not shown: 1 start by events of orders and accounts (Order Event Trigger); --all shows them too.');
  expect((await run('signals', '--json', '--limit', '1')).rows).toMatchObject([{ id: 'first@r1' }]);
  const all = await run('signals', '--all');
  expect(all.out).toContain('second@r2');
  expect(all.out).not.toContain('Not shown');
  expect((await run('orders', '--all')).code).toBe(2);
});

test('a refused intent says why', async () => {
  const { rows } = await run('intents', '--json');
  expect(rows.map(({ id, status, reason }) => ({ id, status, reason }))).toEqual([
    { id: 'k2', status: 'DENIED', reason: 'MAX_POSITION: Too much.' }, { id: 'k1', status: 'ADMITTED', reason: null },
  ]);
});

test('tables are aligned and show the time of the exchange', async () => {
  const { out } = await run('orders');
  const [title = '', row = ''] = out.trimEnd().split('\n');
  expect(title).toMatch(/^TIME \(IST\) +ORDER +ACCOUNT +FLOW +SYMBOL/);
  expect(row).toContain('2025-06-02 09:30:00');
  expect(row.indexOf('NSE:SBIN')).toBe(title.indexOf('SYMBOL'));
  expect(row.indexOf('PARTIALLY_FILLED')).toBe(title.indexOf('STATUS'));
});

test('a message from outside can not steer the terminal', async () => {
  const { out } = await run('alerts');
  expect(out).toContain('warning: Refused  [31mred');
});

test('filters and limits narrow a list', async () => {
  expect((await run('orders', '--json', '--account', 'other')).rows).toEqual([]);
  expect((await run('orders', '--json', '--strategy', 'momentum')).rows).toHaveLength(1);
  expect((await run('intents', '--json', '--limit', '1')).rows).toHaveLength(1);
  expect((await run('orders', '--account', 'other')).out).toBe('Nothing there.\n');
});

test('kill refuses entries until rearm, in the journal that a host reads', async () => {
  const killed = await run('kill', '--reason', 'lunch');
  expect(killed).toMatchObject({ code: 0, err: '' });
  expect(killed.out).toContain('Account paper: kill switch on.');
  expect((await run('risk', '--json')).rows[0]).toMatchObject({ account: 'paper', control: 'kill switch', state: 'on', since: T0 });
  const rearmed = await run('rearm', '--json');
  expect(rearmed.rows).toMatchObject([{ account: 'paper', status: 'CLEAR' }]);
  expect((await run('risk', '--json')).rows[0]).toMatchObject({ control: 'kill switch', state: 'off' });
});

test('an unknown account is a failure, not a usage error', async () => {
  const { code, err } = await run('kill', '--account', 'papr');
  expect(code).toBe(1);
  expect(err).toContain('known: paper');
});

test('a folder without a journal is a failure that names where it looked', async () => {
  const { code, err } = await run('orders', '--home', 'elsewhere');
  expect(code).toBe(1);
  expect(err).toContain(path.join(folder, 'elsewhere'));
});

test.each([
  [['ordrs']], [['orders', 'paper']], [['orders', '--limit', '0']], [['orders', '--limit', '10001']], [['orders', '--limit', 'ten']], [['orders', '--loud']],
  [['signals', '--account', 'paper']], [['kill', '--strategy', 'momentum']], [['orders', '--reason', 'none']], [['orders', '--home']],
])('%j ends with 2 and a hint', async (words) => {
  const { code, out, err } = await run(...words);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(/^bellwether: .+\nTry "bellwether --help"\.\n$/);
});

test('help lists every command; no command at all shows it too, as an error', async () => {
  const help = await run('--help');
  expect(help.code).toBe(0);
  for (const word of ['orders', 'positions', 'signals', 'intents', 'locks', 'kill', 'rearm', '--json']) expect(help.out).toContain(word);
  expect((await run()).code).toBe(2);
});
