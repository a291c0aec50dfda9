import { instrumentsWorld, listed, option, share, type InstrumentsWorld } from '../../../tests/doubles/instrumentsWorld';
import type { Exchange, Segment } from '../../domain/market';

const index = (base: string, name: string) => listed({ exchange: 'NSE_INDEX', segment: 'index', base, lotSize: 1, name });

const ROWS = [
  share('SBIN', 'STATE BANK OF INDIA'), share('SBIN', 'STATE BANK OF INDIA', 'BSE'), share('SBILIFE', 'SBI LIFE INSURANCE'), share('RELIANCE', 'RELIANCE INDUSTRIES LTD'),
  share('RELINFRA', 'RELIANCE INFRASTRUCTURE'), share('BAJAJ-AUTO', 'BAJAJ AUTO LIMITED'), share('M&M', 'MAHINDRA & MAHINDRA'), share('BSE', 'BSE LIMITED'), share('NIFTYBEES', 'NIPPON NIFTY BEES'),
  index('NIFTY', 'Nifty 50'), index('BANKNIFTY', 'Nifty Bank'),
  listed({ expiry: '2026-11-23' }), listed(), listed({ base: 'SBIN', lotSize: 750 }),
  option(26_000, 'CE', { expiry: '2026-11-23' }), option(26_000, 'PE', { expiry: '2026-11-23' }), option(26_000, 'CE'), option(26_000, 'PE'), option(26_500, 'CE'),
];

let world: InstrumentsWorld;
beforeAll(async () => {
  world = instrumentsWorld(ROWS);
  await world.keeper.refresh();
});

function find(text: string, { limit = 4, ...more }: { exchange?: Exchange; segment?: Segment; limit?: number } = {}): readonly string[] | string {
  const found = world.search({ text, limit, at: world.clock.now(), ...more });
  return found.ok ? found.value.map(({ key }) => key) : found.denial.code;
}

test.each<[string, Parameters<typeof find>[1], readonly string[]]>([
  // The symbol itself goes first, on every exchange, then what belongs to it.
  ['SBIN', {}, ['NSE:SBIN', 'BSE:SBIN', 'NFO:SBIN29DEC26FUT']],
  ['sbin', { limit: 1 }, ['NSE:SBIN']],
  ['NIFTY', {}, ['NSE_INDEX:NIFTY', 'NFO:NIFTY23NOV26FUT', 'NFO:NIFTY29DEC26FUT', 'NSE:NIFTYBEES']],
  ['BSE', { limit: 1 }, ['NSE:BSE']],
  // Then its beginning, a word of the name, a part.
  ['SBI', { limit: 3 }, ['NSE:SBIN', 'NSE:SBICARD', 'NSE:SBILIFE']],
  ['state bank', { limit: 2 }, ['NSE:SBIN', 'BSE:SBIN']],
  ['mahindra', { limit: 1 }, ['NSE:M&M']],
  ['reliance infra', { limit: 1 }, ['NSE:RELINFRA']],
  ['BEES', { limit: 2 }, ['NSE:NIFTYBEES', 'NSE:GOLDBEES']],
  // Signs are left out and put in as people do.
  ['bajaj auto', { limit: 1 }, ['NSE:BAJAJ-AUTO']],
  ['bajajauto', { limit: 1 }, ['NSE:BAJAJ-AUTO']],
  ['MM', { limit: 1 }, ['NSE:M&M']],
  // One slip.
  ['RELIANEC', { limit: 1 }, ['NSE:RELIANCE']],
  ['relaince', { limit: 1 }, ['NSE:RELIANCE']],
  ['mahindar', { limit: 1 }, ['NSE:M&M']],
  // Contracts by words, in any order behind the underlying.
  ['nifty 26000 ce', {}, ['NFO:NIFTY23NOV2626000CE', 'NFO:NIFTY29DEC2626000CE']],
  ['nifty dec 26000', {}, ['NFO:NIFTY29DEC2626000CE', 'NFO:NIFTY29DEC2626000PE']],
  ['nifty 29dec 26000pe', {}, ['NFO:NIFTY29DEC2626000PE']],
  ['nifty fut', {}, ['NFO:NIFTY23NOV26FUT', 'NFO:NIFTY29DEC26FUT']],
  ['nifty december future', {}, ['NFO:NIFTY29DEC26FUT']],
  ['nifty calls', { limit: 2 }, ['NFO:NIFTY23NOV2626000CE', 'NFO:NIFTY29DEC2626000CE']],
  // And by their symbol or its beginning.
  ['NIFTY29DEC2626000CE', {}, ['NFO:NIFTY29DEC2626000CE']],
  ['NFO:NIFTY29DEC2626', {}, ['NFO:NIFTY29DEC2626000CE', 'NFO:NIFTY29DEC2626000PE', 'NFO:NIFTY29DEC2626500CE']],
  // Filters.
  ['NSE SBIN', {}, ['NSE:SBIN']],
  ['sbin', { exchange: 'BSE' }, ['BSE:SBIN']],
  ['nifty', { segment: 'index', limit: 1 }, ['NSE_INDEX:NIFTY']],
  ['nifty', { segment: 'option', limit: 2 }, ['NFO:NIFTY23NOV2626000CE', 'NFO:NIFTY23NOV2626000PE']],
  ['qqqqzzzz', {}, []],
])('%j %j finds %j', (text, options, expected) => {
  expect(find(text, options)).toEqual(expected);
});

test.each(['', '   ', '::', '-&-', '{{}}'])('%j asks for nothing', (text) => {
  expect(find(text)).toBe('INVALID_PARAMETER');
});

test('a share comes with its name', () => {
  const found = world.search({ text: 'SBIN', limit: 1, at: world.clock.now() });
  expect(found).toMatchObject({ ok: true, value: [{ name: 'STATE BANK OF INDIA', lotSize: 1 }] });
});

test('what has expired is not found', () => {
  const found = world.search({ text: 'nifty fut', limit: 9, at: world.clock.now() + 10 * 86_400_000 });
  expect(found.ok ? found.value.map(({ key }) => key) : []).toEqual(['NFO:NIFTY29DEC26FUT']);
});

test('without a master the bundle is searched', () => {
  const { search, clock } = instrumentsWorld();
  const keys = (text: string) => {
    const found = search({ text, limit: 2, at: clock.now() });
    return found.ok ? found.value.map(({ key }) => key) : found.denial.code;
  };
  expect(keys('SBIN')).toEqual(['NSE:SBIN', 'BSE:SBIN']);
  expect(keys('nifty fut')).toEqual(['NFO:NIFTY23NOV26FUT', 'NFO:NIFTY29DEC26FUT']);
  expect(keys('nifty 26000 ce')).toEqual(['NFO:NIFTY23NOV2626000CE', 'NFO:NIFTY01DEC2626000CE']);
  expect(keys('NIFTY29DEC2626000CE')).toEqual(['NFO:NIFTY29DEC2626000CE']);
});

test('ten thousand shares and underlyings are looked through, and no more is found than was asked for', async () => {
  const many = instrumentsWorld(Array.from({ length: 10_000 }, (_, count) => share(`Q${count.toString(36).toUpperCase()}X`, `COMPANY ${count} INDUSTRIES LIMITED`)));
  await many.keeper.refresh();
  const found = (text: string): number => {
    const outcome = many.search({ text, limit: 20, at: many.clock.now() });
    return outcome.ok ? outcome.value.length : NaN;
  };
  expect(['limited', 'zzzzqqqq'].map(found)).toEqual([20, 0]);
});
