import fc from 'fast-check';
import { instrumentKey, type InstrumentKey } from '../market';
import { asMoney, toMoney } from '../money';
import { applyFill, flatPosition } from '../position';
import { indiaDate } from '../session';
import type { LedgerTrade } from './difference';
import { shareOut } from './shareOut';
import { summarise } from './summary';

const SBIN = instrumentKey('NSE', 'SBIN');
const NIFTY = instrumentKey('NFO', 'NIFTY24NOV26FUT');
const at = (day: number, minute: number): number => Date.UTC(2026, 10, day, 4, minute);
const trade = (strategyId: string, action: 'BUY' | 'SELL', quantity: number, rupees: number, charges: number, happenedAt: number, instrument: InstrumentKey = SBIN): LedgerTrade =>
  ({ account: 'paper', strategyId, instrument, product: instrument === SBIN ? 'MIS' : 'NRML', action, quantity, price: toMoney(rupees), charges: toMoney(charges), happenedAt });

/*
 * By hand:
 * 19th  momentum buys 100 at 800 (12.00) and 50 at 806 (6.00): 150 held at 802; sells 60 at 812 (7.50): (812 - 802) x 60 = 600.
 *       reversal sells 65 NIFTY at 26000 (170.00).
 * 20th  momentum sells the other 90 at 795 (11.00): (795 - 802) x 90 = -630. reversal buys 65 NIFTY back at 25950 (165.00): 50 x 65 = 3250.
 *       external buys 10 at 795 (1.25), and holds them: at 800 they are worth 50 more.
 */
const TRADES = [
  trade('momentum', 'BUY', 100, 800, 12, at(19, 0)), trade('momentum', 'BUY', 50, 806, 6, at(19, 5)), trade('momentum', 'SELL', 60, 812, 7.5, at(19, 30)),
  trade('reversal', 'SELL', 65, 26_000, 170, at(19, 40), NIFTY),
  trade('momentum', 'SELL', 90, 795, 11, at(20, 1)), trade('external', 'BUY', 10, 795, 1.25, at(20, 2)), trade('reversal', 'BUY', 65, 25_950, 165, at(20, 3), NIFTY),
];
const summary = summarise(TRADES, { dayOf: indiaDate, priceOf: (instrument) => (instrument === SBIN ? toMoney(800) : undefined) });

test.each([
  ['2026-11-19', 'momentum', 3, 100 * 800 + 50 * 806 + 60 * 812, 600, 25.5],
  ['2026-11-19', 'reversal', 1, 65 * 26_000, 0, 170],
  ['2026-11-20', 'external', 1, 7_950, 0, 1.25],
  ['2026-11-20', 'momentum', 1, 90 * 795, -630, 11],
  ['2026-11-20', 'reversal', 1, 65 * 25_950, 3_250, 165],
])('on %s %s is as computed by hand', (day, strategyId, trades, turnover, realised, charges) => {
  expect(summary.days.find((row) => row.day === day && row.strategyId === strategyId)).toEqual({
    account: 'paper', day, strategyId, trades, turnover: toMoney(turnover), realisedPnl: toMoney(realised), charges: toMoney(charges), net: toMoney(realised - charges),
  });
});

test('days come in order, and there are no others', () => {
  expect(summary.days.map(({ day, strategyId }) => `${day} ${strategyId}`)).toEqual(['2026-11-19 momentum', '2026-11-19 reversal', '2026-11-20 external', '2026-11-20 momentum', '2026-11-20 reversal']);
});

test('strategies over all their days; what is open is marked to the newest price', () => {
  expect(summary.strategies.map(({ strategyId, realisedPnl, charges, net, unrealisedPnl, openPositions }) => [strategyId, realisedPnl, charges, net, unrealisedPnl, openPositions])).toEqual([
    ['external', 0, toMoney(1.25), toMoney(-1.25), toMoney(50), 1],
    ['momentum', toMoney(-30), toMoney(36.5), toMoney(-66.5), 0, 0],
    ['reversal', toMoney(3_250), toMoney(335), toMoney(2_915), 0, 0],
  ]);
});

test('the account is all of them together, external included', () => {
  expect(summary.accounts).toEqual([{ account: 'paper', trades: 7, turnover: asMoney(summary.days.reduce((sum, { turnover }) => sum + turnover, 0)), realisedPnl: toMoney(3_220), charges: toMoney(372.75), net: toMoney(2_847.25), unrealisedPnl: toMoney(50), openPositions: 1 }]);
});

test('without a price of something open the unrealised profit is not known, rather than nearly', () => {
  const { strategies } = summarise(TRADES.slice(0, 4), { dayOf: indiaDate, priceOf: (instrument) => (instrument === SBIN ? toMoney(800) : undefined) });
  expect(strategies.map(({ strategyId, unrealisedPnl }) => [strategyId, unrealisedPnl])).toEqual([['momentum', toMoney(-180)], ['reversal', undefined]]);
});

/** Trades of flows, and trades of people that take their share where it is. */
const story = fc.array(fc.record({ who: fc.constantFrom('a', 'b', 'c', 'person'), signed: fc.integer({ min: -50, max: 50 }).filter((quantity) => quantity !== 0), rupees: fc.integer({ min: 1, max: 2_000 }) }), { maxLength: 60 });

test('whatever flows and people trade, the strategies and external together are the account, and a person’s trade takes no share through zero', () => {
  fc.assert(fc.property(story, (steps) => {
    const held = new Map<string, number>();
    const trades: LedgerTrade[] = [];
    let broker = flatPosition({ account: 'paper', strategyId: 'broker', instrument: SBIN, product: 'MIS' }, 0);
    steps.forEach(({ who, signed, rupees }, index) => {
      const parts = who === 'person' ? shareOut([...held].map(([strategyId, quantity]) => ({ strategyId, quantity })), signed) : [{ strategyId: who, quantity: signed }];
      expect(parts.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(signed);
      for (const { strategyId, quantity } of parts) {
        const before = held.get(strategyId) ?? 0;
        if (who === 'person' && strategyId !== 'external') expect(Math.abs(before + quantity)).toBe(Math.abs(before) - Math.abs(quantity));
        held.set(strategyId, before + quantity);
        trades.push(trade(strategyId, quantity > 0 ? 'BUY' : 'SELL', Math.abs(quantity), rupees, 0, at(19, 0) + index));
      }
      broker = applyFill(broker, { action: signed > 0 ? 'BUY' : 'SELL', quantity: Math.abs(signed), price: toMoney(rupees), charges: toMoney(0), happenedAt: at(19, 0) + index });
    });
    const { positions, accounts } = summarise(trades, { dayOf: indiaDate, priceOf: () => toMoney(700) });
    expect(positions.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(broker.quantity);
    // What was paid and received is the same money, however it is shared: profit, open and closed together, is the same to the last unit.
    const total = accounts.reduce((sum, row) => sum + row.realisedPnl + (row.unrealisedPnl ?? 0), 0);
    const brokers = broker.realisedPnl + 7_000_000 * broker.quantity - broker.openValue;
    expect(total).toBe(brokers);
  }));
});

test('the largest share is taken first, whatever it is called', () => {
  expect(shareOut([{ strategyId: 'a', quantity: 3 }, { strategyId: 'b', quantity: 10 }], -4)).toEqual([{ strategyId: 'b', quantity: -4 }]);
});

test('a share that is nobody’s is external’s, also beyond what is held', () => {
  expect(shareOut([{ strategyId: 'a', quantity: 3 }, { strategyId: 'b', quantity: -2 }], -5)).toEqual([{ strategyId: 'a', quantity: -3 }, { strategyId: 'external', quantity: -2 }]);
  expect(shareOut([{ strategyId: 'b', quantity: 2 }, { strategyId: 'a', quantity: 2 }, { strategyId: 'external', quantity: 1 }], -2)).toEqual([{ strategyId: 'external', quantity: -1 }, { strategyId: 'a', quantity: -1 }]);
});
