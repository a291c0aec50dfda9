import { instrumentKey } from './market';
import fc from 'fast-check';
import { asMoney, toMoney } from './money';
import { applyFill, averagePrice, flatPosition, unrealisedPnl, type LedgerFill, type Position } from './position';

const FLAT = flatPosition({ account: 'paper', strategyId: 's', instrument: instrumentKey('NSE', 'SBIN'), product: 'MIS' }, 0);

function fill(action: 'BUY' | 'SELL', quantity: number, rupees: number): LedgerFill {
  return { action, quantity, price: toMoney(rupees), charges: toMoney(1), happenedAt: 5 };
}

function after(...fills: readonly LedgerFill[]): Position {
  return fills.reduce(applyFill, FLAT);
}

test.each<[string, readonly LedgerFill[], { quantity: number; average?: number; realised: number }]>([
  ['a buy opens', [fill('BUY', 10, 100)], { quantity: 10, average: 100, realised: 0 }],
  ['a second buy averages', [fill('BUY', 10, 100), fill('BUY', 30, 104)], { quantity: 40, average: 103, realised: 0 }],
  ['a partial sell realises at average cost', [fill('BUY', 10, 100), fill('BUY', 30, 104), fill('SELL', 10, 110)], { quantity: 30, average: 103, realised: 70 }],
  ['a full sell is flat', [fill('BUY', 10, 100), fill('SELL', 10, 99)], { quantity: 0, realised: -10 }],
  ['a short gains when it is bought back lower', [fill('SELL', 10, 100), fill('BUY', 10, 95)], { quantity: 0, realised: 50 }],
  ['a larger sell reverses at its own price', [fill('BUY', 10, 100), fill('SELL', 15, 110)], { quantity: -5, average: 110, realised: 100 }],
  ['a larger buy reverses a short', [fill('SELL', 5, 110), fill('BUY', 8, 100)], { quantity: 3, average: 100, realised: 50 }],
])('%s', (_name, fills, { quantity, average, realised }) => {
  const position = after(...fills);
  expect(position.quantity).toBe(quantity);
  expect(averagePrice(position)).toBe(average === undefined ? undefined : toMoney(average));
  expect(position.realisedPnl).toBe(toMoney(realised));
  expect(position.charges).toBe(toMoney(fills.length));
  expect(position.updatedAt).toBe(5);
});

test('unrealised profit is what closing at that price would realise', () => {
  const long = after(fill('BUY', 10, 100));
  const short = after(fill('SELL', 10, 100));
  expect(unrealisedPnl(long, toMoney(103))).toBe(toMoney(30));
  expect(unrealisedPnl(short, toMoney(103))).toBe(toMoney(-30));
  expect(unrealisedPnl(FLAT, toMoney(103))).toBe(0);
});

const anyFill = fc.record({
  action: fc.constantFrom('BUY' as const, 'SELL' as const), quantity: fc.integer({ min: 1, max: 5_000 }),
  price: fc.integer({ min: 1, max: 1_000_000_000 }).map(asMoney), charges: fc.integer({ min: 0, max: 1_000_000 }).map(asMoney), happenedAt: fc.nat(),
});

/** What left and entered the account for shares, added up without any ledger. */
function cashFlow(fills: readonly LedgerFill[]): bigint {
  return fills.reduce((sum, { action, quantity, price }) => sum + BigInt(price) * BigInt(action === 'BUY' ? -quantity : quantity), 0n);
}

test('no money appears or vanishes: realised profit less open value is the cash that flowed', () => {
  fc.assert(fc.property(fc.array(anyFill, { maxLength: 60 }), (fills) => {
    const position = after(...fills);
    expect(BigInt(position.realisedPnl) - BigInt(position.openValue)).toBe(cashFlow(fills));
    expect(position.quantity).toBe(fills.reduce((sum, { action, quantity }) => sum + (action === 'BUY' ? quantity : -quantity), 0));
    expect(position.charges).toBe(fills.reduce((sum, { charges }) => sum + charges, 0));
  }), { numRuns: 500 });
});

test('every amount stays a whole number, a flat position has no open value, an open one has the sign of its quantity', () => {
  fc.assert(fc.property(fc.array(anyFill, { maxLength: 60 }), (fills) => {
    let position = FLAT;
    for (const next of fills) {
      position = applyFill(position, next);
      for (const amount of [position.quantity, position.openValue, position.realisedPnl, position.charges]) expect(Number.isSafeInteger(amount)).toBe(true);
      expect(Math.sign(position.openValue)).toBe(Math.sign(position.quantity));
    }
  }), { numRuns: 500 });
});

test('adding to a position realises nothing', () => {
  fc.assert(fc.property(fc.array(anyFill, { minLength: 1, maxLength: 30 }), fc.constantFrom('BUY' as const, 'SELL' as const), (fills, action) => {
    expect(after(...fills.map((each) => ({ ...each, action }))).realisedPnl).toBe(0);
  }));
});

test('closing at a price realises exactly the unrealised profit of that price', () => {
  fc.assert(fc.property(fc.array(anyFill, { minLength: 1, maxLength: 30 }), fc.integer({ min: 1, max: 1_000_000_000 }).map(asMoney), (fills, price) => {
    const open = after(...fills);
    fc.pre(open.quantity !== 0);
    const closed = applyFill(open, { action: open.quantity > 0 ? 'SELL' : 'BUY', quantity: Math.abs(open.quantity), price, charges: asMoney(0), happenedAt: 1 });
    expect(closed.quantity).toBe(0);
    expect(closed.openValue).toBe(0);
    expect(closed.realisedPnl).toBe(open.realisedPnl + unrealisedPnl(open, price));
  }));
});
