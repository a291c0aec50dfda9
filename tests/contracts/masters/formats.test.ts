import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { z } from 'zod';
import { formatSymbol, masterRow } from '../../../runtime/domain/instrument';
import { parseKey } from '../../../runtime/domain/instrument/format';
import { fromMoney } from '../../../runtime/domain/money';
import { dateOf } from '../../../runtime/domain/session/days';
import { LISTS, OPENALGO_COLUMNS, readList } from './lists';

const FORMATS = Object.entries(LISTS);

const row = ({ key, segment, base, lotSize, tickSize, expiry, strike, optionType }: Awaited<ReturnType<typeof readList>>['rows'][number]) =>
  [key, segment, base, lotSize, tickSize === undefined ? '-' : fromMoney(tickSize), expiry ?? '-', strike === undefined ? '-' : fromMoney(strike), optionType ?? '-'].join(' ');

test.each(FORMATS)('%s: the same six instruments in our own words', async (_, text) => {
  const { rows, rejected, samples } = await readList(text);
  expect({ rejected, samples }).toEqual({ rejected: 0, samples: [] });
  expect(rows.map(row).map((line) => line.replace(/^(NSE_INDEX:NIFTY index NIFTY 1) \S+/, '$1 *'))).toEqual([
    'NSE:SBIN cash SBIN 1 0.05 - - -',
    'NSE_INDEX:NIFTY index NIFTY 1 * - - -',
    'NFO:NIFTY29DEC26FUT future NIFTY 65 0.1 2026-12-29 - -',
    'NFO:NIFTY29DEC2626000CE option NIFTY 65 0.05 2026-12-29 26000 CE',
    'NFO:VEDL29DEC26292.5PE option VEDL 1150 0.05 2026-12-29 292.5 PE',
    'MCX:CRUDEOIL16DEC26FUT future CRUDEOIL 1 1 2026-12-16 - -',
  ]);
});

test.each(FORMATS)('%s reads the same packed, with a mark in front, and torn apart at any byte', async (_, text) => {
  const whole = await readList(text);
  expect(await readList(gzipSync(text))).toEqual(whole);
  expect(await readList(gzipSync(text), { size: 7 })).toEqual(whole);
  expect(await readList(`\uFEFF${text}`)).toEqual(whole);
  for (const size of [1, 3, 17]) expect(await readList(text, { size })).toEqual(whole);
});

test('names of shares and indices, and freeze quantities are taken where a list has them', async () => {
  const { rows } = await readList(LISTS['Upstox'] ?? '');
  expect(rows.map(({ name, freezeQuantity }) => [name, freezeQuantity])).toEqual([
    ['STATE BANK, OF INDIA', 100_000], ['Nifty 50', undefined], [undefined, 1_800], [undefined, 1_800], [undefined, 46_000], [undefined, 10_000],
  ]);
});

test('the answer that was recorded of a running gateway is read without a loss', async () => {
  const Recorded = z.array(z.looseObject({ note: z.string(), response: z.unknown() }));
  const file = path.resolve(__dirname, '../../../../shared/contracts/openalgo-rest.json');
  const answer = Recorded.parse(JSON.parse(readFileSync(file, 'utf8'))).find(({ note }) => note === 'instruments');
  const { rows, rejected, skipped } = await readList(JSON.stringify(answer?.response));
  expect(rows.map(({ key, lotSize, name }) => [key, lotSize, name])).toEqual([['NSE:SBIN', 1, 'SBIN'], ['NSE:RELIANCE', 1, 'RELIANCE'], ['NSE:REJECT', 1, 'REJECT']]);
  expect({ rejected, skipped }).toEqual({ rejected: 0, skipped: 0 });
});

test('a gateway with Upstox behind it gives ticks in paise, which are left out', async () => {
  const { rows } = await readList(`${OPENALGO_COLUMNS}\nNIFTY29DEC2626000CE,x,NIFTY,NFO,NSE_FO,NSE_FO|2,29-DEC-26,26000,65,CE,5.0`);
  expect(rows.map(({ key, tickSize }) => [key, tickSize])).toEqual([['NFO:NIFTY29DEC2626000CE', undefined]]);
});

describe('what a list says is what its symbols say', () => {
  const base = fc.oneof(fc.constantFrom('NIFTY', 'M&M', 'BAJAJ-AUTO', '360ONE', '726GS2032', 'X24DEC', '3MINDIA'), fc.stringMatching(/^[A-Z][A-Z0-9&-]{0,11}$/));
  const expiry = fc.record({ year: fc.integer({ min: 2020, max: 2035 }), month: fc.integer({ min: 1, max: 12 }), day: fc.integer({ min: 1, max: 31 }) })
    .map(({ year, month, day }) => dateOf(year, month, day)).filter((date) => date !== undefined);
  const strike = fc.oneof(fc.integer({ min: 1, max: 200_000 }), fc.integer({ min: 1, max: 20_000_000 }).map((hundredths) => hundredths / 100));
  const kind = fc.constantFrom('future', 'CE', 'PE');
  const facts = fc.record({ base, expiry, strike, kind, lotSize: fc.integer({ min: 1, max: 100_000 }) });

  test('a row\'s key is read back to the row, whatever its base, day and strike', () => {
    fc.assert(fc.property(facts, ({ base: name, expiry: day, strike: at, kind: type, lotSize }) => {
      const made = masterRow({ exchange: 'NFO', base: name, expiry: day, lotSize, ...(type === 'future' ? { segment: 'future' } : { segment: 'option', strike: at, optionType: type === 'CE' ? 'CE' : 'PE' }) });
      if (made.kind !== 'row') throw new Error(JSON.stringify(made));
      const { reading } = parseKey(made.row.key) ?? {};
      expect(reading).toMatchObject({ kind: type === 'future' ? 'future' : 'option', exchange: 'NFO', base: name, expiry: { kind: 'day', date: day } });
      if (reading?.kind === 'option') expect([reading.strike, reading.optionType]).toEqual([made.row.strike, made.row.optionType]);
    }), { numRuns: 1_000 });
  });

  test('a gateway\'s line and the row agree, also where a symbol has two readings', async () => {
    await fc.assert(fc.asyncProperty(facts, async ({ base: name, expiry: day, strike: at, kind: type, lotSize }) => {
      const [year = '', month = '', dayOfMonth = ''] = day.split('-');
      const written = `${dayOfMonth}-${['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'][Number(month) - 1] ?? ''}-${year.slice(2)}`;
      const made = masterRow({ exchange: 'NFO', base: name, expiry: day, lotSize, ...(type === 'future' ? { segment: 'future' } : { segment: 'option', strike: at, optionType: type === 'CE' ? 'CE' : 'PE' }) });
      if (made.kind !== 'row') throw new Error(JSON.stringify(made));
      const { rows, samples } = await readList(`${OPENALGO_COLUMNS}\n${made.row.symbol},x,x,NFO,NFO,1,${written},${type === 'future' ? 0 : at},${lotSize},${type === 'future' ? 'FUT' : type},0.05`);
      expect(samples).toEqual([]);
      expect(rows[0]).toMatchObject({ key: made.row.key, base: name, expiry: day, lotSize, ...(made.row.strike === undefined ? {} : { strike: made.row.strike }) });
    }), { numRuns: 300 });
  });

  test('a share that any list may name is one of the grammar, or no row', () => {
    fc.assert(fc.property(fc.oneof(base, fc.string({ maxLength: 20 }), fc.constantFrom('NIFTY29DEC26FUT', 'A24DEC1CE', 'RELIANCE', 'FUT', '..', '__proto__')), (name) => {
      const made = masterRow({ exchange: 'NSE', segment: 'cash', base: name });
      if (made.kind === 'row') expect(parseKey(made.row.key)?.reading).toMatchObject({ kind: 'plain', base: name });
      else expect(made.kind).toBe('rejected');
    }), { numRuns: 2_000 });
  });

  test('half an option is written by nobody', () => {
    expect(() => formatSymbol({ base: 'NIFTY', expiry: '2026-12-29', optionType: 'CE' })).toThrow(RangeError);
  });
});
