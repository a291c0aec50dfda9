import { deny, ok } from '../../runtime/domain/denial';
import type { Depth, TickTap } from '../../runtime/domain/feed';
import { createCatalogue } from '../../runtime/domain/instrument';
import { instrumentKey } from '../../runtime/domain/market';
import { toMoney } from '../../runtime/domain/money';
import type { SearchQuery } from '../../runtime/domain/nodeContext';
import type { MarketPorts } from '../../runtime/services/context/market';
import { denialOf, marketBench, scriptedSeries, seenCandle } from '../../tests/doubles/marketContext';
import { NOW } from '../../tests/doubles/ingressWorld';
import { emitted, only } from '../../tests/doubles/tradingWorld';
import { marketData } from './definition';

const SBIN = instrumentKey('NSE', 'SBIN');
const quote = { instrument: SBIN, bid: toMoney(799.95), ask: toMoney(800.05), last: toMoney(800), at: NOW };
const depth: Depth = { instrument: SBIN, bids: [{ price: toMoney(799.9), quantity: 5, orders: 2 }], asks: [{ price: toMoney(800.1), quantity: 7 }], at: NOW };
const listing = createCatalogue().find(SBIN);
if (listing === undefined) throw new Error('SBIN is not listed.');

describe('quote', () => {
  test('is in rupees, with the day\'s volume where the feed counts it', async () => {
    const bench = marketBench({ feed: { tap: () => () => undefined, latest: () => ({ instrument: SBIN, last: quote.last, at: NOW, dayVolume: 12 }), depth: () => undefined } });
    bench.market.set(quote);
    expect(only(await bench.run(marketData, {}, { symbol: 'SBIN', note: 'mine' })).item).toEqual({ note: 'mine', exchange: 'NSE', symbol: 'SBIN', quote: { last: 800, bid: 799.95, ask: 800.05, at: NOW, dayVolume: 12 } });
  });

  test('an index can be quoted; without a price it is refused', async () => {
    const bench = marketBench();
    expect(denialOf(await bench.run(marketData, { exchange: 'NSE_INDEX', symbol: 'NIFTY' }))).toMatchObject({ code: 'NO_PRICE' });
    expect(denialOf(await bench.run(marketData, {}))).toMatchObject({ code: 'MISSING_FIELD' });
  });
});

describe('depth', () => {
  test('gives the levels and their distance', async () => {
    const feed: MarketPorts['feed'] = { tap: () => () => undefined, latest: () => undefined, depth: () => depth };
    expect(only(await marketBench({ feed }).run(marketData, { operation: 'depth', symbol: 'SBIN' })).item).toMatchObject({ depth: { bids: [{ price: 799.9, quantity: 5, orders: 2 }], asks: [{ price: 800.1, quantity: 7 }], spread: 0.2, at: NOW } });
  });

  test('of a symbol that nobody watched is waited for, and the wait ends', async () => {
    let known: Depth | undefined;
    let taps = 0;
    const tap = (_key: unknown, listener: TickTap): (() => void) => {
      taps += 1;
      queueMicrotask(() => { known = depth; void listener({ instrument: SBIN, last: quote.last, at: NOW }); });
      return () => { taps -= 1; };
    };
    const patient = { feed: { tap, latest: () => undefined, depth: () => known }, pause: () => new Promise<void>(() => undefined) };
    expect(only(await marketBench(patient).run(marketData, { operation: 'depth', symbol: 'SBIN' })).item).toHaveProperty('depth');
    known = undefined;
    const deaf = { feed: { tap: () => { taps += 1; return () => { taps -= 1; }; }, latest: () => undefined, depth: () => undefined } };
    expect(denialOf(await marketBench(deaf).run(marketData, { operation: 'depth', symbol: 'SBIN' }))).toMatchObject({ code: 'NOT_READY' });
    expect(taps).toBe(0);
  });
});

describe('candles', () => {
  const asked: object[] = [];
  const forming = seenCandle(NOW + 300_000, 102);
  const candles: NonNullable<MarketPorts['candles']> = {
    closed: (request, options) => { asked.push({ timeframe: request.timeframe, ...options }); return Promise.resolve(ok([seenCandle(NOW - 300_000, 99), seenCandle(NOW, 100)])); },
    forming: () => ({ ...forming, candle: { ...forming.candle, closed: false } }),
  };
  const run = (values: object, item = {}) => marketBench({ candles }).run(marketData, { operation: 'candles', symbol: 'SBIN', ...values }, item);

  test('come as one list, oldest first, or one item each', async () => {
    const { item } = only(await run({ timeframe: '5min', most: 2 }));
    expect(item).toMatchObject({ exchange: 'NSE', symbol: 'SBIN', timeframe: '5m', candles: [{ close: 99, until: NOW - 300_000 }, { close: 100, closed: true }] });
    expect(emitted(await run({ split: 'each' })).map(({ item: each }) => each)).toMatchObject([{ symbol: 'SBIN', candle: { close: 99 } }, { candle: { close: 100 } }]);
  });

  test('the forming one stands last, and only where it is asked for', async () => {
    expect(only(await run({ forming: true })).item).toMatchObject({ candles: [{}, {}, { close: 102, closed: false }] });
  });

  test('are those known at the close of the item\'s candle', async () => {
    asked.length = 0;
    await run({}, { candle: { ...seenCandle(NOW - 1).candle, until: NOW - 1 } });
    expect(asked).toEqual([{ timeframe: '5m', limit: 100, asOf: NOW - 1 }]);
  });
});

describe('search', () => {
  const asked: SearchQuery[] = [];
  const search = (query: SearchQuery) => { asked.push(query); return query.text === 'nothing' ? deny('NOT_FOUND', 'Nothing found.') : ok([listing]); };
  const run = (values: object, item = {}) => marketBench({ search }).run(marketData, { operation: 'search', ...values }, item);

  test('gives a table of instruments, or one item each', async () => {
    expect(only(await run({ text: 'sbi', most: 5, within: 'NSE' })).item).toMatchObject({ instruments: [{ exchange: 'NSE', symbol: 'SBIN', segment: 'cash', lotSize: 1 }] });
    expect(only(await run({ text: 'sbi', split: 'each' }, { note: 'mine' })).item).toMatchObject({ note: 'mine', symbol: 'SBIN' });
    expect(asked).toMatchObject([{ text: 'sbi', limit: 5, exchange: 'NSE' }, { text: 'sbi', limit: 100 }]);
  });

  test('that fails is refused', async () => {
    expect(denialOf(await run({ text: 'nothing' }))).toMatchObject({ code: 'NOT_FOUND' });
  });
});

test.each(['depth', 'candles', 'search'])('a runtime without %s says so', async (operation) => {
  expect(denialOf(await marketBench().run(marketData, { operation, symbol: 'SBIN', text: 'x' }))).toMatchObject({ code: 'NOT_SUPPORTED' });
});

describe('rank', () => {
  const series = scriptedSeries({ 'NSE:SBIN': { 'roc(20)': 1 }, 'NSE:TCS': { 'roc(20)': 3 }, 'NSE:INFY': { 'roc(20)': 1 }, 'NSE:RELIANCE': {}, 'NSE_INDEX:NIFTY': { 'roc(20)': 2 } });
  const bench = marketBench({ series });
  const ranked = async (values: object, item = {}) => emitted(await bench.run(marketData, { operation: 'rank', symbols: 'SBIN, TCS, INFY, RELIANCE, NSE_INDEX:NIFTY, WIPRO', ...values }, item)).map(({ item: out }) => [out.symbol, out['rank'], out['score'], out['picked']]);

  test('one item for each pick, best first; equal ones keep the order of the list', async () => {
    expect(await ranked({})).toEqual([['TCS', 1, 3, true], ['NIFTY', 2, 2, true], ['SBIN', 3, 1, true]]);
    expect(await ranked({ order: 'lowest', top: 2 })).toEqual([['SBIN', 1, 1, true], ['INFY', 2, 1, true]]);
    expect(await ranked({ keep: 'all', top: 1 })).toEqual([['TCS', 1, 3, true], ['NIFTY', 2, 2, false], ['SBIN', 3, 1, false], ['INFY', 4, 1, false]]);
  });

  test('what has no value has no rank and is named; the item travels on with the candle', async () => {
    const [first] = emitted(await bench.run(marketData, { operation: 'rank', symbols: 'RELIANCE, WIPRO, SBIN', timeframe: '15m' }, { note: 'mine' }));
    expect(first?.item).toMatchObject({ note: 'mine', exchange: 'NSE', symbol: 'SBIN', candle: { timeframe: '15m', closed: true }, unranked: ['RELIANCE: roc(20): no value yet', 'WIPRO: No candles of NSE:WIPRO yet.'] });
  });

  test('all symbols are looked at as of the item\'s candle', async () => {
    series.asked.length = 0;
    await ranked({}, { candle: { ...seenCandle(NOW - 600_000).candle, until: NOW - 600_000, timeframe: '1h' } });
    expect(new Set(series.asked.map(({ asOf, request }) => `${String(asOf)} ${request.timeframe}`))).toEqual(new Set([`${NOW - 600_000} 1h`]));
  });

  test('a candle with a hole ranks nothing', async () => {
    const holed = marketBench({ series: scriptedSeries({ 'NSE:SBIN': { 'roc(20)': 1 } }, seenCandle(NOW, 100, { incomplete: true })) });
    expect(denialOf(await holed.run(marketData, { operation: 'rank', symbols: 'SBIN' }))).toMatchObject({ code: 'NOT_READY', message: 'No symbol can be ranked. SBIN: its newest candle is incomplete' });
  });

  test.each<[string, object, object]>([
    ['a yardstick that can not be read, with the column', { rankBy: 'close / smaa(5)' }, { code: 'INVALID_PARAMETER', field: 'rankBy' }],
    ['a yardstick that is true or false', { rankBy: 'close > open' }, { code: 'INVALID_PARAMETER', field: 'rankBy' }],
    ['no symbols', { symbols: '' }, { code: 'MISSING_FIELD', field: 'symbols' }],
    ['too many', { symbols: Array.from({ length: 501 }, (_, index) => `S${index}`).join(',') }, { code: 'TOO_MANY_SYMBOLS', limit: 500 }],
  ])('%s is refused', async (_name, values, denial) => {
    expect(denialOf(await bench.run(marketData, { operation: 'rank', symbols: 'SBIN', ...values }))).toMatchObject(denial);
  });
});
