import fc from 'fast-check';
import type { BacktestResult, EquityColumns, Trade } from '../backtest/result';
import { instrumentKey } from '../market';
import { asMoney, toMoney } from '../money';
import { FIGURES, isFigureName, metricsOf, type Figures } from './index';

const IST = (text: string): number => Date.parse(`${text}+05:30`);
const reason = { by: 'Place Order', orderId: 'o', signalId: 's' };

/** A long of ten at 100 rupees, with so much net profit and charges in rupees. */
function trade(entry: string | number, exit: string | number | undefined, pnl: number, { charges = 1, strategyId = 'demo', quantity = 10 } = {}): Trade {
  const times = { entryTime: typeof entry === 'number' ? entry : IST(entry), ...(exit === undefined ? {} : { exitTime: typeof exit === 'number' ? exit : IST(exit), exitReason: reason, exitPrice: toMoney(100 + (pnl + charges) / quantity) }) };
  return { strategyId, instrument: instrumentKey('NSE', 'SBIN'), product: 'MIS', side: 'long', quantity, entryPrice: toMoney(100), entryReason: reason, charges: toMoney(charges), pnl: toMoney(pnl), ...times };
}

function columns(points: readonly (readonly [at: string | number, equity: number, exposure?: number])[]): EquityColumns {
  const at = points.map(([time]) => (typeof time === 'number' ? time : IST(time)));
  return { length: points.length, at: Float64Array.from(at), equity: Float64Array.from(points, ([, equity]) => equity), exposure: Float64Array.from(points, ([, , exposure = 0]) => exposure) };
}

function result(changes: Partial<BacktestResult>): BacktestResult {
  return {
    name: 'x', mode: 'backtest', from: IST('2026-11-02T00:00'), until: IST('2026-11-07T00:00'), capital: toMoney(1_000), trades: [], intents: [], orders: [], fills: [],
    equity: columns([]), refusals: [], alerts: [], lanes: [], warnings: [], stoppedEarly: false, ...changes,
  };
}

const DAY = (day: number, time = '10:00'): string => `2026-11-${String(day).padStart(2, '0')}T${time}`;

describe('by hand', () => {
  const trades = [
    trade(DAY(2), DAY(2, '11:00'), 30), trade(DAY(2, '12:00'), DAY(2, '12:30'), -10), trade(DAY(3), DAY(3, '10:30'), -20),
    trade(DAY(3, '11:00'), DAY(3, '12:00'), 0), trade(DAY(4), DAY(4, '11:00'), -5), trade(DAY(5), DAY(5, '11:00'), 25, { charges: 2 }), trade(DAY(6), undefined, 7, { charges: 0.5 }),
  ];
  const { all } = metricsOf(result({ trades, equity: columns([[DAY(2, '15:30'), 1_020], [DAY(3, '15:30'), 1_000], [DAY(4, '15:30'), 995], [DAY(5, '15:30'), 1_020], [DAY(6, '15:30'), 1_027]]) }));

  test('trades are counted and summed after charges; what is open stands apart', () => {
    expect(all).toMatchObject({
      totalTrades: 6, openTrades: 1, winningTrades: 2, losingTrades: 3, evenTrades: 1, netPnl: 20, grossPnl: 27, charges: 7, openPnl: 7, averageWin: 27.5, bestTrade: 30, worstTrade: -20,
      longestLosingStreak: 2, finalEquity: 1_027,
    });
    expect(all.winRatePercent).toBeCloseTo(100 / 3, 10);
    expect(all.averageLoss).toBe(-11.6667);
    expect(all.payoffRatio).toBeCloseTo(27.5 / (35 / 3), 10);
    expect(all.profitFactor).toBeCloseTo(55 / 35, 10);
    expect(all.expectancy).toBe(3.3333);
    expect(all.averageHoldingMs).toBe(((60 + 30 + 30 + 60 + 60 + 60) / 6) * 60_000);
    expect(all.turnover).toBeCloseTo(1_000 * 13 + 27, 6);
  });

  test('the drawdown has an amount, a percentage and dates, and recovers where the peak is reached again', () => {
    expect(all).toMatchObject({ maxDrawdown: 25, drawdownPeakAt: IST(DAY(2, '15:30')), drawdownTroughAt: IST(DAY(4, '15:30')), drawdownRecoveredAt: IST(DAY(5, '15:30')), longestDrawdownMs: 3 * 86_400_000 });
    expect(all.maxDrawdownPercent).toBeCloseTo((25 / 1_020) * 100, 10);
  });

  test('Sharpe and Sortino follow from daily returns, by 252', () => {
    const returns = [0.02, 1_000 / 1_020 - 1, -0.005, 1_020 / 995 - 1, 1_027 / 1_020 - 1];
    const mean = returns.reduce((a, b) => a + b) / 5;
    const variance = (returns.reduce((a, b) => a + b * b, 0) - 5 * mean * mean) / 4;
    const below = returns.filter((value) => value < 0).reduce((a, b) => a + b * b, 0) / 5;
    expect(all.sharpe).toBeCloseTo((mean * 252) / Math.sqrt(variance * 252), 8);
    expect(all.sortino).toBeCloseTo((mean * Math.sqrt(252)) / Math.sqrt(below), 8);
  });

  test('a risk-free rate lowers them', () => {
    const run = result({ trades, equity: columns([[DAY(2, '15:30'), 1_020], [DAY(3, '15:30'), 1_000], [DAY(4, '15:30'), 1_010]]) });
    expect(metricsOf(run, { riskFreePercent: 7 }).all.sharpe).toBeLessThan(metricsOf(run).all.sharpe ?? NaN);
  });
});

test('exposure counts trading hours only: held from noon over the night until the morning', () => {
  const { all } = metricsOf(result({ equity: columns([[DAY(2, '12:30'), 1_000, 500], [DAY(3, '09:15'), 1_000, 500], [DAY(3, '10:15'), 1_000, 0], [DAY(3, '15:30'), 1_000, 0]]) }));
  expect(all.exposureTimePercent).toBeCloseTo((4 / 12.5) * 100, 8);
  expect(all.averageExposure).toBeCloseTo(500 * (4 / 12.5), 8);
});

test('amounts are exact to 1/10000 of a rupee: a sum of floats leaves no dust; ratios keep theirs', () => {
  const { all } = metricsOf(result({ equity: columns([[DAY(2), 1_000.1 + 0.2, 0.1 + 0.2], [DAY(3), 996.3 - 0.1, 0.1 + 0.2], [DAY(4), 998]]) }));
  expect([1_000.1 + 0.2, 996.3 - 0.1, 1_000.1 + 0.2 - (996.3 - 0.1)]).not.toEqual([1_000.3, 996.2, 4.1]);
  expect(all).toMatchObject({ maxDrawdown: 4.1, finalEquity: 998 });
  expect(all.maxDrawdownPercent).toBeCloseTo((4.1 / 1_000.3) * 100, 10);
});

test('a yearly rate is compounded', () => {
  const year = result({ from: IST('2025-01-01T00:00'), until: IST('2025-01-01T00:00') + 365.25 * 2 * 86_400_000, equity: columns([['2026-12-31T15:30', 1_210]]) });
  expect(metricsOf(year).all.cagrPercent).toBeCloseTo(10, 8);
});

test('what can not be told is absent, and says why', () => {
  const { all } = metricsOf(result({}));
  expect(all).toMatchObject({ totalTrades: 0, netPnl: 0, finalEquity: 1_000, maxDrawdown: 0, absent: { winRatePercent: 'No trade was closed.', sharpe: 'It takes at least two days.', profitFactor: 'No trade was closed.' } });
  const won = metricsOf(result({ trades: [trade(DAY(2), DAY(2, '11:00'), 5)], equity: columns([[DAY(2), 1_005], [DAY(3), 1_005], [DAY(4), 1_005]]) })).all;
  expect(won.absent).toMatchObject({ profitFactor: 'No trade lost.', payoffRatio: 'No trade lost.', sortino: 'No day fell short.', drawdownPeakAt: expect.any(String) as string });
  expect(metricsOf(result({ equity: columns([[DAY(2), 0], [DAY(3), 0]]) })).all.absent.sharpe).toMatch(/used up/);
});

test('an equity that ends in debt has no yearly rate and no ratio', () => {
  const { all } = metricsOf(result({ until: IST('2027-11-02T00:00'), equity: columns([[DAY(2), -50], [DAY(3), -40]]) }));
  expect(all).not.toHaveProperty('cagrPercent');
  expect(all).not.toHaveProperty('sharpe');
});

test('periods are days, weeks from Monday and months of India, and belong to the exit', () => {
  const { days, weeks, months } = metricsOf(result({
    from: IST('2026-10-30T00:00'), trades: [trade('2026-10-30T15:00', '2026-11-02T00:10', 5), trade('2026-11-06T10:00', '2026-11-06T11:00', 3)],
    equity: columns([['2026-10-30T15:30', 1_000], ['2026-11-02T00:10', 1_005], ['2026-11-06T15:30', 1_008]]),
  }));
  expect(days.map(({ name, figures }) => [name, figures.netPnl])).toEqual([['2026-10-30', 0], ['2026-11-02', 5], ['2026-11-06', 3]]);
  expect(weeks.map(({ name, figures }) => [name, figures.netPnl])).toEqual([['2026-10-26', 0], ['2026-11-02', 8]]);
  expect(months.map(({ name, figures }) => [name, figures.netPnl, figures.returnPercent?.toFixed(3)])).toEqual([['2026-10', 0, '0.000'], ['2026-11', 8, '0.800']]);
});

describe('for every result', () => {
  const START = IST('2026-01-05T09:15');
  const anyTrade = fc.record({ start: fc.integer({ min: 0, max: 200_000 }), length: fc.integer({ min: 1, max: 5_000 }), pnl: fc.integer({ min: -900_000, max: 900_000 }), charges: fc.integer({ min: 0, max: 9_000 }), strategyId: fc.constantFrom('a', 'b'), open: fc.boolean() })
    .map(({ start, length, pnl, charges, strategyId, open }) => trade(START + start * 60_000, open ? undefined : START + (start + length) * 60_000, pnl / 10_000, { charges: charges / 10_000, strategyId }));
  const anyEquity = fc.array(fc.tuple(fc.integer({ min: 0, max: 200_000 }), fc.integer({ min: -100, max: 3_000 }), fc.integer({ min: 0, max: 5_000 })), { maxLength: 60 })
    .map((points) => columns([...points].sort(([a], [b]) => a - b).map(([at, equity, exposure]) => [START + at * 60_000, equity, exposure] as const)));
  const anyResult = fc.tuple(fc.array(anyTrade, { maxLength: 40 }), anyEquity).map(([trades, equity]) => result({ from: START, until: START + 210_000 * 60_000, trades, equity }));
  const everyFigures = (run: BacktestResult): readonly Figures[] => {
    const { all, strategies, days, weeks, months } = metricsOf(run);
    return [all, ...[...strategies, ...days, ...weeks, ...months].map(({ figures }) => figures)];
  };

  test('a figure is finite, or absent with a reason, never both and never neither', () => {
    fc.assert(fc.property(anyResult, (run) => {
      for (const figures of everyFigures(run)) {
        for (const name of Object.keys(FIGURES).filter(isFigureName)) {
          expect([name, Number.isFinite(figures[name])]).toEqual([name, figures.absent[name] === undefined]);
          if (figures[name] === undefined) expect(figures.absent[name]).not.toBe('');
        }
      }
    }), { numRuns: 40 });
  });

  test('net is gross less charges; winning, losing and even trades are all trades; falls are never negative and shares lie within their bounds', () => {
    fc.assert(fc.property(anyResult, (run) => {
      for (const figures of everyFigures(run)) {
        expect(figures.netPnl).toBeCloseTo((figures.grossPnl ?? NaN) - (figures.charges ?? NaN), 6);
        expect((figures.winningTrades ?? NaN) + (figures.losingTrades ?? NaN) + (figures.evenTrades ?? NaN)).toBe(figures.totalTrades);
        expect(figures.maxDrawdown).toBeGreaterThanOrEqual(0);
        expect(figures.maxDrawdownPercent).toBeGreaterThanOrEqual(0);
        expect(figures.longestLosingStreak).toBeLessThanOrEqual(figures.losingTrades ?? NaN);
        expect(figures.exposureTimePercent ?? 0).toBeGreaterThanOrEqual(0);
        expect(figures.exposureTimePercent ?? 0).toBeLessThanOrEqual(100 + 1e-9);
      }
    }), { numRuns: 40 });
  });

  test('periods and strategies add up to everything, to the last unit of money', () => {
    fc.assert(fc.property(anyResult, (run) => {
      const { all, strategies, days, weeks, months } = metricsOf(run);
      for (const parts of [strategies, days, weeks, months]) {
        for (const name of ['netPnl', 'charges', 'turnover'] as const) expect(sum(parts, name)).toBe(toMoney(all[name] ?? NaN));
        expect(parts.reduce((total, { figures }) => total + (figures.totalTrades ?? NaN), 0)).toBe(all.totalTrades);
      }
    }), { numRuns: 40 });
  });

  test('the largest fall is the one that a look at every pair of points finds', () => {
    fc.assert(fc.property(anyResult, (run) => {
      const values = [1_000, ...run.equity.equity];
      const largest = Math.max(0, ...values.flatMap((peak, index) => values.slice(index + 1).map((later) => peak - later)));
      expect(metricsOf(run).all.maxDrawdown).toBeCloseTo(largest, 8);
    }), { numRuns: 40 });
  });
});

function sum(parts: readonly { readonly figures: Figures }[], name: 'netPnl' | 'charges' | 'turnover'): number {
  return asMoney(parts.reduce((total, { figures }) => total + toMoney(figures[name] ?? NaN), 0));
}
