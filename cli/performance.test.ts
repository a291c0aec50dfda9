import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openSqliteStore } from '../runtime/adapters/store';
import { AccountConfig } from '../runtime/domain/account';
import type { LedgerTrade } from '../runtime/domain/ledger/difference';
import { instrumentKey } from '../runtime/domain/market';
import { toMoney } from '../runtime/domain/money';
import type { Order } from '../runtime/domain/order';
import type { InboxEntry } from '../runtime/domain/ports';
import { indiaTime } from '../runtime/domain/session';
import { resultOfJournal } from '../runtime/services/performance';
import { main, type World } from './main';

const NOW = indiaTime('2026-11-20', '16:00');
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const at = (day: string, time: string): number => indiaTime(`2026-11-${day}`, time);
const booked = (action: 'BUY' | 'SELL', price: number, happenedAt: number, changes: Partial<LedgerTrade> = {}): LedgerTrade =>
  ({ account: 'paper', strategyId: 'demo', instrument: instrumentKey('NSE', 'SBIN'), product: 'MIS', action, quantity: 10, price: toMoney(price), charges: toMoney(2), happenedAt, ...changes });

const TRADES = [
  booked('BUY', 100, at('16', '10:00')), booked('SELL', 110, at('17', '10:00')), booked('SELL', 110, at('18', '10:00')), booked('BUY', 112, at('18', '11:00')),
  booked('BUY', 50, at('19', '10:00'), { strategyId: 'other' }),
];

/** A journal with these trades; everything else of it is empty. */
function journal(trades: readonly LedgerTrade[], pages = 10_000, { orders = [], signals = [] }: { readonly orders?: readonly Order[]; readonly signals?: readonly InboxEntry[] } = {}) {
  const reads: number[] = [];
  const store = {
    accounts: () => Promise.resolve([AccountConfig.parse({})]), orders: () => Promise.resolve(orders), intents: () => Promise.resolve([]), alerts: () => Promise.resolve([]), signals: () => Promise.resolve(signals),
    ledger: {
      trades: ({ strategyId, from = 0, until = Infinity }: { strategyId?: string; from?: number; until?: number } = {}) => {
        const found = trades.filter((trade) => (strategyId === undefined || trade.strategyId === strategyId) && trade.happenedAt >= from && trade.happenedAt <= until);
        reads.push(found.length);
        return Promise.resolve({ trades: found.slice(0, pages), isComplete: found.length <= pages });
      },
    },
  };
  return { store, reads };
}

const read = async (request: object, trades = TRADES, pages?: number) => {
  const outcome = await resultOfJournal(journal(trades, pages).store, { account: 'paper', until: NOW, ...request });
  if (!outcome.ok) throw new Error(outcome.denial.message);
  return outcome.value;
};

test('round trips are made first in first out from the first trade on; those that ended before the period are left out', async () => {
  const all = await read({ strategyId: 'demo' });
  expect(all.trades.map(({ side, pnl }) => [side, pnl / 10_000])).toEqual([['long', 96], ['short', -24]]);
  const later = await read({ strategyId: 'demo', from: at('17', '00:00') });
  expect(later.trades).toHaveLength(2);
  expect((await read({ strategyId: 'demo', from: at('18', '00:00') })).trades.map(({ side }) => side)).toEqual(['short']);
});

test('a period\'s end is exclusive: what is closed later is open, at the price that is given', async () => {
  const { trades, warnings } = await read({ strategyId: 'demo', until: at('17', '10:00'), priceOf: () => toMoney(105) });
  expect(trades).toMatchObject([{ pnl: toMoney(48) }]);
  expect(trades[0]).not.toHaveProperty('exitTime');
  expect(warnings).toMatchObject([{ code: 'OPEN_POSITIONS' }]);
});

test('why in and why out: the node\'s key, the trigger\'s, and the trigger\'s condition as the journal kept it', async () => {
  const origin = { account: 'paper', strategyId: 'demo', instrument: instrumentKey('NSE', 'SBIN'), leg: 0, product: 'MIS', orderType: 'MARKET', quantity: 10, filledQuantity: 10, status: 'FILLED', createdAt: NOW, updatedAt: NOW } as const;
  const orders: readonly Order[] = [
    { ...origin, id: 'in', intentKey: 'i', nodeKey: 'ema-order', signalId: 's1', purpose: 'entry', action: 'BUY' }, { ...origin, id: 'out', intentKey: 'o', nodeKey: 'ema-close', signalId: 's2', purpose: 'exit', action: 'SELL' },
  ];
  const entry = (signalId: string, nodeKey: string, item: InboxEntry['item']): InboxEntry => ({ signalId, nodeKey, strategyId: 'demo', source: 'market', item, receiptId: signalId, status: 'DONE', attempts: 1, happenedAt: NOW, recordedAt: NOW });
  const signals = [entry('s2', 'ema-leave', { condition: { text: 'x', result: true, why: ['ema(9) crosses below ema(21): true (ema(9) = 1, ema(21) = 2)'], missing: [] } }), entry('s1', 'ema-enter', { symbol: 'SBIN' })];
  const outcome = await resultOfJournal(journal([booked('BUY', 100, at('16', '10:00'), { orderId: 'in' }), booked('SELL', 110, at('17', '10:00'), { orderId: 'out' })], 10, { orders, signals }).store, { account: 'paper', until: NOW });
  const [trade] = outcome.ok ? outcome.value.trades : [];
  expect(trade?.entryReason).toEqual({ by: 'ema-order', trigger: 'ema-enter', orderId: 'in', signalId: 's1' });
  expect(trade?.exitReason).toEqual({ by: 'ema-close', trigger: 'ema-leave', because: 'ema(9) crosses below ema(21): true (ema(9) = 1, ema(21) = 2)', orderId: 'out', signalId: 's2' });
});

test('equity is the capital and what closed trades brought, with a point for every trading day', async () => {
  const { equity, capital } = await read({ strategyId: 'demo', capital: 500 });
  expect(capital).toBe(toMoney(500));
  expect(equity.equity.at(-1)).toBe(500 + 96 - 24);
  expect([...equity.at]).toEqual(expect.arrayContaining([at('16', '15:30'), at('19', '15:30'), at('20', '15:30')]));
});

test('pages of the ledger are read until all is there, a page that ends within a moment too', async () => {
  const many = [booked('BUY', 100, at('16', '10:00')), booked('BUY', 101, at('16', '10:01')), booked('SELL', 102, at('16', '10:01')), booked('SELL', 103, at('16', '10:05'))];
  expect((await read({}, many, 3)).trades).toHaveLength(2);
  expect(await resultOfJournal(journal(many, 2).store, { account: 'paper', until: NOW })).toMatchObject({ ok: false, denial: { code: 'NOT_SUPPORTED' } });
});

test('an account that nobody knows is refused', async () => {
  expect(await resultOfJournal(journal([]).store, { account: 'nobody', until: NOW })).toMatchObject({ ok: false, denial: { code: 'NOT_FOUND' } });
});

describe('the command', () => {
  let home = '';
  beforeAll(() => {
    home = mkdtempSync(path.join(tmpdir(), 'bellwether-performance-'));
    writeFileSync(path.join(home, 'bellwether.db'), '');
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  async function run(...words: readonly string[]) {
    const said = { out: '', err: '', files: new Map<string, string>() };
    const world: World = {
      env: {}, workingDirectory: '/', userFolder: '/', now: () => NOW, readText: () => '', out: (text) => { said.out += text; }, err: (text) => { said.err += text; },
      openStore: async () => {
        const store = await openSqliteStore({ path: ':memory:', clock: { now: () => NOW }, log: quiet });
        await store.declareAccount(AccountConfig.parse({}), NOW);
        return { ...store, ...journal(TRADES).store, ledger: journal(TRADES).store.ledger, close: () => store.close() };
      },
      backtest: { isTerminal: false, interrupted: () => false, writeText: (file, text) => { said.files.set(file, text); }, runner: () => { throw new Error('Nothing is walked.'); } },
    };
    return { code: await main(['performance', '--home', home, ...words], world), ...said };
  }

  test('shows figures, strategies and periods', async () => {
    const { code, out } = await run('--by', 'day');
    expect(code).toBe(0);
    expect(out).toMatch(/Net P&L +₹72\.00/);
    expect(out).toMatch(/2026-11-17 +1 +₹96\.00/);
    expect(out).toMatch(/other +0/);
  });

  test('gives the shape of a backtest as JSON, and writes the page', async () => {
    const { out, files } = await run('--json', '--out', 'r.html', '--strategy', 'demo');
    const trade: unknown = expect.objectContaining({ symbol: 'SBIN', exitTime: at('17', '10:00'), entryPrice: 100, exitPrice: 110, charges: 4, pnl: 96, reason: 'by hand', side: 'long', quantity: 10 });
    expect(JSON.parse(out)).toMatchObject({ mode: 'paper', trades: [trade, { side: 'short' }], metrics: { netPnl: 72, totalTrades: 2 }, intents: [], lanes: [] });
    expect(files.get('r.html')).toContain('Paper trading');
  });

  test.each([[['--from', 'yesterday']], [['--by', 'year']], [['--capital', '-1']], [['more']]])('%j makes no sense', async (words) => {
    expect((await run(...words)).code).toBe(2);
  });
});
