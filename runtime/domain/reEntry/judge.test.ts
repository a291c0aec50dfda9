import { toMoney } from '../money';
import { isBack, isOnLosingSide, judgeTouch } from '.';

const NOW = 1_795_000_000_000;
const terms = { maximum: 2, cooldownMs: 60_000 };

test.each([
  ['the first entry of a day is none of a rule\'s business', 0, NOW, 'free'],
  ['the first re-entry', 1, NOW - 60_000, 'free'],
  ['the last one', 2, NOW - 60_000, 'free'],
  ['one too many', 3, NOW - 600_000, 'spent'],
  ['one too early', 1, NOW - 59_999, 'cooling'],
] as const)('%s', (_name, entries, lastAt, kind) => {
  expect(judgeTouch(terms, { entries, lastAt }, NOW).kind).toBe(kind);
});

test('a maximum of 0 allows the first entry only', () => {
  expect(judgeTouch({ maximum: 0, cooldownMs: 0 }, { entries: 0 }, NOW).kind).toBe('free');
  expect(judgeTouch({ maximum: 0, cooldownMs: 0 }, { entries: 1, lastAt: 0 }, NOW).kind).toBe('spent');
});

test('the entry\'s own price is back, and no longer on the losing side, for both directions', () => {
  const at = toMoney(800);
  expect([799.95, 800, 800.05].map((price) => isBack('BUY', at, toMoney(price)))).toEqual([false, true, true]);
  expect([799.95, 800, 800.05].map((price) => isBack('SELL', at, toMoney(price)))).toEqual([true, true, false]);
  expect(isOnLosingSide('SELL', at, toMoney(800.05))).toBe(true);
});
