import type { EpochMs } from '../time';
import type { Curve } from './curve';
import type { Computed, FigureName } from './figures';

export type DrawdownFigureName = Extract<FigureName, 'maxDrawdown' | 'maxDrawdownPercent' | 'drawdownPeakAt' | 'drawdownTroughAt' | 'drawdownRecoveredAt' | 'longestDrawdownMs'>;

const NEVER_FELL = 'Equity never fell below an earlier peak.';

/** Falls of equity below its peaks; what stood before the first point is the first peak, at `from`. A peak that is reached again is the beginning of the next fall. */
export function drawdownFigures({ points, first, end, baseEquity }: Curve, { from, until }: { readonly from: EpochMs; readonly until: EpochMs }): Readonly<Record<DrawdownFigureName, Computed>> {
  let peak = baseEquity;
  let peakAt = from;
  let amount = 0;
  let longest = 0;
  let isUnder = false;
  let deepest: { percent: number; peakAt: EpochMs; at: EpochMs; recoveredAt?: EpochMs } = { percent: 0, peakAt: from, at: from };
  for (let index = first; index < end; index += 1) {
    const at = points.at[index] ?? NaN;
    const equity = points.equity[index] ?? NaN;
    if (equity < peak) {
      isUnder = true;
      amount = Math.max(amount, peak - equity);
      const percent = peak > 0 ? ((peak - equity) / peak) * 100 : 0;
      if (percent > deepest.percent) deepest = { percent, peakAt, at };
      continue;
    }
    if (isUnder) {
      longest = Math.max(longest, at - peakAt);
      if (deepest.peakAt === peakAt && deepest.percent > 0 && deepest.recoveredAt === undefined) deepest.recoveredAt = at;
    }
    isUnder = false;
    peak = equity;
    peakAt = at;
  }
  if (isUnder) longest = Math.max(longest, until - peakAt);
  const fell = deepest.percent > 0;
  return {
    maxDrawdown: amount, maxDrawdownPercent: deepest.percent, longestDrawdownMs: longest,
    drawdownPeakAt: fell ? deepest.peakAt : NEVER_FELL, drawdownTroughAt: fell ? deepest.at : NEVER_FELL,
    drawdownRecoveredAt: !fell ? NEVER_FELL : deepest.recoveredAt ?? 'Equity was not back at the peak by the end.',
  };
}
