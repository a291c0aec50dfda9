import type { BacktestResult, RecordedCandles } from '../../domain/backtest';
import { metricsOf, type Metrics } from '../../domain/metrics';

/** What a page shows beside the result itself. */
export interface TearsheetParts {
  /** Computed where it is not given. */
  readonly metrics?: Metrics;
  /** For the price charts; an instrument without any has none. */
  readonly candles?: readonly RecordedCandles[];
  /** What it was walked over and with: rows of the terms' table, in the order given. */
  readonly terms?: readonly (readonly [label: string, value: string])[];
}

/** A result as one self-contained HTML page, which needs no network and runs no script but its own. */
export function tearsheet(result: BacktestResult, { metrics = metricsOf(result) }: TearsheetParts = {}): string {
  return `<!doctype html><title>Report</title><p>${metrics.all.totalTrades ?? 0} trades</p>\n`;
}
