import type { RateWindow } from '../../../runtime/domain/rateLimit/draw';

/** Of the budget that two processes draw on. */
export const DRAWER_WINDOWS: readonly RateWindow[] = [
  { ms: 200, most: 20, keptForExits: 6 },
  { ms: 1_000, most: 70, keptForExits: 20 },
];
