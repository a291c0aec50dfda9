import type { Trade } from '../backtest/result';
import { fromMoney, type Money } from '../money';
import type { EpochMs } from '../time';
import type { Computed, FigureName } from './figures';

/** A trade with an exit. */
export interface ClosedTrade extends Trade {
  readonly exitTime: EpochMs;
  readonly exitPrice: Money;
}

export function isClosed(trade: Trade): trade is ClosedTrade {
  return trade.exitTime !== undefined && trade.exitPrice !== undefined;
}

/** Entries or exits of a span of time, for the turnover. */
export interface TradeSpan {
  /** Exits in the span, by exit time. */
  readonly closed: readonly ClosedTrade[];
  readonly open: readonly Trade[];
  /** Sum of price × quantity of entries and exits in the span. */
  readonly turnover: Money;
}

export type TradeFigureName = Extract<FigureName,
  | 'netPnl' | 'grossPnl' | 'charges' | 'openPnl' | 'totalTrades' | 'openTrades' | 'winningTrades' | 'losingTrades' | 'evenTrades' | 'winRatePercent' | 'averageWin' | 'averageLoss'
  | 'payoffRatio' | 'profitFactor' | 'expectancy' | 'bestTrade' | 'worstTrade' | 'longestLosingStreak' | 'averageHoldingMs' | 'turnover'>;

const NO_TRADES = 'No trade was closed.';
const NO_WIN = 'No trade won.';
const NO_LOSS = 'No trade lost.';

/** Figures that follow from trades alone. Sums are of whole units of money, so they are exact; only means and ratios are rounded. */
export function tradeFigures({ closed, open, turnover }: TradeSpan): Readonly<Record<TradeFigureName, Computed>> {
  const wins = closed.filter(({ pnl }) => pnl > 0);
  const losses = closed.filter(({ pnl }) => pnl < 0);
  const won = total(wins);
  const lost = total(losses);
  const net = total(closed);
  const charges = closed.reduce((sum, trade) => sum + trade.charges, 0);
  return {
    netPnl: rupees(net), grossPnl: rupees(net + charges), charges: rupees(charges), openPnl: rupees(total(open)), turnover: fromMoney(turnover),
    totalTrades: closed.length, openTrades: open.length, winningTrades: wins.length, losingTrades: losses.length, evenTrades: closed.length - wins.length - losses.length,
    winRatePercent: quotient(wins.length * 100, closed.length, NO_TRADES),
    averageWin: quotient(rupees(won), wins.length, NO_WIN),
    averageLoss: quotient(rupees(lost), losses.length, NO_LOSS),
    payoffRatio: wins.length === 0 ? NO_WIN : quotient(won * losses.length, -lost * wins.length, NO_LOSS),
    profitFactor: closed.length === 0 ? NO_TRADES : quotient(won, -lost, NO_LOSS),
    expectancy: quotient(rupees(net), closed.length, NO_TRADES),
    bestTrade: extreme(closed, (best, pnl) => pnl > best), worstTrade: extreme(closed, (worst, pnl) => pnl < worst),
    longestLosingStreak: longestStreak(closed),
    averageHoldingMs: quotient(closed.reduce((sum, { entryTime, exitTime }) => sum + (exitTime - entryTime), 0), closed.length, NO_TRADES),
  };
}

function total(trades: readonly Trade[]): number {
  return trades.reduce((sum, { pnl }) => sum + pnl, 0);
}

function rupees(units: number): number {
  return units / 10_000;
}

/** A quotient, or why it can not be told. */
export function quotient(dividend: number, divisor: number, otherwise: string): Computed {
  return divisor === 0 ? otherwise : dividend / divisor;
}

function extreme(trades: readonly Trade[], isBetter: (best: Money, pnl: Money) => boolean): Computed {
  let found: Money | undefined;
  for (const { pnl } of trades) if (found === undefined || isBetter(found, pnl)) found = pnl;
  return found === undefined ? NO_TRADES : fromMoney(found);
}

/** A trade at nought ends a streak. */
function longestStreak(byExit: readonly Trade[]): number {
  let longest = 0;
  let current = 0;
  for (const { pnl } of byExit) {
    current = pnl < 0 ? current + 1 : 0;
    longest = Math.max(longest, current);
  }
  return longest;
}
