import type { BacktestResult } from '../../domain/backtest';
import { deny, type Outcome } from '../../domain/denial';
import type { BacktestRequest } from './backtestRequest';

/**
 * Walks a flow over recorded candles in lane A: compiled, in a virtual world. Deterministic to the byte. Denies what makes no sense before the walk begins: parameters, symbols without data,
 * nodes that only another lane can run (NOT_SUPPORTED by the node's name). Works in slices; see `pause`, `shouldStop`, `onProgress`.
 */
export async function runBacktest(request: BacktestRequest): Promise<Outcome<BacktestResult>> {
  await request.pause?.();
  return backtestNow(request);
}

/** The same in one go, for worker threads, sweeps and tests. `pause` is not called. */
export function backtestNow(request: BacktestRequest): Outcome<BacktestResult> {
  return deny('NOT_SUPPORTED', `${request.name}: lane A is being built.`);
}
