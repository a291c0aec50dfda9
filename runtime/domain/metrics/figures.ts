import { MONEY_SCALE } from '../money';

/** What a figure is measured in. rupees (to 1/10000, as ledgers count; means are rounded to it) and percent may be negative; times are epoch ms. */
export type FigureUnit = 'count' | 'rupees' | 'percent' | 'ratio' | 'ms' | 'time';

export interface FigureMeaning {
  readonly label: string;
  readonly unit: FigureUnit;
  /** One sentence: what it is and of what it is made. */
  readonly means: string;
}

const figure = (label: string, unit: FigureUnit, means: string): FigureMeaning => ({ label, unit, means });

/**
 * Every figure with its name for people, its unit and its definition. Trades are closed round trips, first in first out, and belong to the time of their exit;
 * wins and losses are judged after charges. Ratios follow Sharpe, "The Sharpe Ratio" (Journal of Portfolio Management 21, 1994) and Sortino & Price,
 * "Performance Measurement in a Downside Risk Framework" (Journal of Investing 3, 1994).
 */
export const FIGURES = {
  netPnl: figure('Net P&L', 'rupees', 'Profit of closed trades after charges.'),
  grossPnl: figure('Gross P&L', 'rupees', 'Profit of closed trades before charges.'),
  charges: figure('Charges', 'rupees', 'Brokerage, taxes and fees of closed trades, both sides.'),
  openPnl: figure('Open P&L', 'rupees', 'Profit of what is still open at its last price, after the charges of its entry.'),
  finalEquity: figure('Final equity', 'rupees', 'Worth of the account at the end: cash and what is open.'),
  returnPercent: figure('Return', 'percent', 'Change of equity over the period, in percent of equity at its beginning.'),
  cagrPercent: figure('CAGR', 'percent', 'The yearly rate at which equity would have grown as it did: (end / beginning) to the power of 365.25 / days, less 1. Not given below 30 days.'),
  sharpe: figure('Sharpe ratio', 'ratio', 'Mean of daily returns above the risk-free rate (0 unless said) over their standard deviation (of a sample), times the root of 252.'),
  sortino: figure('Sortino ratio', 'ratio', 'Mean of daily returns above the risk-free rate over their downside deviation (root of the mean square of what falls short, all days counted), times the root of 252.'),
  volatilityPercent: figure('Volatility', 'percent', 'Standard deviation of daily returns, times the root of 252.'),
  maxDrawdown: figure('Maximum drawdown', 'rupees', 'Largest fall of equity below an earlier peak. Never negative.'),
  maxDrawdownPercent: figure('Maximum drawdown, percent', 'percent', 'Largest fall of equity below an earlier peak, in percent of that peak.'),
  drawdownPeakAt: figure('Drawdown: peak', 'time', 'When the deepest drawdown (in percent) began.'),
  drawdownTroughAt: figure('Drawdown: lowest', 'time', 'When it was deepest.'),
  drawdownRecoveredAt: figure('Drawdown: recovered', 'time', 'When equity was back at the peak.'),
  longestDrawdownMs: figure('Longest drawdown', 'ms', 'Longest time from a peak until equity was back there, or until the end.'),
  totalTrades: figure('Trades', 'count', 'Closed round trips; a position closed in parts makes one for each part.'),
  openTrades: figure('Open trades', 'count', 'Parts of positions that were not closed.'),
  winningTrades: figure('Winning trades', 'count', 'Closed with a profit after charges.'),
  losingTrades: figure('Losing trades', 'count', 'Closed with a loss after charges.'),
  evenTrades: figure('Trades at nought', 'count', 'Closed with neither.'),
  winRatePercent: figure('Win rate', 'percent', 'Winning trades of all closed ones.'),
  averageWin: figure('Average win', 'rupees', 'Mean net profit of winning trades.'),
  averageLoss: figure('Average loss', 'rupees', 'Mean net loss of losing trades, negative.'),
  payoffRatio: figure('Payoff ratio', 'ratio', 'Average win over average loss.'),
  profitFactor: figure('Profit factor', 'ratio', 'Sum of net profits over sum of net losses.'),
  expectancy: figure('Expectancy', 'rupees', 'Mean net profit of a closed trade.'),
  bestTrade: figure('Best trade', 'rupees', 'Largest net profit of a closed trade.'),
  worstTrade: figure('Worst trade', 'rupees', 'Smallest net profit of a closed trade.'),
  longestLosingStreak: figure('Longest losing streak', 'count', 'Most losing trades in a row, by exit.'),
  averageHoldingMs: figure('Average holding time', 'ms', 'Mean time from entry to exit of closed trades, nights and days off included.'),
  turnover: figure('Turnover', 'rupees', 'Value of all entries and exits of the period, price times quantity.'),
  turnoverOnCapital: figure('Turnover on capital', 'ratio', 'Turnover over equity at the beginning.'),
  exposureTimePercent: figure('Time in the market', 'percent', 'Share of trading hours, on days with a record, in which something was held.'),
  averageExposure: figure('Average exposure', 'rupees', 'Mean gross value of what was held over the same hours, hours without a position counted as nought.'),
} as const satisfies Readonly<Record<string, FigureMeaning>>;

export type FigureName = keyof typeof FIGURES;

/** Figures that can be told. One that can not (a ratio over nothing) is absent here, never NaN or infinite, and `absent` says why. */
export type Figures = { readonly [K in FigureName]?: number } & { readonly absent: { readonly [K in FigureName]?: string } };

/** A number, or why there is none. */
export type Computed = number | string;

/** Every figure as computed, amounts without the dust that sums of floats leave. A number that is not finite is a bug and throws. */
export function asFigures(computed: Readonly<Record<FigureName, Computed>>): Figures {
  const values: Partial<Record<FigureName, number>> = {};
  const absent: Partial<Record<FigureName, string>> = {};
  for (const [name, value] of Object.entries(computed)) {
    if (!isFigureName(name)) continue;
    if (typeof value === 'string') absent[name] = value;
    else if (!Number.isFinite(value)) throw new RangeError(`The figure ${name} came to ${value}.`);
    else values[name] = nought(FIGURES[name].unit === 'rupees' ? Math.round(value * MONEY_SCALE) / MONEY_SCALE : value);
  }
  return { ...values, absent };
}

/** A number that is never -0. */
function nought(value: number): number {
  return value === 0 ? 0 : value;
}

export function isFigureName(name: string): name is FigureName {
  return Object.hasOwn(FIGURES, name);
}
