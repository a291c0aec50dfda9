import { instrumentKey } from '../market';
import { toMoney } from '../money';
import { indiaTime } from '../session/days';
import { createCatalogue } from './catalogue';
import { EQUITIES } from './data/equities';
import { readOverrides, withOverrides, type InstrumentOverride } from './overrides';
import { isOnTick, roundToTick, tickSizeAt } from './ticks';

const catalogue = createCatalogue();
const at = (day: string) => indiaTime(day, '10:00');

function find(key: string, when?: number) {
  const colon = key.indexOf(':');
  const exchange = key.slice(0, colon) as 'NSE';
  return catalogue.find(instrumentKey(exchange, key.slice(colon + 1)), when);
}

test('a future is a whole instrument made from its symbol', () => {
  expect(find('NFO:NIFTY29DEC26FUT')).toEqual({
    key: 'NFO:NIFTY29DEC26FUT', exchange: 'NFO', symbol: 'NIFTY29DEC26FUT', segment: 'future', base: 'NIFTY',
    lotSize: 65, tickBands: 'indexFutures', freezeQuantity: 1_800, expiry: '2026-12-29',
  });
});

test('an option carries its strike and type', () => {
  expect(find('NFO:BANKNIFTY29DEC2658000PE')).toMatchObject({ segment: 'option', base: 'BANKNIFTY', lotSize: 30, freezeQuantity: 600, strike: toMoney(58_000), optionType: 'PE', expiry: '2026-12-29' });
});

test('a share has lot 1 and a tick by its price', () => {
  expect(find('NSE:SBIN')).toEqual({ key: 'NSE:SBIN', exchange: 'NSE', symbol: 'SBIN', segment: 'cash', base: 'SBIN', lotSize: 1 });
});

test.each([
  ['NFO:NIFTY29DEC26FUT', undefined, 65],
  ['NFO:NIFTY30DEC25FUT', undefined, 75],
  ['NFO:NIFTY30DEC25FUT', '2026-11-20', 75],
  ['NFO:NIFTY31MAR26FUT', undefined, undefined],
  ['NFO:NIFTY30MAR26FUT', '2025-12-30', 75],
  ['NFO:NIFTY30MAR26FUT', '2025-12-31', 65],
  ['NFO:NIFTY28JUL22FUT', undefined, 50],
  ['NFO:BANKNIFTY29DEC26FUT', undefined, 30],
  ['NFO:FINNIFTY29DEC26FUT', undefined, 60],
  ['NFO:MIDCPNIFTY29DEC26FUT', undefined, 120],
  ['NFO:NIFTYNXT5029DEC26FUT', undefined, 25],
  ['BFO:SENSEX31DEC26FUT', undefined, 20],
] as const)('%s seen on %s has lot %s', (key, day, lotSize) => {
  expect(find(key, day === undefined ? undefined : at(day))?.lotSize).toBe(lotSize);
});

test.each(['NSE:NIFTY29DEC26FUT', 'NFO:NIFTY26DECFUT', 'NFO:NIFTY1!', 'NFO:NIFTY', 'NSE:nifty', 'NSE:', ':', '', 'XXX:SBIN', 'BSE:BSE', 'MCX_INDEX:GOLD'])('%j is no key of an instrument', (key) => {
  expect(find(key)).toBeUndefined();
});

test('every bundled share can be written as a key, once', () => {
  expect(new Set(EQUITIES).size).toBe(EQUITIES.length);
  expect(EQUITIES.length).toBeGreaterThan(450);
  expect(EQUITIES.filter((symbol) => find(`NSE:${symbol}`) === undefined)).toEqual([]);
});

test("ChartInk's own example is known", () => {
  for (const symbol of ['SEPOWER', 'ASTEC', 'EDUCOMP', 'KSERASERA', 'IOLCP', 'GUJAPOLLO', 'EMCO']) expect(find(`NSE:${symbol}`)?.segment).toBe('cash');
});

describe("the user's rows", () => {
  const own = (rows: readonly InstrumentOverride[]) => withOverrides(catalogue, rows);

  test('add a share', () => {
    expect(own([{ exchange: 'NSE', symbol: 'NEWCO' }]).find(instrumentKey('NSE', 'NEWCO'))).toMatchObject({ segment: 'cash', lotSize: 1 });
    expect(catalogue.find(instrumentKey('NSE', 'NEWCO'))).toBeUndefined();
  });

  test('correct a share, an index base with all its contracts, and one contract', () => {
    const corrected = own([
      { exchange: 'NSE', symbol: 'SBIN', tickSize: 0.25 }, { exchange: 'NFO', symbol: 'NIFTY', lotSize: 70, freezeQuantity: 2_100 },
      { exchange: 'NFO', symbol: 'NIFTY29DEC26FUT', lotSize: 10 },
    ]);
    expect(corrected.find(instrumentKey('NSE', 'SBIN'))?.tickSize).toBe(toMoney(0.25));
    expect(corrected.find(instrumentKey('NFO', 'NIFTY29DEC2626000CE'))).toMatchObject({ lotSize: 70, freezeQuantity: 2_100, tickSize: toMoney(0.05) });
    expect(corrected.find(instrumentKey('NFO', 'NIFTY29DEC26FUT'))).toMatchObject({ lotSize: 10, freezeQuantity: 2_100 });
  });

  test('make a new underlying, which needs a lot', () => {
    expect(own([{ exchange: 'NFO', symbol: 'NEWCO', lotSize: 400 }]).find(instrumentKey('NFO', 'NEWCO29DEC26FUT'))).toMatchObject({ segment: 'future', lotSize: 400, tickSize: toMoney(0.05) });
    expect(own([{ exchange: 'NFO', symbol: 'NEWCO' }]).find(instrumentKey('NFO', 'NEWCO29DEC26FUT'))).toBeUndefined();
  });

  test('are read from a file', () => {
    const rows = readOverrides('# mine\nexchange, symbol,lotSize,tickSize,freezeQuantity\r\nNSE,EMCO\n\nNFO,NIFTY,65,0.05,1800\nNFO,M&M,,0.1,\n');
    expect(rows).toEqual({ ok: true, value: [
      { exchange: 'NSE', symbol: 'EMCO' }, { exchange: 'NFO', symbol: 'NIFTY', lotSize: 65, tickSize: 0.05, freezeQuantity: 1_800 }, { exchange: 'NFO', symbol: 'M&M', tickSize: 0.1 },
    ] });
    expect(readOverrides('')).toEqual({ ok: true, value: [] });
  });

  test.each([
    ['exchange,symbol\nNSE,EMCO\nLSE,VOD', 3], ['exchange,symbol,lotSize\nNFO,NIFTY,0', 2], ['exchange,symbol,lotSize\nNFO,NIFTY,abc', 2],
    ['exchange,symbol\nNSE,=CMD()', 2], ['exchange,symbol\nNSE,A,B', 2], ['exchange,__proto__\nNSE,SBIN', 1], ['exchange,symbol\nNSE', 2],
  ])('that are wrong are refused by line: %j', (csv, line) => {
    expect(readOverrides(csv)).toMatchObject({ ok: false, denial: { code: 'INVALID_PARAMETER', value: line } });
  });
});

describe('the tick of a future', () => {
  const tickOf = (key: string, price: number, day?: string): number => {
    const instrument = find(key, day === undefined ? undefined : at(day));
    if (instrument === undefined) throw new Error(`${key} is not known.`);
    return tickSizeAt(instrument, toMoney(price));
  };

  test.each([
    ['NFO:NIFTY29DEC26FUT', 26_000.1, 0.1], ['NFO:NIFTY29DEC26FUT', 15_000, 0.05], ['NFO:NIFTY29DEC26FUT', 15_000.1, 0.1], ['NFO:NIFTY29DEC26FUT', 30_000, 0.1], ['NFO:NIFTY29DEC26FUT', 30_000.2, 0.2],
    ['NFO:BANKNIFTY29DEC26FUT', 58_000, 0.2], ['NFO:MIDCPNIFTY29DEC26FUT', 13_400, 0.05], ['NFO:SBIN29DEC26FUT', 800, 0.05], ['NFO:RELIANCE29DEC26FUT', 1_400, 0.1], ['NFO:IDEA29DEC26FUT', 9.5, 0.01],
    ['NFO:MARUTI29DEC26FUT', 16_000, 1], ['NFO:NIFTY29DEC2626000CE', 120, 0.05], ['NFO:SBIN29DEC26800CE', 20, 0.05], ['BFO:SENSEX31DEC26FUT', 85_000, 0.05], ['MCX:CRUDEOIL16DEC26FUT', 5_000, 1],
  ])('%s at %d steps by %d', (key, price, tick) => {
    expect(tickOf(key, price)).toBe(toMoney(tick));
  });

  test.each([
    ['NFO:NIFTY28JUL22FUT', undefined, 0.05], ['NFO:NIFTY24APR25FUT', '2025-04-11', 0.05], ['NFO:NIFTY24APR25FUT', '2025-04-15', 0.1], ['NFO:NIFTY24APR25FUT', undefined, 0.1],
    ['NFO:NIFTY27MAR25FUT', '2025-06-02', 0.05],
  ] as const)('%s seen on %s, at 23,000, steps by %d: the bands hold from 15 April 2025', (key, day, tick) => {
    expect(tickOf(key, 23_000, day)).toBe(toMoney(tick));
  });

  test("is the user's where he gives one", () => {
    const own = withOverrides(catalogue, [{ exchange: 'NFO', symbol: 'NIFTY', tickSize: 0.05 }, { exchange: 'NFO', symbol: 'BANKNIFTY', lotSize: 35 }, { exchange: 'NFO', symbol: 'FINNIFTY29DEC26FUT', tickSize: 0.5 }]);
    const ticks = [['NIFTY29DEC26FUT', 26_000], ['BANKNIFTY29DEC26FUT', 58_000], ['FINNIFTY29DEC26FUT', 27_000]] as const;
    expect(ticks.map(([symbol, price]) => tickSizeAt(own.find(instrumentKey('NFO', symbol)) ?? {}, toMoney(price)))).toEqual([toMoney(0.05), toMoney(0.2), toMoney(0.5)]);
  });
});

describe('the tick of a cash price', () => {
  const sbin = {};
  test.each([[0.01, 0.01], [249.99, 0.01], [250, 0.05], [1_000, 0.05], [1_000.1, 0.1], [5_000, 0.1], [5_000.5, 0.5], [10_000, 0.5], [10_001, 1], [20_000, 1], [20_005, 5], [150_000, 5]])('%d steps by %d', (price, tick) => {
    expect(tickSizeAt(sbin, toMoney(price))).toBe(toMoney(tick));
    expect(isOnTick(sbin, toMoney(price))).toBe(true);
  });

  test.each([
    [812.33, 'BUY', 812.35], [812.33, 'SELL', 812.3], [812.35, 'BUY', 812.35], [249.996, 'BUY', 250], [1_000.02, 'SELL', 1_000], [1_000.02, 'BUY', 1_000.1],
    [5_000.1, 'BUY', 5_000.5], [0.004, 'SELL', 0.01], [20_003, 'SELL', 20_000],
  ] as const)('%d for a %s is %d', (price, action, expected) => {
    const rounded = roundToTick(sbin, toMoney(price), action);
    expect(rounded).toBe(toMoney(expected));
    expect(isOnTick(sbin, rounded)).toBe(true);
  });

  test("is the contract's own where it has one", () => {
    expect(roundToTick({ tickSize: toMoney(0.0025) }, toMoney(83.2511), 'BUY')).toBe(toMoney(83.2525));
    expect(isOnTick({ tickSize: toMoney(0.05) }, toMoney(26_000.02))).toBe(false);
  });
});
