import { INDICATORS } from '../../runtime/domain/indicators/indicators';
import { wordOf } from '../../runtime/domain/series/vocabulary';
import { denialOf, marketBench, scriptedSeries, seenCandle } from '../../tests/doubles/marketContext';
import { NOW } from '../../tests/doubles/ingressWorld';
import { emitted, only } from '../../tests/doubles/tradingWorld';
import { indicator } from './definition';
import { EXPRESSION, resultsOf } from './rows';

const SBIN = { 'ema(9)': 101.5, 'ema(9)[1]': 100.5, 'ema(9)[2]': 99, 'macd(12, 26, 9).macd': 1, 'macd(12, 26, 9).signal': 0.5, 'macd(12, 26, 9).histogram': 0.5, close: 100, vwap: 98, 'bullish engulfing': true, 'rsi(14)@1h': 60 };
const series = scriptedSeries({ 'NSE:SBIN': SBIN, 'NSE:TCS': { 'ema(9)': 3_000 }, 'NSE_INDEX:NIFTY': { 'ema(9)': 24_000 } });
const bench = marketBench({ series });
const run = (values: object, item = {}) => bench.run(indicator, { symbol: 'SBIN', previous: 0, ...values }, item);
const expression = (text: string, name?: string) => ({ indicator: EXPRESSION, expression: text, ...(name === undefined ? {} : { name }) });

describe('results', () => {
  test('an indicator by choice and parameters is a value under its name, with the candle it was known at', async () => {
    const { item } = only(await run({ results: [{ indicator: 'ema', parameters: '9', name: 'fast' }] }));
    expect(item).toMatchObject({ exchange: 'NSE', symbol: 'SBIN', indicators: { fast: 101.5 }, indicatorsMissing: {}, candle: { timeframe: '5m', until: NOW, close: 100, closed: true } });
  });

  test('earlier values come along, newest first', async () => {
    expect(only(await run({ previous: 2, results: [{ indicator: 'ema', parameters: '9', name: 'fast' }] })).item.indicators).toEqual({ fast: 101.5, previous: { fast: [100.5, 99] } });
  });

  test('an indicator with several outputs gives all of them, with its usual parameters where none are given', async () => {
    expect(only(await run({ results: [{ indicator: 'macd' }] })).item.indicators).toEqual({ macd: { macd: 1, signal: 0.5, histogram: 0.5 } });
  });

  test.each([
    ['ema(9)', { ema_9: 101.5 }], ['close - vwap', { close_vwap: 2 }], ['bullish engulfing', { bullish_engulfing: true }],
    ['rsi(14)@1h', { rsi_14_1h: 60 }], ['ema(9) > vwap', { ema_9_vwap: true }], ['macd(12, 26, 9).signal', { macd_12_26_9_signal: 0.5 }],
  ])('the expression %s', async (text, expected) => {
    expect(only(await run({ results: [expression(text)] })).item.indicators).toEqual(expected);
  });

  test('what is not known is null and says why, never a guess', async () => {
    const { item } = only(await run({ previous: 1, results: [expression('rsi(14)', 'strength'), expression('sma(20) > 1', 'above')] }));
    expect(item).toMatchObject({ indicators: { strength: null, above: null, previous: { strength: [null] } }, indicatorsMissing: { strength: 'rsi(14): no value yet', above: expect.stringContaining('sma(20): no value yet') as string } });
  });

  test('results of a node before it stay, and so do the item\'s own instrument and candle', async () => {
    const item = { symbol: 'SBIN', note: 'mine', candle: { time: NOW - 300_000, until: NOW, open: 1, high: 1, low: 1, close: 1, volume: 1 }, indicators: { fast: 1, previous: { fast: [0] } } };
    const { item: result } = only(await run({ symbol: 'NIFTY', previous: 1, results: [{ indicator: 'ema', parameters: '9', name: 'market' }] }, item));
    expect(result).toMatchObject({ symbol: 'SBIN', note: 'mine', candle: { close: 1 }, indicators: { fast: 1, market: 24_000, previous: { fast: [0], market: [null] } } });
  });

  test('an item with a candle is looked at as of its close', async () => {
    series.asked.length = 0;
    await run({ symbol: undefined, results: [{ indicator: 'ema' }] }, { symbol: 'SBIN', candle: { ...seenCandle(NOW - 900_000).candle, until: NOW - 900_000, timeframe: '15m' } });
    expect(series.asked).toMatchObject([{ asOf: NOW - 900_000, request: { timeframe: '15m', convention: 'talib', instrument: { key: 'NSE:SBIN' } } }]);
  });
});

describe('several symbols', () => {
  const results = [{ indicator: 'ema', parameters: '9', name: 'fast' }];

  test('leave one item each; one that has no candles yet stops no other', async () => {
    const items = emitted(await run({ symbol: 'SBIN, TCS, INFY', results })).map(({ item }) => item);
    expect(items).toMatchObject([{ symbol: 'SBIN', indicators: { fast: 101.5 } }, { symbol: 'TCS', indicators: { fast: 3_000 } }, { symbol: 'INFY', indicators: { fast: null }, indicatorsMissing: { fast: 'No candles of NSE:INFY yet.' }, denial: { code: 'NOT_READY' } }]);
  });

  test('or one item, by instrument', async () => {
    const { item } = only(await run({ symbol: 'SBIN,TCS', several: 'together', results }));
    expect(item).toMatchObject({ indicators: { 'NSE:SBIN': { fast: 101.5 }, 'NSE:TCS': { fast: 3_000 } }, candles: { 'NSE:SBIN': { close: 100 } } });
    expect(item).not.toHaveProperty('symbol');
  });

  test('none of which is known are refused', async () => {
    expect(denialOf(await run({ symbol: 'INFY,HDFCBANK', results }))).toMatchObject({ code: 'NOT_READY' });
    expect(denialOf(await run({ symbol: Array.from({ length: 101 }, (_, index) => `S${index}`).join(','), results }))).toMatchObject({ code: 'TOO_MANY_SYMBOLS', limit: 100, value: 101 });
  });
});

describe('refusals', () => {
  test.each<[string, object, object]>([
    ['no symbol', { symbol: '', results: [{ indicator: 'ema' }] }, { code: 'MISSING_FIELD', field: 'symbol' }],
    ['a symbol nobody knows', { symbol: 'NOSUCHSHARE', results: [{ indicator: 'ema' }] }, { code: 'UNKNOWN_SYMBOL' }],
    ['no results', { results: [] }, { code: 'INVALID_PARAMETER', field: 'results' }],
    ['an expression that can not be read', { results: [{ indicator: 'ema' }, expression('emma(9)')] }, { code: 'INVALID_PARAMETER', message: 'Row 2, column 1: unknown name "emma"' }],
    ['parameters outside their range', { results: [{ indicator: 'ema', parameters: '0' }] }, { code: 'INVALID_PARAMETER' }],
    ['two results of one name', { results: [{ indicator: 'ema', name: 'a' }, { indicator: 'sma', name: 'a' }] }, { message: 'Row 2: a second result is called "a"' }],
    ['a name that is taken', { results: [{ indicator: 'ema', name: 'previous' }] }, { code: 'INVALID_PARAMETER' }],
    ['a name that is no word', { results: [{ indicator: 'ema', name: 'a.b' }] }, { code: 'INVALID_PARAMETER' }],
    ['a timeframe that is none', { timeframe: 'soon', results: [{ indicator: 'ema' }] }, { code: 'INVALID_PARAMETER', field: 'timeframe' }],
  ])('%s', async (_name, values, denial) => {
    expect(denialOf(await run(values))).toMatchObject(denial);
  });

  test('a runtime without candles says so', async () => {
    expect(denialOf(await marketBench().run(indicator, { symbol: 'SBIN', results: [{ indicator: 'ema' }] }))).toMatchObject({ code: 'NOT_SUPPORTED' });
  });
});

test('every indicator can be chosen, and its usual parameters are readable', () => {
  const words = INDICATORS.filter(({ name }) => !name.startsWith('cdl.')).map(wordOf);
  expect(words.length).toBeGreaterThan(50);
  for (const word of words) expect(resultsOf([{ indicator: word }])).toMatchObject({ ok: true });
});

test('a half-filled form means what it will compute, or says what is wrong', () => {
  const of = indicator.meaning?.of ?? (() => { throw new Error('There is no meaning.'); });
  expect(of({ results: [{ indicator: 'ema', parameters: '9', name: '' }, { indicator: EXPRESSION, expression: 'close - vwap', name: 'gap' }] })).toEqual({ ok: true, lines: ['indicators.ema_9 = ema(9)', 'indicators.gap = close - vwap'] });
  expect(of({ results: [{ indicator: 'ema', parameters: 'x' }] })).toMatchObject({ ok: false, denial: { message: expect.stringContaining('Row 1, column') as string } });
  expect(of({ results: [{ indicator: 'nothing' }] })).toMatchObject({ ok: false, denial: { message: expect.stringContaining('Row 1') as string } });
  expect(of({})).toEqual({ ok: true, lines: [] });
});
