import type { BacktestResult, BacktestTerms } from '../runtime/domain/backtest';
import { fromMoney } from '../runtime/domain/money';
import { splitKey } from '../runtime/domain/market';
import { measuresOf } from '../runtime/hosts/backtests';

/** The result as one object for programs: prices and amounts in rupees, times in epoch milliseconds. */
export function resultJson(result: BacktestResult): Readonly<Record<string, unknown>> {
  const trades = result.trades.map(({ entryTime, exitTime, instrument, side, quantity, entryPrice, exitPrice, charges, pnl, entryReason, exitReason }) => ({
    entryTime, exitTime: exitTime ?? null, symbol: splitKey(instrument).symbol, exchange: splitKey(instrument).exchange, side, quantity, entryPrice: fromMoney(entryPrice),
    exitPrice: exitPrice === undefined ? null : fromMoney(exitPrice), charges: fromMoney(charges), pnl: fromMoney(pnl), reason: (exitReason ?? entryReason).by,
  }));
  return { trades, metrics: measuresOf(result), intents: result.intents, lanes: result.lanes, warnings: result.warnings, stoppedEarly: result.stoppedEarly };
}

/** The result as one page. */
export function tearsheetOf(result: BacktestResult, terms: BacktestTerms): string {
  return `<!doctype html><title>${result.name}</title><p>${terms.data.length} instruments, ${result.trades.length} trades</p>`;
}
