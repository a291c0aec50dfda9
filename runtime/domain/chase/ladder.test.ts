import fc from 'fast-check';
import { asMoney, toMoney, type Money } from '../money';
import type { Action } from '../order';
import { ChaseTerms, rungPrice } from './ladder';

const TICK = { tickSize: toMoney(0.05) };
const TERMS = ChaseTerms.parse({});
const quote = (bid: number, ask: number): { bid: Money; ask: Money } => ({ bid: toMoney(bid), ask: toMoney(ask) });

test('the defaults: five steps of 0.2 %, two seconds each, 2 % at the farthest', () => {
  expect(TERMS).toEqual({ steps: 5, stepPercent: 0.2, maxDistancePercent: 2, waitMs: 2_000 });
});

test.each<[string, Action, number, number]>([
  ['a seller begins at the bid', 'SELL', 0, 799.95], ['and goes through it', 'SELL', 2, 796.75], ['a buyer begins at the ask', 'BUY', 0, 800.05], ['and goes through it', 'BUY', 2, 803.25],
])('%s', (_what, action, step, rupees) => {
  expect(rungPrice({ action, instrument: TICK, anchor: toMoney(800), step, quote: quote(799.95, 800.05) }, TERMS)).toBe(toMoney(rupees));
});

test('without best prices it is measured from the price at the start', () => {
  expect(rungPrice({ action: 'SELL', instrument: TICK, anchor: toMoney(800), step: 1 }, TERMS)).toBe(toMoney(798.4));
});

test('a market that runs away is followed to the maximum distance and no farther', () => {
  expect(rungPrice({ action: 'SELL', instrument: TICK, anchor: toMoney(800), step: 1, quote: quote(700, 701) }, TERMS)).toBe(toMoney(784));
});

test('a market that comes back takes no step back', () => {
  expect(rungPrice({ action: 'SELL', instrument: TICK, anchor: toMoney(800), step: 2, quote: quote(810, 811), previous: toMoney(797) }, TERMS)).toBe(toMoney(797));
});

test('any market: on the tick, within the distance to a tick, and never less eager than before', () => {
  const price = fc.integer({ min: 2_000, max: 40_000 }).map((ticks) => asMoney(ticks * TICK.tickSize));
  fc.assert(fc.property(fc.constantFrom<Action>('BUY', 'SELL'), price, fc.array(fc.tuple(price, price), { minLength: 1, maxLength: 8 }), fc.double({ min: 0.01, max: 5, noNaN: true }), fc.double({ min: 0.01, max: 10, noNaN: true }), (action, anchor, quotes, stepPercent, maxDistancePercent) => {
    let previous: Money | undefined;
    for (const [step, [a, b]] of quotes.entries()) {
      const next = rungPrice({ action, instrument: TICK, anchor, step, quote: { bid: asMoney(Math.min(a, b)), ask: asMoney(Math.max(a, b)) }, ...(previous === undefined ? {} : { previous }) }, { stepPercent, maxDistancePercent });
      expect(next % TICK.tickSize).toBe(0);
      const beyond = action === 'BUY' ? next - anchor : anchor - next;
      expect(beyond).toBeLessThanOrEqual(anchor * maxDistancePercent / 100 + 1e-6);
      if (previous !== undefined) expect(action === 'BUY' ? next >= previous : next <= previous).toBe(true);
      previous = next;
    }
  }));
});
