import { deny, type Outcome } from '../../domain/denial';
import type { EpochMs } from '../../domain/time';
import type { BacktestRequest } from './backtestRequest';

/** One cut through the data: everything behind it was changed, and what was decided before it compared. */
export interface LookaheadCut {
  readonly at: EpochMs;
  /** The first thing that differs before the cut; absent where nothing does. */
  readonly difference?: string;
}

/** Whether the flow ever looked ahead: it did where a cut has a difference. */
export interface LookaheadReport {
  readonly cuts: readonly LookaheadCut[];
  readonly clean: boolean;
}

/** Perturbs the future behind `cuts` moments (default 5), spread over the span, and compares everything that was decided before each of them. */
export function checkLookahead(request: BacktestRequest, options: { readonly cuts?: number } = {}): Outcome<LookaheadReport> {
  return deny('NOT_SUPPORTED', `${request.name}: lane A is being built (${options.cuts ?? 5} cuts).`);
}
