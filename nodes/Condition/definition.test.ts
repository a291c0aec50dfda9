import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readCondition } from '../../runtime/domain/condition';
import type { Envelope, PositionView } from '../../runtime/domain/envelope';
import { denialOf, marketBench, scriptedSeries, seenCandle } from '../../tests/doubles/marketContext';
import { NOW } from '../../tests/doubles/ingressWorld';
import { only } from '../../tests/doubles/tradingWorld';
import { condition } from './definition';
import { CONDITION_VOCABULARY } from './vocabulary';

const VALUES = { 'ema(9)': 102, 'ema(9)[1]': 99, 'ema(21)': 100, 'ema(21)[1]': 100, close: 101, 'rsi(14)': 55 };
const series = scriptedSeries({ 'NSE:SBIN': VALUES });
const held: PositionView = { account: 'paper', strategyId: 'demo', exchange: 'NSE', symbol: 'SBIN', product: 'MIS', quantity: -10, averagePrice: 100, lastPrice: 98, realisedPnl: 0, unrealisedPnl: 20, charges: 0 };
const bench = marketBench({ series }, [held]);
const text = (written: string, item: Envelope = { symbol: 'SBIN' }, values: object = {}) => bench.run(condition, { mode: 'text', text: written, ...values }, item);
const verdict = async (written: string, item?: Envelope) => only(await text(written, item)).port;

describe('over the market', () => {
  test('true and false leave by their own outputs and say why', async () => {
    const { port, item } = only(await text('ema(9) crosses above ema(21) and rsi(14) < 70'));
    expect(port).toBe('true');
    expect(item.condition).toEqual({
      text: 'ema(9) crosses above ema(21) and rsi(14) < 70', result: 'true', missing: [],
      why: ['ema(9) crosses above ema(21): true (ema(9) = 102, ema(21) = 100, ema(9)[1] = 99, ema(21)[1] = 100)', 'rsi(14) < 70: true (rsi(14) = 55)'],
    });
    expect(await verdict('close > ema(9)')).toBe('false');
  });

  test('rows say the same as text', async () => {
    const rows = { kind: 'group', operator: 'and', rows: [
      { kind: 'row', left: 'ema(9)', operator: 'crosses above', right: 'ema(21)' },
      { kind: 'group', operator: 'or', not: true, rows: [{ kind: 'row', left: 'rsi(14)', operator: '>=', right: 70 }, { kind: 'row', left: 'close', operator: 'between', right: '1', upper: '2' }] },
    ] };
    const { port, item } = only(await bench.run(condition, { mode: 'rows', rows }, { symbol: 'SBIN' }));
    expect(port).toBe('true');
    expect(item.condition?.text).toBe('ema(9) crosses above ema(21) and not (rsi(14) >= 70 or close between 1 and 2)');
  });

  test('a missing value is unknown: an output of its own, or False that still says unknown', async () => {
    const { port, item } = only(await text('sma(200) > 1'));
    expect(port).toBe('unknown');
    expect(item.condition).toMatchObject({ result: 'unknown', missing: ['sma(200): no value yet'] });
    const asFalse = only(await text('sma(200) > 1', undefined, { whenUnknown: 'false' }));
    expect(asFalse.port).toBe('false');
    expect(asFalse.item.condition?.result).toBe('unknown');
    expect(await verdict('sma(200) > 1 and close < 1')).toBe('false');
    expect(await verdict('sma(200) > 1 or close > 1')).toBe('true');
  });

  test('candles that are not there yet are unknown, an unknown symbol is refused', async () => {
    const { port, item } = only(await text('close > 1', { symbol: 'TCS' }));
    expect(port).toBe('unknown');
    expect(item.condition?.missing).toEqual(['No candles of NSE:TCS yet.', 'close: no value yet']);
    expect(denialOf(await text('close > 1', { symbol: 'NOSUCHSHARE' }))).toMatchObject({ code: 'UNKNOWN_SYMBOL' });
    expect(denialOf(await text('close > 1', {}))).toMatchObject({ code: 'MISSING_FIELD', field: 'symbol' });
  });

  test('a candle with a hole decides nothing', async () => {
    const holed = marketBench({ series: scriptedSeries({ 'NSE:SBIN': VALUES }, seenCandle(NOW, 100, { incomplete: true })) });
    const { port, item } = only(await holed.run(condition, { mode: 'text', text: 'close > 1' }, { symbol: 'SBIN' }));
    expect(port).toBe('unknown');
    expect(item.condition?.missing[0]).toMatch('incomplete');
  });

  test('it is judged as of the item\'s candle, in its timeframe', async () => {
    series.asked.length = 0;
    await text('close > 1', { symbol: 'SBIN', candle: { ...seenCandle(NOW - 600_000).candle, until: NOW - 600_000, timeframe: '1h' } });
    expect(series.asked).toMatchObject([{ asOf: NOW - 600_000, request: { timeframe: '1h', lookups: [{ text: 'close' }] } }]);
  });
});

describe('over the item', () => {
  test('needs no market and no symbol', async () => {
    series.asked.length = 0;
    expect(await verdict('indicators.fast > 100', { indicators: { fast: 101 } })).toBe('true');
    expect(await verdict('item.score >= 3 and not item.seen', { score: 3, seen: false })).toBe('true');
    expect(await verdict('item.score >= 3', {})).toBe('unknown');
    expect(await verdict('item.score >= 3', { score: '3' })).toBe('unknown');
    expect(series.asked).toEqual([]);
  });

  test('earlier values are those that an Indicator brought along', async () => {
    const indicators = { fast: 3, slow: 2, macd: { signal: 5 }, previous: { fast: [1], slow: [2], macd: { signal: [4] } } };
    expect(await verdict('indicators.fast crosses above indicators.slow', { indicators })).toBe('true');
    expect(await verdict('indicators.macd.signal is rising', { indicators })).toBe('true');
    expect(await verdict('indicators.fast is rising for 2', { indicators })).toBe('unknown');
  });

  test('a level is what it was until it is changed', async () => {
    expect(await verdict('close crosses above stopLoss', { symbol: 'SBIN', stopLoss: 100.5 })).toBe('unknown');
    expect(await verdict('ema(9) crosses above stopLoss', { symbol: 'SBIN', stopLoss: 100.5 })).toBe('true');
  });

  test('nothing is reached through an object\'s ancestors', async () => {
    expect(await verdict('item.constructor.length > 0', { symbol: 'SBIN' })).toBe('unknown');
  });
});

describe('over the position', () => {
  test('is the item\'s own where it has one', async () => {
    expect(await verdict('position.pnlPercent > 1.9%', { position: { quantity: 5, averagePrice: 100, lastPrice: 102 } })).toBe('true');
  });

  test('is the strategy\'s in the symbol otherwise; a short one earns when the price falls', async () => {
    expect(await verdict('position.pnlPercent = 2', { symbol: 'SBIN' })).toBe('true');
    expect(await verdict('position.quantity = 0', { symbol: 'TCS' })).toBe('true');
    expect(await verdict('position.pnlPercent > 2%', { symbol: 'TCS' })).toBe('unknown');
    expect(denialOf(await text('position.quantity = 0', {}))).toMatchObject({ code: 'MISSING_FIELD', field: 'symbol' });
  });
});

test.each<[string, object, object]>([
  ['a text with a slip', { mode: 'text', text: 'ema(9) crosses above emma(21)' }, { code: 'INVALID_PARAMETER', field: 'text', message: 'Column 22: unknown name "emma"', remedy: 'Did you mean ema?' }],
  ['an empty text', { mode: 'text' }, { code: 'INVALID_PARAMETER' }],
  ['an empty table', { mode: 'rows' }, { code: 'INVALID_PARAMETER', message: 'The condition has no rows.' }],
  ['a cell with a slip', { mode: 'rows', rows: { kind: 'group', operator: 'and', rows: [{ kind: 'row', left: 'close', operator: '>', right: 'emma(9)' }] } }, { message: 'Row 1, right side, column 1: unknown name "emma"' }],
])('%s is refused by its place', async (_name, values, denial) => {
  expect(denialOf(await bench.run(condition, { ...values }, { symbol: 'SBIN' }))).toMatchObject(denial);
});

test.each(['docs/guide/conditions.md', 'nodes/Condition/help.md'])('every example of %s is one', (page) => {
  const [, examples = ''] = /```\n([^]*?)```/.exec(readFileSync(path.resolve(__dirname, '../..', page), 'utf8')) ?? [];
  const lines = examples.trim().split('\n');
  expect(lines.length).toBeGreaterThan(3);
  expect(lines.map((line) => readCondition(line, CONDITION_VOCABULARY)).filter(({ ok }) => !ok)).toEqual([]);
});

describe('the meaning of a form', () => {
  const of = condition.meaning?.of ?? (() => { throw new Error('There is no meaning.'); });
  const rows = { kind: 'group', operator: 'and', rows: [{ kind: 'row', left: 'close', leftOffset: 1, operator: '>', right: '70' }] };

  test('is the canonical text, what it looks at, and the other way of writing it', () => {
    expect(of({ mode: 'text', text: 'close [1]>70' })).toEqual({ ok: true, lines: ['close[1] > 70', 'Looks at close[1].'], values: { text: 'close[1] > 70', rows } });
    expect(of({ mode: 'rows', rows })).toMatchObject({ values: { text: 'close[1] > 70', rows } });
  });

  test('points at what is wrong, and says nothing about nothing', () => {
    expect(of({ mode: 'text', text: 'close > ' })).toMatchObject({ ok: false, at: { text: 'close > ', column: 9 } });
    expect(of({ mode: 'rows', rows: 'nonsense' })).toMatchObject({ ok: false });
    expect(of({ mode: 'text', text: ' ' })).toEqual({ ok: true, lines: [] });
    expect(of({})).toEqual({ ok: true, lines: [] });
  });
});
