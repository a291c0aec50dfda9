import fc from 'fast-check';
import type { Tick } from '../../domain/feed';
import { toMoney } from '../../domain/money';
import { tickOf } from '../../../tests/doubles/scriptedSource';
import { absurdity, priceMemory } from './quarantine';

const TEN = Date.UTC(2026, 10, 20, 4, 30);
const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Which of the prices are believed; one tick a step. */
function judge(prices: readonly number[], stepMs: number, memory = priceMemory(), from = TEN): readonly number[] {
  return prices.filter((price, index) => {
    const at = from + index * stepMs;
    return absurdity(tickOf('A', price, at), memory, at) === undefined;
  });
}

const repeat = (price: number, count: number): readonly number[] => Array.from({ length: count }, () => price);

test.each<{ readonly what: string; readonly more: Partial<Tick>; readonly reason: string }>([
  { what: 'price 0', more: { last: toMoney(0) }, reason: 'price 0' },
  { what: 'a price below 0', more: { last: toMoney(-1) }, reason: 'price -1' },
  { what: 'a bid of 0', more: { bid: toMoney(0) }, reason: 'bid 0, ask 0' },
  { what: 'a crossed book', more: { bid: toMoney(101), ask: toMoney(100) }, reason: 'bid 101 above ask 100' },
  { what: 'a time in the future', more: { at: TEN + 6 * SECOND }, reason: '6 s ahead of this machine\'s clock' },
  { what: 'a confirmation in the future', more: { quotedAt: TEN + 6 * SECOND }, reason: '6 s ahead of this machine\'s clock' },
  { what: 'seconds taken for milliseconds', more: { at: Math.round(TEN / 1_000) }, reason: `${Math.round((TEN - Math.round(TEN / 1_000)) / MINUTE)} minutes old` },
  { what: 'a time that is no number', more: { at: NaN }, reason: 'NaN s ahead of this machine\'s clock' },
])('$what is put aside', ({ more, reason }) => {
  expect(absurdity({ ...tickOf('A', 100, TEN), ...more }, priceMemory(), TEN)).toBe(reason);
});

test('equal bid and ask, the exchange\'s clock a little ahead and Friday\'s last trade on Monday are believed', () => {
  expect(absurdity(tickOf('A', 100, TEN, { bid: toMoney(100), ask: toMoney(100) }), priceMemory(), TEN)).toBeUndefined();
  expect(absurdity(tickOf('A', 100, TEN + 4 * SECOND), priceMemory(), TEN)).toBeUndefined();
  expect(absurdity(tickOf('A', 100, TEN - 66 * HOUR), priceMemory(), TEN)).toBeUndefined();
});

test('a single price a hundred times too high is put aside, and the course goes on', () => {
  expect(judge([800, 801, 802, 80_250, 803, 8.03, 804], SECOND)).toEqual([800, 801, 802, 803, 804]);
});

test('wrong ticks between right ones are never believed, however many there are', () => {
  const mixed = Array.from({ length: 2_000 }, (_, index) => (index % 3 === 2 ? 80_000 : 800));
  expect(judge(mixed, SECOND)).toEqual(mixed.filter((price) => price === 800));
});

test('a source that goes on in paise is not believed for half an hour, however much it agrees with itself', () => {
  expect(judge([...repeat(800, 5), ...repeat(80_000, 1_700)], SECOND)).toEqual(repeat(800, 5));
});

test('a circuit move of 20 % is believed at once', () => {
  expect(judge([100, 100, 100, 80, 96, 120], SECOND)).toEqual([100, 100, 100, 80, 96, 120]);
});

test('an opening gap and a split are believed once three ticks agree over ten seconds', () => {
  const memory = priceMemory();
  judge(repeat(1_000, 5), SECOND, memory);
  expect(judge(repeat(100, 15), SECOND, memory, TEN + 18 * HOUR)).toEqual(repeat(100, 5));
});

test('a contract that did not trade for an hour may come back a hundred times as dear', () => {
  const memory = priceMemory();
  judge(repeat(3, 5), SECOND, memory);
  expect(judge(repeat(300, 15), SECOND, memory, TEN + HOUR)).toEqual(repeat(300, 5));
});

test('a cheap option may take any step', () => {
  expect(judge([0.05, 0.05, 0.05, 0.25, 0.05, 0.7], SECOND)).toHaveLength(6);
});

test('a first tick that was wrong holds up the right ones for ten seconds only', () => {
  expect(judge([80_000, ...repeat(800, 15)], SECOND)).toEqual([80_000, ...repeat(800, 5)]);
});

test('a trade that is said again and again is confirmed by the time it was said', () => {
  const memory = priceMemory();
  judge(repeat(100, 5), SECOND, memory);
  const believed = Array.from({ length: 15 }, (_, index) => TEN + MINUTE + index * SECOND).filter((now) => absurdity(tickOf('A', 600, TEN + MINUTE, { quotedAt: now }), memory, now) === undefined);
  expect(believed).toHaveLength(5);
});

test('no course whose steps stay below fourfold loses a tick, and no wild tick between two tame ones is ever kept', () => {
  const tame = fc.array(fc.double({ min: 0.5, max: 2, noNaN: true }), { minLength: 4, maxLength: 60 }).map((steps) => steps.reduce<number[]>((prices, step) => [...prices, Math.min(1e6, Math.max(1, (prices.at(-1) ?? 100) * step))], [100]));
  fc.assert(fc.property(tame, fc.nat(), fc.constantFrom(100, 0.01), (course, where, factor) => {
    expect(judge(course, SECOND)).toEqual(course);
    const position = 3 + (where % (course.length - 3));
    const wild = (course[position - 1] ?? 1) * factor;
    fc.pre((Math.max(wild, course[position - 1] ?? 1) + 1) / (Math.min(wild, course[position - 1] ?? 1) + 1) > 4);
    expect(judge([...course.slice(0, position), wild, ...course.slice(position)], SECOND)).toEqual(course);
  }));
});
