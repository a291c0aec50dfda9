import { toMoney } from '../money';
import { nearestStrike, ruleStrikes, strikesAround } from './strikes';

const rupees = (...prices: readonly number[]) => prices.map(toMoney);

test.each([
  [25_974, 25_950], [25_976, 26_000], [25_975, 25_950], [10, 25_900], [99_999, 26_050],
])('the strike nearest to %d is %d, of two the lower', (price, expected) => {
  expect(nearestStrike(rupees(25_900, 25_950, 26_000, 26_050), toMoney(price))).toBe(toMoney(expected));
});

test('neighbours stop at the ends of the list', () => {
  expect(strikesAround(rupees(1, 2, 3, 4, 5), toMoney(3), 1)).toEqual(rupees(2, 3, 4));
  expect(strikesAround(rupees(1, 2, 3, 4, 5), toMoney(1), 2)).toEqual(rupees(1, 2, 3));
  expect(strikesAround([], toMoney(1), 2)).toEqual([]);
});

test('without a list an index has the strikes of its step, other underlyings none', () => {
  expect(strikesAround(ruleStrikes('NFO', 'NIFTY', toMoney(26_030), 2) ?? [], toMoney(26_030), 2)).toEqual(rupees(25_950, 26_000, 26_050, 26_100, 26_150));
  expect(ruleStrikes('NFO', 'SBIN', toMoney(800), 2)).toBeUndefined();
});
