import fc from 'fast-check';
import { instrumentKey, type Instrument } from '../market';
import { asMoney, fromMoney, toMoney } from '../money';
import { reached } from './levels';
import { shownLevels } from './shown';

const SHARE: Instrument = { key: instrumentKey('NSE', 'SBIN'), exchange: 'NSE', symbol: 'SBIN', segment: 'cash', base: 'SBIN', lotSize: 1 };

test.each([
  ['LONG', 950.4495, 1_030.02, 950.4, 1_030.1], ['SHORT', 950.4495, 900.02, 950.45, 900], ['LONG', 950.4, 1_030.1, 950.4, 1_030.1],
] as const)('a %s with its stop at %d and its target at %d acts at %d and at %d', (direction, stop, target, stopAt, targetAt) => {
  const { stop: shownStop, target: shownTarget } = shownLevels({ direction, stopLevel: toMoney(stop), targetLevel: toMoney(target) }, SHARE);
  expect([shownStop, shownTarget].map((price) => fromMoney(price ?? asMoney(NaN)))).toEqual([stopAt, targetAt]);
});

test('what nobody knows is shown as it is, and what is not set is not shown', () => {
  expect(shownLevels({ direction: 'LONG', stopLevel: toMoney(950.4495) }, undefined)).toEqual({ stop: toMoney(950.4495) });
});

test('prices on the tick meet the level that is shown when they meet the exact one', () => {
  const money = fc.integer({ min: 3_000_000, max: 9_000_000 }).map(asMoney);
  fc.assert(fc.property(fc.constantFrom('LONG' as const, 'SHORT' as const), money, fc.integer({ min: 6_000, max: 18_000 }), (direction, level, ticks) => {
    const price = asMoney(ticks * 500);
    const asStop = shownLevels({ direction, stopLevel: level }, SHARE);
    const asTarget = shownLevels({ direction, targetLevel: level }, SHARE);
    expect(reached({ direction, ...(asStop.stop === undefined ? {} : { stopLevel: asStop.stop }) }, price)).toBe(reached({ direction, stopLevel: level }, price));
    expect(reached({ direction, ...(asTarget.target === undefined ? {} : { targetLevel: asTarget.target }) }, price)).toBe(reached({ direction, targetLevel: level }, price));
  }));
});
