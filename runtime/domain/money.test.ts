import fc from 'fast-check';
import { asMoney, fromMoney, timesQuantity, toMoney, ZERO_MONEY } from './money';

test.each([
  [0.1, 1_000], [0.0025, 25], [812.35, 8_123_500], [-0.05, -500], [0.00005, 1], [-0.00005, -1], [0.00004, 0], [1e11, 1e15],
])('%d rupees are %d units, halves going away from zero', (rupees, units) => {
  expect(toMoney(rupees)).toBe(units);
});

test.each([NaN, Infinity, -Infinity, 1e12, Number.MAX_VALUE])('%d is no exact amount', (rupees) => {
  expect(() => toMoney(rupees)).toThrow(RangeError);
});

test.each([0.5, NaN, Infinity, Number.MAX_SAFE_INTEGER + 1])('a stored %d is refused', (value) => {
  expect(() => asMoney(value)).toThrow(RangeError);
});

test('a product that is no longer exact is refused, not rounded', () => {
  expect(() => timesQuantity(asMoney(Number.MAX_SAFE_INTEGER), 2)).toThrow(RangeError);
  expect(() => timesQuantity(toMoney(1), 0.33333)).toThrow(RangeError);
});

test('zero has one form', () => {
  expect(Object.is(toMoney(-0), 0)).toBe(true);
  expect(Object.is(toMoney(-0.00001), 0)).toBe(true);
  expect(Object.is(timesQuantity(toMoney(-5), 0), 0)).toBe(true);
  expect(ZERO_MONEY).toBe(0);
});

test('every amount up to 10 million crore of paise survives the way to rupees and back', () => {
  fc.assert(fc.property(fc.integer({ min: -1e15, max: 1e15 }), (units) => {
    expect(toMoney(fromMoney(asMoney(units)))).toBe(units);
  }), { numRuns: 2_000 });
});

test('any number gives an exact amount within half a unit, or a RangeError', () => {
  fc.assert(fc.property(fc.double({ min: -1e10, max: 1e10, noNaN: true }), (rupees) => {
    const amount = toMoney(rupees);
    expect(Number.isSafeInteger(amount)).toBe(true);
    expect(Math.abs(amount - rupees * 10_000)).toBeLessThanOrEqual(0.51);
    expect(toMoney(-rupees) + amount).toBe(0);
  }));
});
