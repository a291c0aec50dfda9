import type { BacktestResult } from '../../domain/backtest';
import { fromMoney } from '../../domain/money';

/** Figures by name; null where there is nothing to measure. */
export type Measures = Readonly<Record<string, number | null>>;

/** The figures of a result. */
export function measuresOf({ trades }: BacktestResult): Measures {
  return { trades: trades.length, netPnl: trades.reduce((sum, { pnl }) => sum + fromMoney(pnl), 0) };
}
