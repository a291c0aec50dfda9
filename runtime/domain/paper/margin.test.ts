import fc from 'fast-check';
import type { Instrument, InstrumentKey } from '../market';
import { toMoney } from '../money';
import type { Action, Product } from '../order';
import { openingQuantity, positionMargin, unitMargin } from './margin';

const share: Instrument = { key: 'NSE:SBIN' as InstrumentKey, exchange: 'NSE', symbol: 'SBIN', segment: 'cash', base: 'SBIN', lotSize: 1 };
const future: Instrument = { ...share, key: 'NFO:NIFTY29DEC26FUT' as InstrumentKey, exchange: 'NFO', segment: 'future', base: 'NIFTY', lotSize: 65, tickSize: toMoney(0.05) };
const call: Instrument = { ...future, key: 'NFO:NIFTY29DEC2626000CE' as InstrumentKey, segment: 'option', strike: toMoney(26_000), optionType: 'CE' };

test.each<[string, Instrument, Product, Action, number, number]>([
  ['delivery blocks all', share, 'CNC', 'BUY', 100, 100],
  ['intraday blocks a fifth', share, 'MIS', 'BUY', 100, 20],
  ['intraday short blocks a fifth', share, 'MIS', 'SELL', 100, 20],
  ['a future blocks 15 %', future, 'NRML', 'BUY', 26_000, 3_900],
  ['an intraday future blocks 15 %', future, 'MIS', 'SELL', 26_000, 3_900],
  ['a bought option blocks its premium', call, 'NRML', 'BUY', 120.05, 120.05],
  ['a sold option blocks 15 % of its strike', call, 'NRML', 'SELL', 120, 3_900],
])('%s', (_what, instrument, product, action, price, expected) => {
  expect(unitMargin({ instrument, product, action, price: toMoney(price) })).toBe(toMoney(expected));
});

test.each<[Instrument, Product, number, number, number]>([
  [share, 'MIS', 10, 1_000, 200], [share, 'MIS', -10, -1_000, 200], [share, 'CNC', 10, 1_000, 1_000], [share, 'CNC', 0, 0, 0],
  [future, 'NRML', -65, -1_690_000, 253_500], [call, 'NRML', 65, 6_500, 6_500], [call, 'NRML', -65, -6_500, 253_500],
])('a position in %p (%s) of %d units opened for %d blocks %d', (instrument, product, quantity, value, expected) => {
  expect(positionMargin({ product, quantity, openValue: toMoney(value) }, instrument)).toBe(toMoney(expected));
});

test('a position in an instrument that is no longer known blocks its value', () => {
  expect(positionMargin({ product: 'NRML', quantity: -65, openValue: toMoney(-6_500) }, undefined)).toBe(toMoney(6_500));
});

test.each<[Action, number, number, number, number]>([
  ['BUY', 10, 0, 0, 10], ['BUY', 10, 5, 0, 10], ['BUY', 10, -4, 0, 6], ['BUY', 10, -40, 0, 0],
  ['SELL', 10, 10, 0, 0], ['SELL', 10, 10, 10, 10], ['SELL', 10, 15, 10, 5], ['SELL', 10, 10, 25, 10], ['SELL', 10, -3, 0, 10],
])('%s %d against %d held, %d claimed, opens %d', (action, quantity, held, claimed, expected) => {
  expect(openingQuantity({ action, quantity }, held, claimed)).toBe(expected);
});

test('what opens is never negative and never more than the order', () => {
  fc.assert(fc.property(fc.constantFrom<Action>('BUY', 'SELL'), fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: -2_000, max: 2_000 }), fc.nat(2_000), (action, quantity, held, claimed) => {
    const opens = openingQuantity({ action, quantity }, held, claimed);
    expect(opens).toBeGreaterThanOrEqual(0);
    expect(opens).toBeLessThanOrEqual(quantity);
  }));
});
