import fc from 'fast-check';
import { instrumentKey, type Exchange, type InstrumentKey } from '../market';
import { toMoney } from '../money';
import { indiaDate, indiaTime } from '../session/days';
import { createCatalogue } from './catalogue';
import { monthlyExpiry, nearestMonthlyExpiries } from './expiries';
import { formatSymbol } from './format';
import { parseSymbol } from './grammar';
import { chooseContract, resolveSymbol, tradable } from './resolve';

const instruments = createCatalogue();
const NOV_2026 = indiaTime('2026-11-20', '10:00');

function resolve(exchange: Exchange, symbol: string, day = '2026-11-20'): string {
  const found = resolveSymbol({ exchange, symbol, at: indiaTime(day, '10:00'), instruments });
  return found.ok ? found.value.key : found.denial.code;
}

test.each<[Exchange, string, string, string]>([
  ['NSE', 'SBIN', '2026-11-20', 'NSE:SBIN'],
  ['NSE', 'NSE:SBIN', '2026-11-20', 'NSE:SBIN'],
  ['NSE', 'M_M', '2026-11-20', 'NSE:M&M'],
  ['NSE', 'BAJAJ_AUTO', '2026-11-20', 'NSE:BAJAJ-AUTO'],
  ['NSE', 'J_KBANK', '2026-11-20', 'NSE:J&KBANK'],
  ['BSE', 'SBIN', '2026-11-20', 'BSE:SBIN'],
  ['NSE', 'NIFTY', '2026-11-20', 'NSE_INDEX:NIFTY'],
  ['BSE', 'SENSEX', '2026-11-20', 'BSE_INDEX:SENSEX'],
  ['NSE_INDEX', 'BANKNIFTY', '2026-11-20', 'NSE_INDEX:BANKNIFTY'],
  ['NSE', 'NOSUCHSHARE', '2026-11-20', 'UNKNOWN_SYMBOL'],
  ['NFO', 'NOSUCH29DEC26FUT', '2026-11-20', 'UNKNOWN_SYMBOL'],
  ['NSE', '{{ticker}}', '2026-11-20', 'MALFORMED_SYMBOL'],
  // November's last Tuesday, the 24th, is a holiday: its contracts end on the 23rd.
  ['NSE', 'NIFTY1!', '2026-11-20', 'NFO:NIFTY23NOV26FUT'],
  ['NSE', 'NIFTY1!', '2026-11-23', 'NFO:NIFTY23NOV26FUT'],
  ['NSE', 'NIFTY1!', '2026-11-24', 'NFO:NIFTY29DEC26FUT'],
  ['NSE', 'NIFTY2!', '2026-11-20', 'NFO:NIFTY29DEC26FUT'],
  ['NFO', 'M_M1!', '2026-11-20', 'NFO:M&M23NOV26FUT'],
  ['BSE', 'SENSEX1!', '2026-11-20', 'BFO:SENSEX26NOV26FUT'],
  ['MCX', 'CRUDEOIL1!', '2026-11-20', 'UNKNOWN_SYMBOL'],
  ['NFO', 'NIFTY29DEC26FUT', '2026-11-20', 'NFO:NIFTY29DEC26FUT'],
  ['NFO', 'NIFTY26DECFUT', '2026-11-20', 'NFO:NIFTY29DEC26FUT'],
  ['NFO', 'NIFTY26NOVFUT', '2026-11-20', 'NFO:NIFTY23NOV26FUT'],
  ['NFO', 'NIFTY24DECFUT', '2024-12-02', 'NFO:NIFTY26DEC24FUT'],
  ['NFO', 'NIFTY24DECFUT', '2026-11-20', 'EXPIRED_SYMBOL'],
  ['NFO', 'NIFTY23NOV26FUT', '2026-11-23', 'NFO:NIFTY23NOV26FUT'],
  ['NFO', 'NIFTY23NOV26FUT', '2026-11-24', 'EXPIRED_SYMBOL'],
  ['NFO', 'NIFTY24NOV26FUT', '2026-11-20', 'UNKNOWN_SYMBOL'],
  // Both spellings of an option, and the collision between them.
  ['NFO', 'NIFTY24DEC19500CE', '2024-12-02', 'NFO:NIFTY26DEC2419500CE'],
  ['NFO', 'NIFTY24DEC19500CE', '2026-11-20', 'EXPIRED_SYMBOL'],
  ['NFO', 'NIFTY26DEC26000CE', '2026-11-20', 'NFO:NIFTY29DEC2626000CE'],
  ['NFO', 'NIFTY29DEC2626000CE', '2026-11-20', 'NFO:NIFTY29DEC2626000CE'],
  ['NFO', 'NIFTY30DEC2526000CE', '2025-12-01', 'NFO:NIFTY30DEC2526000CE'],
  ['NFO', 'NIFTY28MAR2420800CE', '2024-03-01', 'NFO:NIFTY28MAR2420800CE'],
  ['NFO', 'NIFTY28MAR2420800CE', '2026-11-20', 'EXPIRED_SYMBOL'],
  ['NFO', 'VEDL25APR24292.5CE', '2024-04-02', 'NFO:VEDL25APR24292.5CE'],
  ['NFO', 'SBIN29DEC26800CE', '2026-11-20', 'NFO:SBIN29DEC26800CE'],
  ['NFO', 'SBIN26DEC800CE', '2026-11-20', 'NFO:SBIN29DEC26800CE'],
  ['NFO', 'SBIN26MAY26800CE', '2026-05-04', 'NFO:SBIN26MAY26800CE'],
  // Weeklies exist for NIFTY and SENSEX only.
  ['NFO', 'NIFTY01DEC2626000CE', '2026-11-20', 'NFO:NIFTY01DEC2626000CE'],
  ['BFO', 'SENSEX03DEC2685000PE', '2026-11-20', 'BFO:SENSEX03DEC2685000PE'],
  ['NFO', 'BANKNIFTY01DEC2658000CE', '2026-11-20', 'UNKNOWN_SYMBOL'],
  ['NFO', 'NIFTY02DEC2626000CE', '2026-11-20', 'UNKNOWN_SYMBOL'],
  ['MCX', 'CRUDEOIL18DEC26FUT', '2026-11-20', 'MCX:CRUDEOIL18DEC26FUT'],
  ['MCX', 'CRUDEOIL26DECFUT', '2026-11-20', 'UNKNOWN_SYMBOL'],
  ['CDS', 'USDINR29DEC2683.25CE', '2026-11-20', 'CDS:USDINR29DEC2683.25CE'],
])('%s %s on %s is %s', (exchange, symbol, day, expected) => {
  expect(resolve(exchange, symbol, day)).toBe(expected);
});

describe('a text with two readings', () => {
  const choose = (symbol: string, day: string, isListed?: (key: InstrumentKey) => boolean) => {
    const readings = parseSymbol('NFO', symbol);
    if (!readings.ok) throw new Error(readings.denial.message);
    return chooseContract({ symbol, readings: readings.value, at: indiaTime(day, '10:00'), ...(isListed === undefined ? {} : { isListed }) });
  };

  test('without a master the expired one is out', () => {
    expect(choose('NIFTY24DEC19500CE', '2024-12-02')).toMatchObject({ ok: true, value: { key: 'NFO:NIFTY26DEC2419500CE' } });
  });

  test('without a master two that are alive are refused, both named', () => {
    const chosen = choose('NIFTY28DEC2726000CE', '2026-11-20');
    expect(chosen).toMatchObject({ ok: false, denial: { code: 'AMBIGUOUS_SYMBOL' } });
    expect(chosen.ok ? '' : chosen.denial.message).toContain('NFO:NIFTY28DEC2726000CE (expires 2027-12-28) or NFO:NIFTY26DEC282726000CE (expires 2028-12-26)');
  });

  test('a master decides between them, and refuses what it lists twice', () => {
    expect(choose('NIFTY28DEC2726000CE', '2026-11-20', (key) => key === 'NFO:NIFTY28DEC2726000CE')).toMatchObject({ ok: true, value: { expiry: '2027-12-28' } });
    expect(choose('NIFTY28DEC2726000CE', '2026-11-20', () => true)).toMatchObject({ ok: false, denial: { code: 'AMBIGUOUS_SYMBOL' } });
    expect(choose('NIFTY28DEC2726000CE', '2026-11-20', () => false)).toMatchObject({ ok: false, denial: { code: 'UNKNOWN_SYMBOL' } });
  });

  test('two that have expired are expired, both named', () => {
    const chosen = choose('NIFTY24DEC19500CE', '2026-11-20');
    expect(chosen).toMatchObject({ ok: false, denial: { code: 'EXPIRED_SYMBOL', value: 'NIFTY24DEC19500CE' } });
    expect(chosen.ok ? '' : chosen.denial.message).toMatch(/2019-12-24.*2024-12-26/);
  });
});

test('every contract the catalogue makes is found again by its own symbol', () => {
  const levels = { NIFTY: 26_000, BANKNIFTY: 58_000, MIDCPNIFTY: 13_000, NIFTYNXT50: 68_000, SBIN: 820, 'M&M': 3_200, 'BAJAJ-AUTO': 8_900, '360ONE': 1_050, IDEA: 8.5 };
  const contract = fc.record({
    underlying: fc.constantFrom(...Object.entries(levels)), ahead: fc.integer({ min: 0, max: 2 }),
    percent: fc.integer({ min: 60, max: 150 }), kind: fc.constantFrom('FUT', 'CE', 'PE'), fraction: fc.constantFrom(0, 0.5),
  });
  fc.assert(fc.property(contract, fc.integer({ min: 0, max: 700 }), ({ underlying: [base, level], ahead, percent, kind, fraction }, days) => {
    const at = indiaTime('2025-01-06', '10:00') + days * 86_400_000;
    const expiry = nearestMonthlyExpiries('NFO', base, indiaDate(at), ahead + 1)[ahead] ?? '';
    const strike = toMoney(Math.ceil((level * percent) / 100) + fraction);
    const symbol = formatSymbol({ base, expiry, ...(kind === 'FUT' ? {} : { strike, optionType: kind === 'CE' ? 'CE' as const : 'PE' as const }) });
    const found = instruments.find(instrumentKey('NFO', symbol), at);
    expect(found).toBeDefined();
    expect(resolveSymbol({ exchange: 'NFO', symbol, at, instruments })).toEqual({ ok: true, value: found });
  }), { numRuns: 1_000 });
});

describe('the last expiry of a month', () => {
  test.each([
    ['NFO', 'NIFTY', '2026-11', '2026-11-23'],
    ['NFO', 'NIFTY', '2026-12', '2026-12-29'],
    ['NFO', 'BANKNIFTY', '2026-03', '2026-03-30'],
    ['NFO', 'NIFTY', '2025-08', '2025-08-28'],
    ['NFO', 'NIFTY', '2025-09', '2025-09-30'],
    ['NFO', 'SBIN', '2025-12', '2025-12-30'],
    ['NFO', 'NIFTY', '2024-12', '2024-12-26'],
    ['NFO', 'BANKNIFTY', '2024-04', '2024-04-24'],
    ['BFO', 'SENSEX', '2026-12', '2026-12-31'],
    ['BFO', 'SENSEX', '2025-09', '2025-09-25'],
  ] as const)('%s %s in %s is %s', (exchange, base, month, expected) => {
    expect(monthlyExpiry(exchange, base, month)).toBe(expected);
  });

  test('is not known for commodities and currencies', () => {
    expect(monthlyExpiry('MCX', 'GOLD', '2026-12')).toBeUndefined();
    expect(monthlyExpiry('CDS', 'USDINR', '2026-12')).toBeUndefined();
  });
});

test('an index is found and is not tradable, a share is', () => {
  const found = (symbol: string) => resolveSymbol({ exchange: 'NSE', symbol, at: NOV_2026, instruments });
  const nifty = found('NIFTY');
  const sbin = found('SBIN');
  if (!nifty.ok || !sbin.ok) throw new Error('both are listed');
  expect(nifty.value.segment).toBe('index');
  expect(tradable(nifty.value)).toMatchObject({ ok: false, denial: { code: 'NOT_TRADABLE', value: 'NSE_INDEX:NIFTY' } });
  expect(tradable(sbin.value)).toEqual(sbin);
});

test('an unknown share is told how to be added', () => {
  const found = resolveSymbol({ exchange: 'NSE', symbol: 'NOSUCHSHARE', at: NOV_2026, instruments });
  expect(found).toMatchObject({ ok: false, denial: { field: 'symbol', value: 'NOSUCHSHARE' } });
  expect(found.ok ? '' : found.denial.remedy).toContain('instruments.csv');
});
