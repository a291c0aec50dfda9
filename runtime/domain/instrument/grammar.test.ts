import fc from 'fast-check';
import { instrumentKey, type Exchange } from '../market';
import { toMoney } from '../money';
import { dateOf } from '../session/days';
import { readExchange } from './exchange';
import { formatSymbol, parseKey, type SymbolParts } from './format';
import { parseSymbol, type SymbolReading } from './grammar';

/** A reading in one line: `option NFO NIFTY 2026-12 26000 CE`. */
function told(reading: SymbolReading): string {
  if (reading.kind === 'plain') return `${reading.exchange} ${reading.base}`;
  if (reading.kind === 'continuous') return `${reading.kind} ${reading.exchange} ${reading.base} ${reading.ordinal}`;
  const expiry = reading.expiry.kind === 'day' ? reading.expiry.date : reading.expiry.month;
  const option = reading.kind === 'option' ? ` ${reading.strike / 10_000} ${reading.optionType}` : '';
  return `${reading.kind} ${reading.exchange} ${reading.base} ${expiry}${option}`;
}

function readings(exchange: Exchange, text: string): string[] | string {
  const parsed = parseSymbol(exchange, text);
  return parsed.ok ? parsed.value.map(told) : parsed.denial.code;
}

test.each<[Exchange, string, string[] | string]>([
  ['NSE', 'SBIN', ['NSE SBIN']],
  ['NSE', ' sbin ', ['NSE SBIN']],
  ['NSE', 'NSE:SBIN', ['NSE SBIN']],
  ['NSE', 'NSE_DLY:SBIN', ['NSE SBIN']],
  ['BSE', 'BSE:BAJAJ-AUTO', ['BSE BAJAJ-AUTO']],
  ['NSE', 'M&M', ['NSE M&M']],
  ['NSE', 'M_M', ['NSE M&M', 'NSE M-M']],
  ['NSE', 'BAJAJ_AUTO', ['NSE BAJAJ&AUTO', 'NSE BAJAJ-AUTO']],
  ['NSE', '360ONE', ['NSE 360ONE']],
  ['NSE', 'NIFTY1!', ['continuous NFO NIFTY 1']],
  ['NSE', 'NSE:BANKNIFTY2!', ['continuous NFO BANKNIFTY 2']],
  ['BSE', 'SENSEX1!', ['continuous BFO SENSEX 1']],
  ['NFO', 'NSE:NIFTY1!', ['continuous NFO NIFTY 1']],
  ['NSE', 'M_M1!', ['continuous NFO M&M 1', 'continuous NFO M-M 1']],
  ['NFO', 'BANKNIFTY24APR24FUT', ['future NFO BANKNIFTY 2024-04-24']],
  ['NSE', 'BANKNIFTY24APR24FUT', ['future NFO BANKNIFTY 2024-04-24']],
  ['NFO', 'NIFTY24DECFUT', ['future NFO NIFTY 2024-12']],
  ['CDS', '726GS203228NOV24FUT', ['future CDS 726GS2032 2024-11-28']],
  ['CDS', 'USDINR27NOV2683.25CE', ['option CDS USDINR 2026-11-27 83.25 CE', 'option CDS USDINR 2027-11 2683.25 CE']],
  ['NFO', 'VEDL25APR24292.5CE', ['option NFO VEDL 2024-04-25 292.5 CE', 'option NFO VEDL 2025-04 24292.5 CE']],
  ['NFO', 'NIFTY28MAR2420800CE', ['option NFO NIFTY 2024-03-28 20800 CE', 'option NFO NIFTY 2028-03 2420800 CE']],
  ['NFO', 'NIFTY24DEC19500CE', ['option NFO NIFTY 2019-12-24 500 CE', 'option NFO NIFTY 2024-12 19500 CE']],
  // A strike is not written with leading zeros, so this has one reading.
  ['NFO', 'NIFTY26DEC26000PE', ['option NFO NIFTY 2026-12 26000 PE']],
  ['NFO', 'NIFTY26DEC2605000PE', ['option NFO NIFTY 2026-12 2605000 PE']],
  // The 31st of November does not exist: only the month is left.
  ['NFO', 'NIFTY31NOV2626000CE', ['option NFO NIFTY 2031-11 2626000 CE']],
  ['NSE_INDEX', 'NIFTY', ['NSE_INDEX NIFTY']],
  ['NFO', 'SBIN', 'MALFORMED_SYMBOL'],
  ['NSE', 'NFO:NIFTY29DEC26FUT', ['future NFO NIFTY 2026-12-29']],
  ['NSE', 'NFO:SBIN', 'MALFORMED_SYMBOL'],
  ['NSE', 'NSE_INDEX:NIFTY', ['NSE_INDEX NIFTY']],
  ['NSE_INDEX', 'NSE:NIFTY', ['NSE_INDEX NIFTY']],
  ['NFO', 'BFO:SENSEX31DEC26FUT', 'MALFORMED_SYMBOL'],
  ['NSE', 'BSE:SBIN', 'MALFORMED_SYMBOL'],
  ['NSE', 'LSE:VOD', 'MALFORMED_SYMBOL'],
  ['NSE', 'NSE:NSE:SBIN', 'MALFORMED_SYMBOL'],
  ['NSE', '', 'MALFORMED_SYMBOL'],
  ['NSE', '!', 'MALFORMED_SYMBOL'],
  ['NSE', 'SB IN', 'MALFORMED_SYMBOL'],
  ['NSE', 'SBIN,TCS', 'MALFORMED_SYMBOL'],
  ['NSE', 'A_B_C_D_E', 'MALFORMED_SYMBOL'],
  ['NSE', '{{ticker}}', 'MALFORMED_SYMBOL'],
  ['NSE', '${x}', 'MALFORMED_SYMBOL'],
  ['NSE', '=__proto__', 'MALFORMED_SYMBOL'],
  ['NSE', '../x', 'MALFORMED_SYMBOL'],
  ['NSE', '..', 'MALFORMED_SYMBOL'],
  ['NSE', 'ſBIN', 'MALFORMED_SYMBOL'],
  ['NSE', 'SBIN\u0000', 'MALFORMED_SYMBOL'],
])('%s %s reads as %j', (exchange, text, expected) => {
  expect(readings(exchange, text)).toEqual(expected);
});

test('ten thousand characters are refused with a short answer and a remedy', () => {
  const parsed = parseSymbol('NSE', 'A'.repeat(10_000));
  expect(parsed).toMatchObject({ ok: false, denial: { code: 'MALFORMED_SYMBOL', field: 'symbol' } });
  expect(parsed.ok ? undefined : parsed.denial.remedy).toContain('at most');
  expect(JSON.stringify(parsed).length).toBeLessThan(400);
});

test('a delayed exchange is told, not lost', () => {
  expect(readExchange('NSE_DLY')).toEqual({ ok: true, value: { exchange: 'NSE', delayed: true } });
  expect(readExchange('mcx_dl')).toEqual({ ok: true, value: { exchange: 'MCX', delayed: true } });
  expect(readExchange('NSE')).toEqual({ ok: true, value: { exchange: 'NSE', delayed: false } });
  expect(readExchange('NSE_INDEX')).toEqual({ ok: true, value: { exchange: 'NSE_INDEX', delayed: false } });
  expect(readExchange('NASDAQ')).toMatchObject({ ok: false, denial: { code: 'INVALID_FIELD', field: 'exchange' } });
});

describe('what was written is read back', () => {
  const base = fc.oneof(
    fc.constantFrom('NIFTY', 'BANKNIFTY', 'M&M', 'M&MFIN', 'BAJAJ-AUTO', '360ONE', 'NIFTYNXT50', '726GS2032', 'J&KBANK', 'X24DEC', '3MINDIA'),
    fc.stringMatching(/^[A-Z0-9][A-Z0-9&-]{0,11}$/),
  );
  const expiry = fc.record({ year: fc.integer({ min: 2000, max: 2099 }), month: fc.integer({ min: 1, max: 12 }), day: fc.integer({ min: 1, max: 31 }) })
    .map(({ year, month, day }) => dateOf(year, month, day)).filter((date) => date !== undefined);
  const strike = fc.oneof(fc.integer({ min: 1, max: 200_000 }), fc.integer({ min: 1, max: 20_000_000 }).map((hundredths) => hundredths / 100)).map(toMoney);
  const optionType = fc.constantFrom('CE' as const, 'PE' as const);
  const isDerivativeWord = (text: string) => /FUT$|CE$|PE$/.test(text);

  const readsBack = (exchange: Exchange, parts: SymbolParts) => {
    const symbol = formatSymbol(parts);
    const parsed = parseKey(instrumentKey(exchange, symbol));
    expect(parsed?.symbol).toBe(symbol);
    const { reading } = parsed ?? {};
    if (reading === undefined || reading.kind === 'continuous') throw new Error(`${symbol} reads as nothing`);
    if (reading.kind === 'plain') return { base: reading.base };
    const { base: name, expiry: when } = reading;
    const day = when.kind === 'day' ? when.date : when.month;
    return reading.kind === 'future' ? { base: name, expiry: day } : { base: name, expiry: day, strike: reading.strike, optionType: reading.optionType };
  };

  test('equities', () => {
    fc.assert(fc.property(base.filter((text) => !isDerivativeWord(text)), (name) => {
      expect(readsBack('NSE', { base: name })).toEqual({ base: name });
      expect(readings('NSE', name)).toEqual([`NSE ${name}`]);
    }));
  });

  test('dated futures have exactly one reading', () => {
    fc.assert(fc.property(base, expiry, (name, date) => {
      expect(readsBack('NFO', { base: name, expiry: date })).toEqual({ base: name, expiry: date });
      expect(readings('NFO', formatSymbol({ base: name, expiry: date }))).toEqual([`future NFO ${name} ${date}`]);
    }));
  });

  test('dated options, decimal strikes too, are among at most two readings', () => {
    fc.assert(fc.property(base, expiry, strike, optionType, (name, date, at, type) => {
      const parts = { base: name, expiry: date, strike: at, optionType: type };
      expect(readsBack('NFO', parts)).toEqual(parts);
      const all = readings('NFO', formatSymbol(parts));
      expect(all).toContain(`option NFO ${name} ${date} ${at / 10_000} ${type}`);
      expect(all.length).toBeLessThanOrEqual(2);
    }), { numRuns: 1_000 });
  });
});

test('any text gives readings or MALFORMED_SYMBOL, nothing else', () => {
  fc.assert(fc.property(fc.constantFrom<Exchange>('NSE', 'NFO', 'MCX', 'NSE_INDEX'), fc.oneof(fc.string({ maxLength: 80 }), fc.string({ unit: 'binary' })), (exchange, text) => {
    const parsed = parseSymbol(exchange, text);
    if (parsed.ok) expect(parsed.value.length).toBeGreaterThan(0);
    else expect(parsed.denial.code).toBe('MALFORMED_SYMBOL');
  }), { numRuns: 5_000 });
});

test('half an option can not be written', () => {
  expect(() => formatSymbol({ base: 'NIFTY', expiry: '2026-12-29', strike: toMoney(26_000) })).toThrow(RangeError);
  expect(() => formatSymbol({ base: 'NIFTY', strike: toMoney(26_000), optionType: 'CE' })).toThrow(RangeError);
});
