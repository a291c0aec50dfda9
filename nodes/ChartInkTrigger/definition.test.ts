import type { Outcome } from '../../runtime/domain/denial';
import { createCatalogue, resolveSymbol } from '../../runtime/domain/instrument';
import type { Interpretation } from '../../runtime/domain/webhook';
import { chartInkTrigger } from './definition';

/** 2026-11-20 15:00 in India. */
const NOW = Date.UTC(2026, 10, 20, 9, 30);
const AT = Date.UTC(2026, 10, 20, 9, 4);
const instruments = createCatalogue();

const REAL = {
  stocks: 'SEPOWER,ASTEC,EDUCOMP,KSERASERA,IOLCP,GUJAPOLLO,EMCO', trigger_prices: '3.75,541.8,2.1,0.2,329.6,166.8,1.25', triggered_at: '2:34 pm',
  scan_name: 'Short term breakouts', scan_url: 'short-term-breakouts', alert_name: 'Alert for Short term breakouts', webhook_url: 'http://your-web-hook-url.com',
};

function read(body: object, params: Readonly<Record<string, unknown>> = {}, receivedAt = NOW): Outcome<Interpretation> {
  return chartInkTrigger.interpret(chartInkTrigger.params.parse(params), { kind: 'json', value: { ...body } }, {
    receivedAt, nodeKey: 'ci', resolve: (exchange, symbol) => resolveSymbol({ exchange, symbol, at: receivedAt, instruments }),
  });
}

function readingOf(body: object, params = {}, receivedAt = NOW): Interpretation {
  const outcome = read(body, params, receivedAt);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.denial));
  return outcome.value;
}

function denialOf(body: object, params = {}, receivedAt = NOW): object {
  const outcome = read(body, params, receivedAt);
  return outcome.ok ? { accepted: outcome.value } : outcome.denial;
}

const scan = (stocks: string, more: object = {}) => ({ stocks, triggered_at: '2:34 pm', scan_name: 'x', ...more });

test('ChartInk’s own body becomes one signal for each stock', () => {
  const { signals, refused, duplicateWindowMs } = readingOf(REAL);
  expect(refused).toEqual([]);
  expect(duplicateWindowMs).toBeUndefined();
  expect(signals.map(({ item }) => [item.symbol, item.signal?.price])).toEqual([['SEPOWER', 3.75], ['ASTEC', 541.8], ['EDUCOMP', 2.1], ['KSERASERA', 0.2], ['IOLCP', 329.6], ['GUJAPOLLO', 166.8], ['EMCO', 1.25]]);
  expect(signals[0]?.item).toEqual({
    v: 1, signal: { id: 'chartink', source: 'chartink', at: AT, price: 3.75, name: 'Short term breakouts' },
    exchange: 'NSE', symbol: 'SEPOWER', action: 'BUY', quantity: 1, product: 'MIS', orderType: 'MARKET', skipHeld: true,
  });
});

test('the richer body says action, product and quantity itself', () => {
  const { signals } = readingOf({ ...scan('SBIN,TCS'), apikey: 'K', action: 'sell', product: 'CNC', quantity_per_stock: '15' }, { quantity: 3 });
  expect(signals.map(({ item }) => [item.symbol, item.action, item.quantity, item.product, item['skipHeld']])).toEqual([['SBIN', 'SELL', 15, 'CNC', undefined], ['TCS', 'SELL', 15, 'CNC', undefined]]);
});

test('stocks are trimmed, blanks dropped, repeats taken once', () => {
  expect(readingOf(scan(' SBIN ,, sbin,TCS,NSE:SBIN, ')).signals.map(({ item }) => item.symbol)).toEqual(['SBIN', 'TCS']);
});

test('lists that differ in length give no prices', () => {
  const { signals } = readingOf(scan('SBIN,TCS', { trigger_prices: '812' }));
  expect(signals.map(({ item }) => item.signal?.price)).toEqual([undefined, undefined]);
});

test('an unknown stock is refused by itself', () => {
  const { signals, refused } = readingOf(scan('SBIN,NOSUCH,{{7*7}},NIFTY,TCS'));
  expect(signals.map(({ item }) => item.symbol)).toEqual(['SBIN', 'TCS']);
  expect(refused.map(({ symbol, denial }) => [symbol, denial.code, denial.field])).toEqual([['NOSUCH', 'UNKNOWN_SYMBOL', 'stocks'], ['{{7*7}}', 'MALFORMED_SYMBOL', 'stocks'], ['NIFTY', 'NOT_TRADABLE', 'stocks']]);
});

test('stocks beyond the maximum are refused one by one', () => {
  const { signals, refused } = readingOf(scan('SBIN,TCS,INFY'), { maximumSymbols: 2 });
  expect(signals).toHaveLength(2);
  expect(refused).toMatchObject([{ symbol: 'INFY', denial: { code: 'TOO_MANY_SYMBOLS', limit: 2, value: 3 } }]);
});

test('a stock’s own quantity goes before the quantity per stock, the alert’s before both', () => {
  const params = { quantity: 3, stockQuantities: [{ symbol: 'sbin', quantity: 20 }] };
  expect(readingOf(scan('SBIN,TCS'), params).signals.map(({ item }) => item.quantity)).toEqual([20, 3]);
  expect(readingOf(scan('SBIN,TCS', { quantity_per_stock: 5 }), params).signals.map(({ item }) => item.quantity)).toEqual([5, 5]);
});

describe('the action', () => {
  test.each([['BUY', 'BUY', true], ['SELL', 'SELL', undefined], ['SHORT', 'SELL', undefined], ['COVER', 'BUY', undefined]])('%s is %s', (action, side, skipHeld) => {
    const { item } = readingOf(scan('SBIN'), { action }).signals[0] ?? {};
    expect([item?.action, item?.['skipHeld']]).toEqual([side, skipHeld]);
  });

  test('held stocks are not skipped where the node says so', () => {
    expect(readingOf(scan('SBIN'), { skipHeld: false }).signals[0]?.item).not.toHaveProperty('skipHeld');
  });

  test('an exit closes what is held: no quantity of the node, but the alert’s own', () => {
    const params = { action: 'EXIT', quantity: 3, stockQuantities: [{ symbol: 'SBIN', quantity: 20 }] };
    expect(readingOf(scan('SBIN'), params).signals[0]?.item).not.toHaveProperty('quantity');
    expect(readingOf(scan('SBIN', { quantity_per_stock: 5 }), params).signals[0]?.item).toMatchObject({ action: 'EXIT', quantity: 5 });
    expect(readingOf(scan('SBIN', { action: 'close_long' })).signals[0]?.item).toMatchObject({ action: 'EXIT_LONG' });
  });

  test.each([['Exit below 20 EMA', 'EXIT'], ['exit long: gap', 'EXIT_LONG'], ['Exit-Short', 'EXIT_SHORT'], ['Momentum BUY', 'BUY'], ['sell on weakness', 'SELL'], ['SHORT: gap up', 'SELL'], ['cover-shorts', 'BUY'], ['buy to cover', 'BUY']])('the name %j says %s', (name, side) => {
    expect(readingOf(scan('SBIN', { scan_name: name }), { action: 'scanName' }).signals[0]?.item.action).toBe(side);
  });

  test.each(['Breakouts', 'Buyers ahead', 'buy or sell', 'buy or exit', 'Close above 20 EMA', 'Short term breakouts', 'Short-Term buy', ''])('the name %j is refused, never guessed', (name) => {
    expect(denialOf(scan('SBIN', { scan_name: name }), { action: 'scanName' })).toMatchObject({ code: 'AMBIGUOUS_ACTION' });
  });

  test('the name is not read unless the node says so', () => {
    expect(readingOf(scan('SBIN', { scan_name: 'SELL now' })).signals[0]?.item.action).toBe('BUY');
  });
});

describe('the time', () => {
  const at = (triggered_at: string, receivedAt: number) => readingOf(scan('SBIN', { triggered_at }), {}, receivedAt).signals[0]?.item.signal?.at;
  test.each<[string, string, number, number]>([
    ['gets India’s date of receipt', '2:34 pm', NOW, AT],
    ['gets India’s date where UTC still has the day before', '1:05 am', Date.UTC(2026, 10, 19, 19, 36), Date.UTC(2026, 10, 19, 19, 35)],
    ['was yesterday when it crossed midnight', '11:59 pm', Date.UTC(2026, 10, 19, 18, 30, 20), Date.UTC(2026, 10, 19, 18, 29)],
    ['knows noon', '12:00 pm', NOW, Date.UTC(2026, 10, 20, 6, 30)],
    ['knows midnight', '12:10 am', NOW, Date.UTC(2026, 10, 19, 18, 40)],
    ['may have 24 hours', '14:34', NOW, AT],
  ])('%s', (_name, text, receivedAt, expected) => {
    expect(at(text, receivedAt)).toBe(expected);
  });

  test.each(['25:00', '2:60 pm', '13:00 pm', '0:10 am', 'noon', '2026-11-20'])('%j is none', (triggered_at) => {
    expect(denialOf(scan('SBIN', { triggered_at }))).toMatchObject({ code: 'INVALID_FIELD', field: 'triggered_at' });
  });

  test('an old one is refused where the node has a maximum age', () => {
    expect(denialOf(REAL, { maximumAgeSeconds: 600 })).toMatchObject({ code: 'STALE_SIGNAL', field: 'triggered_at', limit: 600 });
    expect(denialOf(REAL, { maximumAgeSeconds: 1_800 })).toHaveProperty('accepted');
  });
});

describe('what makes a stock a repeat', () => {
  const keys = (body: object, receivedAt = NOW) => readingOf(body, {}, receivedAt).signals.map(({ dedupeKey }) => dedupeKey);
  test('scan, stock, day and minute', () => {
    expect(keys(REAL)).toEqual(keys({ ...REAL, trigger_prices: '1' }, NOW + 5 * 60_000));
    expect(new Set(keys(REAL)).size).toBe(7);
    expect(keys(REAL)).not.toEqual(keys({ ...REAL, triggered_at: '2:35 pm' }));
    expect(keys(REAL)).not.toEqual(keys({ ...REAL, scan_name: 'Other' }));
    expect(keys(REAL)).not.toEqual(keys(REAL, NOW + 86_400_000));
  });
  test('without a time, the same stock of the same scan within a minute', () => {
    expect(readingOf({ stocks: 'SBIN', scan_name: 'x' }).duplicateWindowMs).toBe(60_000);
  });
});

test.each<[string, object, string, string]>([
  ['no stocks', { scan_name: 'x' }, 'MISSING_FIELD', 'stocks'],
  ['only commas', { stocks: ' , ,' }, 'MISSING_FIELD', 'stocks'],
  ['stocks as a list', { stocks: ['SBIN'] }, 'INVALID_FIELD', 'stocks'],
  ['prices as a list', scan('SBIN', { trigger_prices: [1] }), 'INVALID_FIELD', 'trigger_prices'],
  ['an action that is none', scan('SBIN', { action: 'hold' }), 'INVALID_FIELD', 'action'],
  ['a quantity that is none', scan('SBIN', { quantity_per_stock: '-1' }), 'INVALID_FIELD', 'quantity_per_stock'],
])('%s is refused with the field', (_name, body, code, field) => {
  expect(denialOf(body)).toMatchObject({ code, field });
});

test('a text is no scan', () => {
  const outcome = chartInkTrigger.interpret(chartInkTrigger.params.parse({}), { kind: 'text', text: 'SBIN' }, { receivedAt: NOW, nodeKey: 'ci', resolve: () => { throw new Error('not asked'); } });
  expect(outcome).toMatchObject({ ok: false, denial: { code: 'MALFORMED_BODY' } });
});
