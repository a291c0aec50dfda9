import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { admitted, apply, fill, request, SBIN, status, T0, TCS } from '../tests/contracts/store/fixtures';
import { manualClock } from '../runtime/adapters/system/manual';
import { AccountConfig } from '../runtime/domain/account';
import type { Finding } from '../runtime/domain/ledger/difference';
import { toMoney } from '../runtime/domain/money';
import type { Store } from '../runtime/domain/ports';
import { indiaDate } from '../runtime/domain/session';
import { openStore } from '../runtime/index';
import { everyTrade } from './ledger';
import { main, type World } from './main';

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const clock = manualClock(T0);
let folder = '';
const open = (home: string): Promise<Store> => openStore(home, { clock, log: quiet });
const finding = (changes: Partial<Finding> = {}): Finding => ({ key: 'position NSE:SBIN MIS', kind: 'position', mark: '5', instrument: SBIN, product: 'MIS', brokerSays: '9', journalSays: '4', gap: 5, price: toMoney(801), ...changes });

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'bellwether-status-'));
  const store = await open(path.join(folder, '.bellwether'));
  await store.declareAccount(AccountConfig.parse({}), T0);
  await store.declareAccount(AccountConfig.parse({ id: 'live', broker: 'openalgo', mode: 'live', limits: { maxPosition: 4, maxDailyOrders: 2 } }), T0);
  await store.arming.arm({ account: 'live', client: 'openalgo:127.0.0.1:5000', by: 'Asha', protection: { heldBy: 'broker' }, happenedAt: T0 });
  const order = await admitted(store, 'k1', undefined, { draft: { account: 'live' } });
  await apply(store, order, [fill(order, 't1', { rupees: 812.35, quantity: 4, chargesRupees: 2 }), status(order, 'CANCELLED')]);
  const lost = await admitted(store, 'k2', undefined, { draft: { account: 'live', instrument: TCS, signalId: 's2' } });
  await apply(store, lost, [status(lost, 'UNKNOWN', { denial: { code: 'OUTCOME_UNKNOWN', message: 'connection reset' } })]);
  await store.admit(request('k3', { draft: { account: 'live', signalId: 's3' } }), () => ({ kind: 'satisfied' }));
  await store.differences.open({ account: 'live', finding: finding(), happenedAt: T0 });
  await store.leases.acquire({ name: 'reconcile:live', owner: 'runtime-gone', now: T0, until: T0 + 90_000 });
  await store.close();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function run(...words: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string; readonly json: unknown }> {
  let out = '';
  let err = '';
  const world: World = {
    env: {}, workingDirectory: folder, userFolder: path.join(folder, 'nobody'), now: () => clock.now(), openStore: open, readText: () => '',
    out: (text) => { out += text; }, err: (text) => { err += text; },
  };
  const code = await main(words, world);
  const json: unknown = words.includes('--json') && code === 0 ? JSON.parse(out) : undefined;
  return { code, out, err, json };
}

describe('status', () => {
  test('tells of accounts, positions, unknown orders, differences and owners', async () => {
    const { json, err } = await run('status', '--json', '--account', 'live');
    expect(err).toBe('');
    expect(json).toEqual({
      at: T0,
      accounts: [{
        account: 'live', broker: 'openalgo', orders: 'live', armed: 'yes', armedBy: 'Asha', armedSince: T0, killSwitchSince: null, lossLatchedSince: null,
        ordersToday: 2, realisedToday: -2, openOrders: 1, openPositions: 1, unknownOrders: 1, differences: 1,
      }],
      positions: [{ account: 'live', strategy: 'momentum', exchange: 'NSE', symbol: 'SBIN', product: 'MIS', quantity: 4, averagePrice: 812.35, protection: null, protectedBy: null }],
      unknownOrders: [{ id: 'ok2', account: 'live', strategy: 'momentum', order: 'BUY 10 NSE:TCS', since: T0, reason: 'connection reset' }],
      differences: [{ id: 1, account: 'live', kind: 'position', instrument: 'NSE:SBIN', brokerSays: '9', journalSays: '4', gap: 5, since: T0, state: 'open', by: null, reason: null }],
      leases: [{ name: 'reconcile:live', owner: 'runtime-gone', state: 'owner is gone', until: T0 + 90_000 }],
      health: [],
    });
  });

  test('reads as tables that say what stops entries and what to type', async () => {
    const { out } = await run('status');
    expect(out).toMatch(/ENTRIES +POSITIONS +OPEN ORDERS +UNKNOWN +DIFFERENCES/);
    expect(out).toMatch(/live +openalgo +live +yes, by Asha +refused: differences +1 +1 +1 +1/);
    expect(out).toMatch(/paper +paper +paper +needs none +allowed/);
    expect(out).toContain('bellwether reconcile --resolve <id> --as external|ignored --by <name> --reason <text>');
    expect(out).toMatch(/NSE:SBIN +MIS +4 +812\.35 +none/);
    expect(out).toContain('connection reset');
  });

  test('an account that is not there is a failure', async () => {
    expect(await run('status', '--account', 'nobody')).toMatchObject({ code: 1 });
    expect(await run('status', 'live')).toMatchObject({ code: 2 });
  });
});

describe('risk', () => {
  const row = async (control: string, ...more: readonly string[]): Promise<unknown> => {
    const { json } = await run('risk', '--json', '--account', 'live', ...more);
    return Array.isArray(json) ? json.find((entry: { control?: unknown }) => entry.control === control) : undefined;
  };

  test.each([
    ['max daily orders', { unit: 'orders', limit: 2, used: 2, rest: 0, state: 'reached' }],
    ['max daily loss', { unit: 'rupees', limit: 20_000, used: 2, rest: 19_998, state: 'ok' }],
    ['max open positions', { limit: 20, used: 2, rest: 18, state: 'ok' }],
    ['differences', { limit: 0, used: 1, state: 'reached' }],
    ['orders of unknown outcome', { used: 1, state: 'reached' }],
    ['max order value', { unit: 'rupees', limit: 100_000, used: null, rest: null, state: 'ok' }],
    ['daily loss stop', { state: 'off', since: null }],
    ['max symbol exposure', { instrument: 'NSE:SBIN', limit: 2_000, used: 4, rest: 1_996 }],
  ])('%s: limit, used and rest', async (control, expected) => {
    expect(await row(control)).toMatchObject({ account: 'live', strategy: null, ...expected });
  });

  test('of a strategy: what it holds with what is on its way', async () => {
    const { json } = await run('risk', '--json', '--strategy', 'momentum');
    expect(json).toMatchObject([
      { account: 'live', strategy: 'momentum', instrument: 'NSE:SBIN MIS', control: 'max position', limit: 4, used: 4, rest: 0, state: 'reached' },
      { strategy: 'momentum', instrument: 'NSE:TCS MIS', used: 10, rest: 0, state: 'reached' },
    ]);
  });

  test('reads as a table', async () => {
    expect((await run('risk')).out).toMatch(/live +max daily orders +2 +2 +0 +orders +reached/);
  });

  test('the counters of yesterday are over', async () => {
    clock.set(T0 + 86_400_000);
    try {
      expect(await row('max daily orders')).toMatchObject({ used: 0, rest: 2 });
    } finally {
      clock.set(T0);
    }
  });
});

describe('reconcile', () => {
  const by = ['--by', 'Asha', '--reason', 'bonus shares'];

  test('lists what is open, and with --all what was', async () => {
    expect((await run('reconcile')).out).toMatch(/^ID +SINCE/);
    expect((await run('reconcile', '--resolve', '1', '--as', 'ignored', ...by)).out).toBe('Difference 1 of account live: ignored by Asha.\n');
    expect((await run('reconcile')).out).toBe('No open differences.\n');
    expect((await run('reconcile', '--all', '--json')).json).toMatchObject([{ id: 1, state: 'ignored', by: 'Asha', reason: 'bonus shares' }]);
  });

  test('as external books the gap, at the price of the difference or one that is given', async () => {
    const { json } = await run('reconcile', '--resolve', '1', '--as', 'external', '--price', '805.5', '--json', ...by);
    expect(json).toMatchObject([{ id: 1, state: 'external' }]);
    expect((await run('status', '--json')).json).toMatchObject({ differences: [], positions: [{ strategy: 'external', quantity: 5, averagePrice: 805.5 }, { strategy: 'momentum', quantity: 4 }] });
  });

  test('an order of unknown outcome is settled as never arrived, or as one of the broker’s orders', async () => {
    const store = await open(path.join(folder, '.bellwether'));
    const { difference } = await store.differences.open({ account: 'live', finding: { key: 'unknown ok2', kind: 'orderUnknown', mark: 'unknown', instrument: TCS, product: 'MIS', orderId: 'ok2', brokerSays: 'nothing', journalSays: 'sent' }, happenedAt: T0 });
    await store.close();
    expect(await run('reconcile', '--resolve', `${difference.id}`, '--as', 'found', ...by)).toMatchObject({ code: 1, err: expect.stringContaining('--order') as string });
    expect((await run('reconcile', '--resolve', `${difference.id}`, '--as', 'never-arrived', ...by)).out).toContain('neverArrived by Asha');
    expect((await run('status', '--json', '--account', 'live')).json).toMatchObject({ unknownOrders: [] });
    expect(await run('reconcile', '--resolve', '1', '--as', 'never-arrived', ...by)).toMatchObject({ code: 1 });
  });

  test('twice, or of nothing, is a failure that says so', async () => {
    await run('reconcile', '--resolve', '1', '--as', 'ignored', ...by);
    expect(await run('reconcile', '--resolve', '1', '--as', 'external', ...by)).toMatchObject({ code: 1, err: 'bellwether: Difference 1 is resolved already: ignored, by Asha.\n' });
    expect(await run('reconcile', '--resolve', '7', '--as', 'external', ...by)).toMatchObject({ code: 1 });
  });

  test.each([
    [['--resolve', 'one', '--as', 'ignored', ...by]], [['--resolve', '1', '--as', 'explained', ...by]], [['--resolve', '1', '--as', 'ignored', '--reason', 'r']], [['--resolve', '1', '--as', 'ignored', '--by', 'Asha']],
    [['--resolve', '1', '--as', 'ignored', '--price', '5', ...by]], [['--resolve', '1', '--as', 'external', '--price', '-5', ...by]], [['--by', 'Asha']], [['--limit', '0']], [['1']],
  ])('%j makes no sense', async (words) => {
    expect(await run('reconcile', ...words)).toMatchObject({ code: 2, out: '' });
  });
});

describe('events and ledger', () => {
  test('events are listed newest first, with the life of orders among them', async () => {
    const { json } = await run('events', '--json', '--account', 'live');
    expect(json).toMatchObject([{ status: 'difference' }, { status: 'unknown', flow: 'momentum', symbol: 'TCS', action: 'BUY', quantity: 10 }, { status: 'cancelled' }, { status: 'partiallyFilled', filledQuantity: 4 }, { status: 'armed' }]);
    expect((await run('events', '--strategy', 'nobody')).out).toBe('Nothing there.\n');
    expect((await run('events', '--limit', '1')).out).toContain('difference');
  });

  test('the ledger sums up what was traded, by strategy, account and day', async () => {
    const sums = { trades: 1, turnover: 3249.4, realisedPnl: 0, charges: 2, net: -2 };
    expect((await run('ledger', '--json')).json).toMatchObject({ strategies: [{ account: 'live', strategyId: 'momentum', ...sums, openPositions: 1 }], accounts: [{ account: 'live', ...sums }], days: [{ day: indiaDate(T0), ...sums }] });
    expect((await run('ledger', '--days')).out).toMatch(/DAY +ACCOUNT +FLOW +TRADES +TURNOVER/);
    expect((await run('ledger', '--account', 'paper')).out).toBe('Nothing was traded yet.\n');
  });

  test('is read page by page without counting a trade twice or leaving one out', async () => {
    const trades = Array.from({ length: 25 }, (_, index) => ({ account: 'a', strategyId: 's', instrument: SBIN, product: 'MIS' as const, action: 'BUY' as const, quantity: index + 1, price: toMoney(1), charges: toMoney(0), happenedAt: Math.floor(index / 3) }));
    const ledger: Store['ledger'] = { trades: ({ from = 0, limit = 10 } = {}) => {
      const found = trades.filter(({ happenedAt }) => happenedAt >= from);
      return Promise.resolve({ trades: found.slice(0, limit), isComplete: found.length <= limit });
    } };
    expect(await everyTrade({ ledger }, {}, 7)).toEqual(trades);
    await expect(everyTrade({ ledger }, {}, 2)).rejects.toThrow('one moment');
  });

  test('rearm says what it clears, and that it arms nothing', async () => {
    await run('disarm', 'live', '--by', 'Asha');
    await run('kill');
    const { out } = await run('rearm', '--account', 'live');
    expect(out).toContain('Account live: kill switch and daily-loss stop are cleared. It is a live account and not armed');
    expect((await run('rearm', '--account', 'paper')).out).toBe('Account paper: kill switch and daily-loss stop are cleared.\n');
  });
});
