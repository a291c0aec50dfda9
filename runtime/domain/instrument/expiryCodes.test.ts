import fc from 'fast-check';
import type { IsoDate } from '../time';
import type { DerivativesExchange } from './exchange';
import { readExpiryCode, resolveExpiry } from './expiryCodes';
import { isPossibleExpiry, monthlyExpiry, ruleExpiries } from './expiries';
import { addDays } from '../session/days';

function resolve(text: string, { exchange = 'NFO', base = 'NIFTY', on = '2026-11-20', expiries }: { exchange?: DerivativesExchange; base?: string; on?: IsoDate; expiries?: readonly IsoDate[] } = {}): string {
  const code = readExpiryCode(text);
  if (!code.ok) return code.denial.code;
  const found = resolveExpiry({ code: code.value, exchange, base, on, expiries: expiries ?? ruleExpiries(exchange, base, on) });
  return found.ok ? `${found.value.expiry} ${found.value.kind}` : `${found.denial.code} ${found.denial.remedy ?? ''}`;
}

test.each([
  // The 24th is a holiday: the week's and the month's expiry is the 23rd.
  ['W0', {}, '2026-11-23 monthly'],
  ['w1', {}, '2026-12-01 weekly'],
  ['M0', {}, '2026-11-23 monthly'],
  ['M1', {}, '2026-12-29 monthly'],
  ['W0', { on: '2026-11-24' }, '2026-12-01 weekly'],
  ['29DEC26', {}, '2026-12-29 monthly'],
  ['29-DEC-2026', {}, '2026-12-29 monthly'],
  ['2026-12-01', {}, '2026-12-01 weekly'],
  ['M0', { base: 'BANKNIFTY' }, '2026-11-23 monthly'],
  ['W0', { exchange: 'BFO', base: 'SENSEX' }, '2026-11-26 monthly'],
  ['W1', { exchange: 'BFO', base: 'SENSEX' }, '2026-12-03 weekly'],
  // History: Wednesdays of BANKNIFTY, whose months still ended on a Thursday.
  ['W0', { base: 'BANKNIFTY', on: '2023-11-20' }, '2023-11-22 weekly'],
  ['W1', { base: 'BANKNIFTY', on: '2023-11-20' }, '2023-11-30 monthly'],
  ['W0', { base: 'NIFTY', on: '2022-06-20' }, '2022-06-23 weekly'],
] as const)('%s of %j is %s', (text, where, expected) => {
  expect(resolve(text, where)).toBe(expected);
});

test('a weekly code where there are only months is refused, and says what to use', () => {
  expect(resolve('W0', { base: 'BANKNIFTY' })).toBe('INVALID_PARAMETER Use M0 for the nearest month.');
  expect(resolve('W0', { base: 'SBIN' })).toContain('Use M0');
});

test('what the master lists goes before the rule: weeklies of another base, months of a commodity', () => {
  const listed = ['2026-11-24', '2026-12-01', '2026-12-29'];
  expect(resolve('W1', { base: 'NEWINDEX', expiries: listed })).toBe('2026-12-01 weekly');
  expect(resolve('M1', { exchange: 'MCX', base: 'CRUDEOIL', expiries: ['2026-11-17', '2026-12-16'], on: '2026-11-10' })).toBe('2026-12-16 monthly');
  expect(resolve('W0', { exchange: 'MCX', base: 'CRUDEOIL', expiries: ['2026-11-17', '2026-12-16'], on: '2026-11-10' })).toContain('Use M0');
});

test('weeks end where only months are listed: W is never taken for a far month', () => {
  const expiries = ['2026-11-23', '2026-12-01', '2026-12-08', '2026-12-29', '2027-01-26'];
  expect(resolve('W2', { expiries })).toBe('2026-12-08 weekly');
  expect(resolve('W3', { expiries })).toMatch(/^INVALID_PARAMETER Known are/);
});

test.each(['W', 'X0', '', 'W-1', '31NOV26', '29DEC', '2026-13-01', 'W100', '__proto__'])('%j is no code', (text) => {
  expect(resolve(text)).toBe('INVALID_PARAMETER');
});

test('every expiry of the rules is one that a contract can have, in order, and the month\'s is among them', () => {
  const days = fc.integer({ min: 0, max: 480 }).map((after) => addDays('2025-09-01', after));
  fc.assert(fc.property(days, fc.constantFrom(['NFO', 'NIFTY'], ['BFO', 'SENSEX'], ['NFO', 'BANKNIFTY'], ['NFO', 'SBIN']) as fc.Arbitrary<[DerivativesExchange, string]>, (on, [exchange, base]) => {
    const expiries = ruleExpiries(exchange, base, on);
    expect([...expiries].sort()).toEqual(expiries);
    expect(expiries.filter((date) => date < on || !isPossibleExpiry(exchange, base, date))).toEqual([]);
    const month = monthlyExpiry(exchange, base, on.slice(0, 7)) ?? '';
    if (month >= on) expect(expiries).toContain(month);
  }), { numRuns: 300 });
});
