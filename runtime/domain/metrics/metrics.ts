import type { BacktestResult, Trade } from '../backtest/result';
import { asMoney, ZERO_MONEY, type Money } from '../money';
import type { EpochMs } from '../time';
import { cutCurve, curveOfTrades, wholeCurve, type Curve } from './curve';
import { curveFigures } from './curveFigures';
import { dayName, firstOfMonth, firstOfNextMonth, indiaDay, mondayOf, startOfDay } from './days';
import { drawdownFigures } from './drawdown';
import { exposureFigures, hoursOf, type Hours } from './exposure';
import { asFigures, type Figures } from './figures';
import { isClosed, quotient, tradeFigures, type ClosedTrade } from './tradeFigures';

export interface PeriodFigures {
  /** `2026-11-20` for a day and for a week (its Monday), `2026-11` for a month; in India. */
  readonly name: string;
  readonly from: EpochMs;
  /** Exclusive. */
  readonly until: EpochMs;
  readonly figures: Figures;
}

export interface Metrics {
  /** Over everything, of the account's worth as it was marked to the market. */
  readonly all: Figures;
  /** By name. Where there are several, their returns, drawdowns and exposure follow from closed trades alone, each on the whole capital: what is open is not marked. */
  readonly strategies: readonly { readonly strategyId: string; readonly figures: Figures }[];
  /** Those with a record or an exit, oldest first. */
  readonly days: readonly PeriodFigures[];
  readonly weeks: readonly PeriodFigures[];
  readonly months: readonly PeriodFigures[];
}

export interface MetricsOptions {
  /** Yearly rate that Sharpe and Sortino measure against. Default 0. */
  readonly riskFreePercent?: number;
}

/** Every figure of a result, over everything, by strategy and by period. `FIGURES` says what each is. */
export function metricsOf(result: BacktestResult, { riskFreePercent = 0 }: MetricsOptions = {}): Metrics {
  const span = spanOf(result);
  const terms: Terms = { riskFreePercent, hours: hoursOf(new Set(result.trades.map(({ instrument }) => instrument))) };
  const curve = wholeCurve(result.equity, result.capital);
  const trades = sortedTrades(result.trades);
  return {
    all: figuresOf(trades, curve, span, terms),
    strategies: strategiesOf(result, curve, span, terms),
    days: periodsOf(trades, curve, span, terms, (day) => ({ first: day, next: day + 1, name: dayName(day) })),
    weeks: periodsOf(trades, curve, span, terms, (day) => ({ first: mondayOf(day), next: mondayOf(day) + 7, name: dayName(mondayOf(day)) })),
    months: periodsOf(trades, curve, span, terms, (day) => ({ first: firstOfMonth(day), next: firstOfNextMonth(day), name: dayName(day).slice(0, 7) })),
  };
}

interface Terms {
  readonly riskFreePercent: number;
  readonly hours: Hours;
}

interface Span {
  readonly from: EpochMs;
  readonly until: EpochMs;
}

interface SortedTrades {
  /** By exit. */
  readonly closed: readonly ClosedTrade[];
  readonly open: readonly Trade[];
  /** Entries and exits with their value, by time. */
  readonly sides: readonly { readonly at: EpochMs; readonly value: number }[];
}

function sortedTrades(trades: readonly Trade[]): SortedTrades {
  const closed = trades.filter(isClosed).sort((one, other) => one.exitTime - other.exitTime);
  const sides = trades.flatMap((trade) => [{ at: trade.entryTime, value: trade.entryPrice * trade.quantity }, ...(isClosed(trade) ? [{ at: trade.exitTime, value: trade.exitPrice * trade.quantity }] : [])]);
  return { closed, open: trades.filter((trade) => !isClosed(trade)), sides: sides.sort((one, other) => one.at - other.at) };
}

/** What happened at its last moment is part of a result. */
function spanOf({ from, until, equity, trades }: BacktestResult): Span {
  const last = trades.reduce((latest, { entryTime, exitTime = entryTime }) => Math.max(latest, exitTime), equity.at[equity.length - 1] ?? from);
  return { from, until: Math.max(until, last) };
}

function figuresOf({ closed, open, sides }: SortedTrades, curve: Curve, span: Span, { riskFreePercent, hours }: Terms): Figures {
  const turnover = sum(sides);
  return asFigures({
    ...tradeFigures({ closed, open, turnover }), ...curveFigures(curve, span, riskFreePercent), ...drawdownFigures(curve, span), ...exposureFigures(curve, span, hours),
    turnoverOnCapital: curve.baseEquity > 0 ? quotient(turnover / 10_000, curve.baseEquity, '') : 'There was no equity to begin with.',
  });
}

function sum(sides: SortedTrades['sides']): Money {
  return sides.length === 0 ? ZERO_MONEY : asMoney(sides.reduce((total, { value }) => total + value, 0));
}

function strategiesOf({ trades, capital }: BacktestResult, account: Curve, span: Span, terms: Terms): Metrics['strategies'] {
  const byName = Map.groupBy(trades, ({ strategyId }) => strategyId);
  const days = byName.size > 1 ? dayEnds(account) : [];
  return [...byName].sort(([one], [other]) => (one < other ? -1 : 1)).map(([strategyId, own]) => {
    const curve = byName.size === 1 ? account : wholeCurve(curveOfTrades(own, capital, days), capital);
    return { strategyId, figures: figuresOf(sortedTrades(own), curve, span, terms) };
  });
}

/** The last point of every day: a strategy that did nothing on a day has a return of nought then. */
function dayEnds({ points }: Curve): readonly EpochMs[] {
  const ends: EpochMs[] = [];
  for (let index = 0; index < points.length; index += 1) {
    const at = points.at[index] ?? NaN;
    const next = points.at[index + 1];
    if (next === undefined || indiaDay(next) !== indiaDay(at)) ends.push(at);
  }
  return ends;
}

type PeriodOf = (day: number) => { readonly first: number; readonly next: number; readonly name: string };

function periodsOf({ closed, open, sides }: SortedTrades, curve: Curve, span: Span, terms: Terms, periodOf: PeriodOf): readonly PeriodFigures[] {
  const periods = new Map<string, { readonly from: EpochMs; readonly until: EpochMs; readonly closed: ClosedTrade[]; readonly sides: { readonly at: EpochMs; readonly value: number }[] }>();
  const last = { day: NaN, name: '' };
  const at = (time: EpochMs) => {
    const day = indiaDay(time);
    if (day !== last.day) {
      const { first, next, name } = periodOf(day);
      Object.assign(last, { day, name });
      if (!periods.has(name)) periods.set(name, { from: Math.max(span.from, startOfDay(first)), until: Math.min(span.until, startOfDay(next)), closed: [], sides: [] });
    }
    return periods.get(last.name);
  };
  for (let index = curve.first; index < curve.end; index += 1) at(curve.points.at[index] ?? NaN);
  for (const trade of closed) at(trade.exitTime)?.closed.push(trade);
  for (const side of sides) at(side.at)?.sides.push(side);
  const isLast = (until: EpochMs): boolean => until >= span.until;
  return [...periods].sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, { from, until, ...own }]) => ({
    name, from, until, figures: figuresOf({ ...own, open: isLast(until) ? open : [] }, cutCurve(curve, from, isLast(until) ? Infinity : until), { from, until }, terms),
  }));
}
