import { DAY_MS, type EpochMs } from '../time';
import type { Curve } from './curve';
import { indiaDay } from './days';
import type { Computed, FigureName } from './figures';

/** Trading days of a year, as ratios are annualised by convention. */
export const DAYS_A_YEAR = 252;
const YEAR_DAYS = 365.25;
/** Below it a yearly rate says nothing. */
const SHORTEST_FOR_CAGR_DAYS = 30;

export type CurveFigureName = Extract<FigureName, 'finalEquity' | 'returnPercent' | 'cagrPercent' | 'sharpe' | 'sortino' | 'volatilityPercent'>;

/** The last equity of each day in India that has a point, in rupees. */
export function dailyCloses({ points, first, end }: Curve): readonly number[] {
  const closes: number[] = [];
  let day: number | undefined;
  for (let index = first; index < end; index += 1) {
    const own = indiaDay(points.at[index] ?? NaN);
    if (own !== day) closes.push(0);
    day = own;
    closes[closes.length - 1] = points.equity[index] ?? NaN;
  }
  return closes;
}

/** Returns from each day's close to the next; the first day's from what stood before. Undefined where equity was used up, which no return can describe. */
export function dailyReturns(curve: Curve): readonly number[] | undefined {
  const closes = dailyCloses(curve);
  const returns: number[] = [];
  let before = curve.baseEquity;
  for (const close of closes) {
    if (before <= 0) return undefined;
    returns.push(close / before - 1);
    before = close;
  }
  return returns;
}

/** Figures of the account's worth. `riskFreePercent` is a yearly rate. */
export function curveFigures(curve: Curve, span: { readonly from: EpochMs; readonly until: EpochMs }, riskFreePercent: number): Readonly<Record<CurveFigureName, Computed>> {
  const { points, first, end, baseEquity } = curve;
  const last = end > first ? points.equity[end - 1] ?? NaN : baseEquity;
  return { finalEquity: last, returnPercent: baseEquity > 0 ? (last / baseEquity - 1) * 100 : 'There was no equity to begin with.', cagrPercent: cagr(baseEquity, last, span), ...ratios(dailyReturns(curve), riskFreePercent) };
}

function cagr(base: number, last: number, { from, until }: { readonly from: EpochMs; readonly until: EpochMs }): Computed {
  const days = (until - from) / DAY_MS;
  if (days < SHORTEST_FOR_CAGR_DAYS) return `A yearly rate is not given for less than ${SHORTEST_FOR_CAGR_DAYS} days.`;
  if (base <= 0 || last <= 0) return 'Equity was used up.';
  const rate = ((last / base) ** (YEAR_DAYS / days) - 1) * 100;
  return Number.isFinite(rate) ? rate : 'It is too large to be told.';
}

function ratios(returns: readonly number[] | undefined, riskFreePercent: number): Readonly<Record<'sharpe' | 'sortino' | 'volatilityPercent', Computed>> {
  const same = (reason: string) => ({ sharpe: reason, sortino: reason, volatilityPercent: reason });
  if (returns === undefined) return same('Equity was used up: there are no daily returns.');
  if (returns.length < 2) return same('It takes at least two days.');
  const excess = returns.map((daily) => daily - riskFreePercent / 100 / DAYS_A_YEAR);
  const mean = excess.reduce((sum, value) => sum + value, 0) / excess.length;
  const deviation = Math.sqrt(excess.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (excess.length - 1));
  const downside = Math.sqrt(excess.reduce((sum, value) => sum + Math.min(0, value) ** 2, 0) / excess.length);
  const year = Math.sqrt(DAYS_A_YEAR);
  return {
    // What is left of rounding where every day was the same is no deviation.
    sharpe: deviation <= Math.abs(mean) * 1e-12 ? 'Every day returned the same.' : (mean / deviation) * year,
    sortino: downside === 0 ? 'No day fell short.' : (mean / downside) * year,
    volatilityPercent: deviation * year * 100,
  };
}
