import type { EquityColumns, Trade } from '../backtest/result';
import { fromMoney, type Money } from '../money';
import type { EpochMs } from '../time';
import { isClosed } from './tradeFigures';

/** A stretch of the account's worth with what held before its first point. */
export interface Curve {
  readonly points: EquityColumns;
  /** First point of the stretch, and the one behind its last. */
  readonly first: number;
  readonly end: number;
  /** In rupees. */
  readonly baseEquity: number;
  readonly baseExposure: number;
}

/** All of it; `capital` is what stood before the first point. */
export function wholeCurve(points: EquityColumns, capital: Money): Curve {
  return { points, first: 0, end: points.length, baseEquity: fromMoney(capital), baseExposure: 0 };
}

/** The points at `from` or later and before `until`. */
export function cutCurve({ points, first, end, ...base }: Curve, from: number, until: number): Curve {
  const begin = lowerBound(points.at, from, first, end);
  const stop = lowerBound(points.at, until, begin, end);
  const before = begin - 1;
  return { points, first: begin, end: stop, baseEquity: before < first ? base.baseEquity : points.equity[before] ?? 0, baseExposure: before < first ? base.baseExposure : points.exposure[before] ?? 0 };
}

/** The first index from `low` whose time is not before `at`. */
function lowerBound(times: Float64Array, at: number, low: number, high: number): number {
  let [from, until] = [low, high];
  while (from < until) {
    const middle = (from + until) >>> 1;
    if ((times[middle] ?? Infinity) < at) from = middle + 1;
    else until = middle;
  }
  return from;
}

interface Change {
  readonly at: EpochMs;
  /** In units of money. */
  readonly equity: number;
  readonly exposure: number;
}

/**
 * The worth of an account that nobody marked to the market: what closed trades brought, booked at their exits, and the value of entries as exposure. For one strategy
 * of several, and for journals. `marks` are times that get a point of their own (the ends of days on which nothing was traded).
 */
export function curveOfTrades(trades: readonly Trade[], capital: Money, marks: readonly number[] = []): EquityColumns {
  const changes = trades.flatMap((trade): readonly Change[] => {
    const value = trade.entryPrice * trade.quantity;
    const entry = { at: trade.entryTime, equity: 0, exposure: value };
    return isClosed(trade) ? [entry, { at: trade.exitTime, equity: trade.pnl, exposure: -value }] : [entry];
  });
  const all = [...changes, ...marks.map((at) => ({ at, equity: 0, exposure: 0 }))].sort((one, other) => one.at - other.at);
  const at: number[] = [];
  const equity: number[] = [];
  const exposure: number[] = [];
  let worth: number = capital;
  let held = 0;
  for (const [index, change] of all.entries()) {
    worth += change.equity;
    held += change.exposure;
    if (all[index + 1]?.at === change.at) continue;
    at.push(change.at);
    equity.push(worth / 10_000);
    exposure.push(held / 10_000);
  }
  return { length: at.length, at: Float64Array.from(at), equity: Float64Array.from(equity), exposure: Float64Array.from(exposure) };
}
