import fc from 'fast-check';
import { asMoney, toMoney, type Money } from '../money';
import { sizeQuantity, type SizingRequest } from './sizeQuantity';
import { largestSlice } from './largestSlice';

const FUNDS = { available: toMoney(1_000_000), lotSize: 1 };

/** `100 by quantity`, or the denial's code. */
function sized(request: Partial<SizingRequest>): string {
  const result = sizeQuantity({ ...FUNDS, ...request });
  return result.ok ? `${result.value.quantity} by ${result.value.rule}` : result.denial.code;
}

describe('the first rule that is given decides', () => {
  const risk = { riskAmount: toMoney(500), entryPrice: toMoney(100), defaultQuantity: 7 };
  const stop = { stopLoss: toMoney(95) };
  const percent = { sizePercent: 10, marginPerUnit: toMoney(100) };

  test.each<[string, Partial<SizingRequest>, string]>([
    ['quantity', { quantity: 10, ...percent, ...risk, ...stop }, '10 by quantity'],
    ['then percent', { ...percent, ...risk, ...stop }, '1000 by sizePercent'],
    ['then risk over the stop distance', { ...risk, ...stop }, '100 by riskAmount'],
    ['then the default, where risk has no stop', risk, '7 by defaultQuantity'],
    ['nothing', {}, 'NO_SIZE'],
    ['risk alone', { riskAmount: toMoney(500) }, 'NO_STOP_DISTANCE'],
    ['risk with a stop but no entry', { riskAmount: toMoney(500), stopLoss: toMoney(95) }, 'NO_STOP_DISTANCE'],
    ['risk with the stop at the entry, default or not', { ...risk, stopLoss: toMoney(100) }, 'NO_STOP_DISTANCE'],
  ])('%s', (_name, request, expected) => {
    expect(sized(request)).toBe(expected);
  });
});

test.each<[string, Partial<SizingRequest>, string]>([
  ['100 in lots of 65', { quantity: 100, lotSize: 65 }, '65 by quantity'],
  ['64 in lots of 65', { quantity: 64, lotSize: 65 }, 'QUANTITY_ZERO'],
  ['zero', { quantity: 0 }, 'QUANTITY_ZERO'],
  ['a fraction', { quantity: 10.9 }, '10 by quantity'],
  ['below one', { quantity: 0.9 }, 'QUANTITY_ZERO'],
  ['negative', { quantity: -5 }, 'QUANTITY_INVALID'],
  ['not a number', { quantity: NaN }, 'QUANTITY_INVALID'],
  ['infinite', { quantity: Infinity }, 'QUANTITY_INVALID'],
  ['10 % of 10 lakh at 812.35', { sizePercent: 10, marginPerUnit: toMoney(812.35) }, '123 by sizePercent'],
  ['the same in lots of 65', { sizePercent: 10, marginPerUnit: toMoney(812.35), lotSize: 65 }, '65 by sizePercent'],
  ['0.29 %, which binary can not hold', { sizePercent: 0.29, marginPerUnit: toMoney(1) }, '2900 by sizePercent'],
  ['100 %', { sizePercent: 100, marginPerUnit: toMoney(1_000_000) }, '1 by sizePercent'],
  ['a unit too dear', { sizePercent: 10, marginPerUnit: toMoney(100_001) }, 'QUANTITY_ZERO'],
  ['no funds', { sizePercent: 10, marginPerUnit: toMoney(1), available: toMoney(-5) }, 'QUANTITY_ZERO'],
  ['percent without a price', { sizePercent: 10 }, 'NO_PRICE'],
  ['101 %', { sizePercent: 101, marginPerUnit: toMoney(1) }, 'INVALID_FIELD'],
  ['0 %', { sizePercent: 0, marginPerUnit: toMoney(1) }, 'INVALID_FIELD'],
  ['NaN %', { sizePercent: NaN, marginPerUnit: toMoney(1) }, 'INVALID_FIELD'],
  ['a short with its stop above', { riskAmount: toMoney(1_000), entryPrice: toMoney(800), stopLoss: toMoney(812.5) }, '80 by riskAmount'],
  ['risk with a point value of 10', { riskAmount: toMoney(1_000), entryPrice: toMoney(100), stopLoss: toMoney(90), pointValue: 10 }, '10 by riskAmount'],
  ['risk too small for a lot', { riskAmount: toMoney(1_000), entryPrice: toMoney(100), stopLoss: toMoney(80), lotSize: 65 }, 'QUANTITY_ZERO'],
  ['no risk', { riskAmount: toMoney(0), entryPrice: toMoney(100), stopLoss: toMoney(90) }, 'INVALID_FIELD'],
  ['two ATR of 12.5', { riskAmount: toMoney(1_000), atr: toMoney(12.5) }, '40 by riskAtr'],
  ['three ATR of 12.5', { riskAmount: toMoney(1_000), atr: toMoney(12.5), atrMultiple: 3 }, '26 by riskAtr'],
  ['an ATR of nothing', { riskAmount: toMoney(1_000), atr: toMoney(0) }, 'NO_STOP_DISTANCE'],
  ['the default, in lots', { defaultQuantity: 130, lotSize: 65 }, '130 by defaultQuantity'],
  ['a default below a lot', { defaultQuantity: 10, lotSize: 65 }, 'QUANTITY_ZERO'],
])('%s: %j is %s', (_name, request, expected) => {
  expect(sized(request)).toBe(expected);
});

test('a size of zero says what was short', () => {
  expect(sizeQuantity({ ...FUNDS, quantity: 64, lotSize: 65 })).toEqual({
    ok: false, denial: { code: 'QUANTITY_ZERO', message: 'The size is zero: 64 is less than one lot of 65.', field: 'quantity', rule: 'quantity', limit: 65, value: 64 },
  });
});

const money = (max: number) => fc.integer({ min: 1, max }).map(asMoney);
const lotSize = fc.integer({ min: 1, max: 10_000 });

test('a percent size is a lot multiple, costs no more than asked, and one lot more would', () => {
  fc.assert(fc.property(money(1e15), fc.integer({ min: 1, max: 10_000 }), money(1e9), lotSize, (available, hundredths, marginPerUnit, lot) => {
    const result = sizeQuantity({ sizePercent: hundredths / 100, available, marginPerUnit, lotSize: lot });
    const quantity = result.ok ? result.value.quantity : 0;
    const cost = (units: number) => BigInt(units) * BigInt(marginPerUnit) * 10_000n;
    const budget = BigInt(available) * BigInt(hundredths);
    expect(quantity % lot).toBe(0);
    expect(cost(quantity) <= budget).toBe(true);
    expect(cost(quantity + lot) > budget).toBe(true);
  }));
});

test('a risk size is a lot multiple and loses no more than asked at the stop', () => {
  fc.assert(fc.property(money(1e11), money(1e9), money(1e9), lotSize, (riskAmount, entryPrice, stopLoss, lot) => {
    const result = sizeQuantity({ riskAmount, entryPrice, stopLoss, available: 0 as Money, lotSize: lot });
    if (!result.ok) {
      expect(['QUANTITY_ZERO', 'NO_STOP_DISTANCE']).toContain(result.denial.code);
      return;
    }
    expect(result.value.quantity % lot).toBe(0);
    expect(result.value.quantity).toBeGreaterThan(0);
    expect(result.value.quantity * Math.abs(entryPrice - stopLoss)).toBeLessThanOrEqual(riskAmount);
  }));
});

test('any numbers give a positive lot multiple or a denial, never NaN', () => {
  const number = fc.oneof(fc.double(), fc.integer());
  fc.assert(fc.property(fc.record({ quantity: number, sizePercent: number, defaultQuantity: number }, { requiredKeys: [] }), lotSize, (wish, lot) => {
    const result = sizeQuantity({ ...FUNDS, ...wish, marginPerUnit: toMoney(100), lotSize: lot });
    if (!result.ok) return;
    expect(Number.isSafeInteger(result.value.quantity)).toBe(true);
    expect(result.value.quantity).toBeGreaterThan(0);
    expect(result.value.quantity % lot).toBe(0);
  }));
});

test.each([
  [1_800, undefined, 65, 1_755], [1_800, 1_000, 65, 975], [undefined, 1_000, 65, 975], [undefined, undefined, 65, Infinity], [50, undefined, 65, 65], [1_800, 5_000, 1, 1_800],
])('with a freeze of %s and slices of %s in lots of %d one order holds %d', (freezeQuantity, wanted, lot, expected) => {
  expect(largestSlice({ lotSize: lot, ...(freezeQuantity === undefined ? {} : { freezeQuantity }) }, wanted)).toBe(expected);
});
