import { createHash } from 'node:crypto';
import { Script } from 'node:vm';
import type { BacktestResult, RecordedCandles, Trade } from '../../domain/backtest';
import type { CandleColumns } from '../../domain/candle/columns';
import { instrumentKey, type Instrument } from '../../domain/market';
import { metricsOf } from '../../domain/metrics';
import { toMoney } from '../../domain/money';
import { indiaTime } from '../../domain/session';
import { barsOf, MOST_BARS } from './candleBars';
import { equityPoints } from './equityPoints';
import { resultJson } from './resultJson';
import { tearsheet } from './tearsheet';

const key = instrumentKey('NSE', 'SBIN');
const instrument: Instrument = { key, exchange: 'NSE', symbol: 'SBIN', base: 'SBIN', segment: 'cash', lotSize: 1, tickSize: toMoney(0.05) };
const FROM = indiaTime('2026-11-02', '09:15');

function trade(changes: Partial<Trade> = {}): Trade {
  return {
    strategyId: 'demo', instrument: key, product: 'MIS', side: 'long', quantity: 10, entryTime: FROM, entryPrice: toMoney(100), entryReason: { by: 'Buy', trigger: 'Cross', because: 'ema(9) 101.2 crosses above ema(21) 100.9', orderId: 'o', signalId: 's' },
    exitTime: FROM + 3_600_000, exitPrice: toMoney(110), exitReason: { by: 'stop', because: 'stop at 110', orderId: 'p', signalId: 's' }, charges: toMoney(2), pnl: toMoney(98), ...changes,
  };
}

function result(changes: Partial<BacktestResult> = {}): BacktestResult {
  return {
    name: 'EMA crossover', mode: 'backtest', from: FROM, until: FROM + 86_400_000, capital: toMoney(1_000), trades: [trade()], intents: [], orders: [], fills: [],
    equity: { length: 2, at: Float64Array.of(FROM + 60_000, FROM + 3_600_000), equity: Float64Array.of(990, 1_098), exposure: Float64Array.of(1_000, 0) },
    refusals: [], alerts: [], lanes: [], warnings: [], stoppedEarly: false, ...changes,
  };
}

/** One-minute candles of many days, from a fixed course. */
function candles(days: number): CandleColumns {
  const length = days * 375;
  const columns = { length, time: new Float64Array(length), open: new Float64Array(length), high: new Float64Array(length), low: new Float64Array(length), close: new Float64Array(length), volume: new Float64Array(length), session: new Float64Array(length) };
  for (let index = 0; index < length; index += 1) {
    const session = FROM + Math.floor(index / 375) * 86_400_000;
    const price = 100 + Math.sin(index / 50) * 10;
    columns.session[index] = session;
    columns.time[index] = session + (index % 375) * 60_000;
    columns.open[index] = price;
    columns.close[index] = price + 0.1;
    columns.high[index] = price + 0.5;
    columns.low[index] = price - 0.5;
  }
  return columns;
}

const page = (changes: Partial<BacktestResult> = {}, given: readonly RecordedCandles[] = []): string => tearsheet(result(changes), { candles: given });
const scriptsOf = (text: string): readonly string[] => [...text.matchAll(/<script>([^]*?)<\/script>/g)].map(([, script = '']) => script);

test('the page asks nobody for anything: no address but those a person may click, and a policy that forbids the rest', () => {
  const text = page();
  expect([...text.matchAll(/\s(?:src|href)="([^"]*)"/g)].map(([, address = '']) => address).filter((address) => !address.startsWith('#'))).toEqual(['https://www.tradingview.com/']);
  expect(text).toContain('content="default-src \'none\'; script-src');
  expect(/<style>([^]*?)<\/style>/.exec(text)?.[1]).not.toMatch(/@import|url\(/);
});

test('its policy names its own scripts by hash and no other, and they parse', () => {
  const text = page();
  const policy = /content="(default-src[^"]*)"/.exec(text)?.[1] ?? '';
  const scripts = scriptsOf(text);
  expect(scripts).toHaveLength(3);
  for (const script of scripts) {
    expect(policy).toContain(createHash('sha256').update(script).digest('base64'));
    expect(() => new Script(script)).not.toThrow();
  }
  expect(/script-src ([^;]*)/.exec(policy)?.[1]).not.toContain('unsafe');
});

test('a hostile name is text wherever it stands', () => {
  const evil = '</script><script>alert(1)</script><img src=x onerror="alert(2)">';
  const text = page({
    name: evil, trades: [trade({ strategyId: evil, entryReason: { by: evil, trigger: evil, because: evil, orderId: 'o', signalId: 's' } })], lanes: [{ node: evil, type: evil, lane: 'compiled' }],
    warnings: [{ code: 'X', message: evil, about: evil, count: 2 }], refusals: [{ at: FROM, node: evil, code: evil, message: evil }],
  });
  expect(scriptsOf(text)).toHaveLength(3);
  expect(text).not.toContain('<img');
  expect(text.match(/<script/g)).toHaveLength(4);
});

test('the chart library\'s notice and licence stand in the page', () => {
  expect(page()).toMatch(/TradingView Lightweight Charts™ v5/);
  expect(page()).toContain('Apache License');
});

test('the trades carry node, condition values and how they ended', () => {
  const data: unknown = JSON.parse(/<script type="application\/json" id="data">([^]*?)<\/script>/.exec(page())?.[1] ?? '');
  expect(data).toMatchObject({ capital: 1_000, trades: [{ symbol: 'NSE:SBIN', by: 'Cross → Buy', because: 'ema(9) 101.2 crosses above ema(21) 100.9', exitBy: 'stop', exitBecause: 'stop at 110', pnl: 98, entry: FROM }] });
  expect(resultJson(result()).trades).toMatchObject([{ because: 'ema(9) 101.2 crosses above ema(21) 100.9', exitBecause: 'stop at 110' }]);
  expect(resultJson(result({ trades: [trade({ exitReason: { by: 'by hand', orderId: 'p', signalId: '' } })] })).trades).toMatchObject([{ exitBecause: null }]);
});

test('a page without a trade says above everything why: every order was refused, and what to do about it', () => {
  const text = page({ trades: [], refusals: [{ at: FROM, node: 'Risk Gate', code: 'NO_SIZE', message: 'There is no size <b>' }] });
  expect(text.indexOf('Nothing was traded: no order came about. &quot;Risk Gate&quot; refused once with NO_SIZE: There is no size &lt;b&gt;.')).toBeGreaterThan(text.indexOf('<main><section class="notice">'));
  expect(resultJson(result({ trades: [], refusals: [{ at: FROM, node: 'Risk Gate', code: 'NO_SIZE', message: 'There is no size' }], warnings: [{ code: 'X', message: 'y', count: 1 }] })).warnings.map(({ code }) => code)).toEqual(['ALL_REFUSED', 'X']);
});

test('a result without a trade, without candles and in debt is still a page', () => {
  expect(page({ trades: [], equity: { length: 1, at: Float64Array.of(FROM), equity: Float64Array.of(-5), exposure: Float64Array.of(0) } })).toContain('</html>');
});

test('more candles than a page carries become longer bars, and it says so; no high and no low is lost', () => {
  const columns = candles(200);
  const bars = barsOf(columns, 60_000, { from: 0, until: Infinity }, 3_000);
  expect([bars.barMs, bars.time.length]).toEqual([30 * 60_000, 200 * 13]);
  const most = (values: ArrayLike<number>): number => Array.from(values).reduce((high, value) => Math.max(high, value), -Infinity);
  expect(most(bars.high)).toBe(most(columns.high));
  expect(bars.open[0]).toBe(columns.open[0]);
  expect(bars.close.at(-1)).toBe(columns.close.at(-1));
  expect(bars.time.every((time, index) => index === 0 || time > (bars.time[index - 1] ?? 0))).toBe(true);
  expect(columns.length).toBeGreaterThan(MOST_BARS);
  expect(page({ until: FROM + 300 * 86_400_000 }, [{ instrument, timeframeMs: 60_000, columns }])).toContain('75,000 candles of 1 min are shown as bars of 3 min');
});

test('days and weeks are India\'s', () => {
  const days = barsOf(candles(20), 60_000, { from: 0, until: Infinity }, 20);
  expect([days.barMs, days.time[0]]).toEqual([86_400_000, indiaTime('2026-11-02', '00:00') / 1_000]);
  const weeks = barsOf(candles(20), 60_000, { from: 0, until: Infinity }, 3);
  expect([weeks.time.length, weeks.time[1]]).toEqual([3, indiaTime('2026-11-09', '00:00') / 1_000]);
});

test('a drawn curve keeps its deepest fall and its last point, and has one point a second', () => {
  const length = 50_000;
  const at = Float64Array.from({ length }, (_, index) => FROM + index * 700);
  const equity = Float64Array.from({ length }, (_, index) => (index === 33_333 ? 10 : 1_000 + (index % 7)));
  const points = equityPoints({ length, at, equity, exposure: new Float64Array(length) }, toMoney(1_000), FROM - 1_000);
  expect(points.time.length).toBeLessThanOrEqual(6_001);
  expect(Math.min(...points.drawdown)).toBeCloseTo((10 / 1_006 - 1) * 100, 1);
  expect(points.equity.at(-1)).toBe(equity[length - 1]);
  expect(points.time.every((time, index) => index === 0 || time > (points.time[index - 1] ?? 0))).toBe(true);
});

test('the JSON is plain: rupees, epoch milliseconds, null for what is open or absent', () => {
  const { strategyId, instrument: held, product, side, quantity, entryTime, entryPrice, entryReason, charges } = trade();
  const open = { strategyId, instrument: held, product, side, quantity, entryTime, entryPrice, entryReason, charges, pnl: toMoney(-2) };
  const json: unknown = JSON.parse(JSON.stringify(resultJson(result({ trades: [trade(), open] }))));
  expect(json).toMatchObject({
    trades: [{ entryTime: FROM, exitTime: FROM + 3_600_000, symbol: 'SBIN', side: 'long', quantity: 10, entryPrice: 100, exitPrice: 110, charges: 2, pnl: 98, reason: 'stop' }, { exitTime: null, exitPrice: null, reason: 'Buy' }],
    metrics: { netPnl: 98, totalTrades: 1, profitFactor: null, absent: { profitFactor: 'No trade lost.' } }, intents: [], lanes: [], capital: 1_000,
  });
  expect(resultJson(result()).metrics.months).toEqual({ '2026-11': expect.objectContaining({ netPnl: 98 }) as unknown });
  expect(metricsOf(result()).all.netPnl).toBe(98);
});
