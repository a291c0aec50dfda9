import type { BrokerName } from '../../domain/account';
import type { RateWindow } from '../../domain/rateLimit/draw';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../domain/time';
import type { BudgetKind } from './limiter';

export type RateFigures = Readonly<Record<BudgetKind, readonly RateWindow[]>>;

/**
 * What brokers allow, less a margin for what people do in the broker's own app. Orders are placements, changes and cancels together.
 *
 * Every client: at most 10 order requests a second (SEBI's circular on retail algorithmic trading of 2025-02-04, in force since 2026-04-01); 8 are used.
 * Upstox V3: 10/s, 500/min, 2,000 in 30 minutes. Its reads are counted by the same figures.
 * OpenAlgo: order endpoints 10/s and all others 50/s for an address, counted by the second; behind it is some broker, and so the narrowest of them holds
 * (a minute: Fyers 200; a day: Zerodha 5,000, counted here over any 24 hours). Candles have a pace of their own in the adapter.
 */
export const RATE_FIGURES: Readonly<Record<Exclude<BrokerName, 'paper'>, RateFigures>> = {
  openalgo: {
    orders: [
      { ms: SECOND_MS, most: 8, keptForExits: 2 },
      { ms: MINUTE_MS, most: 180, keptForExits: 45 },
      { ms: DAY_MS, most: 4_500, keptForExits: 900 },
    ],
    reads: [{ ms: SECOND_MS, most: 20, keptForExits: 5 }],
  },
  upstox: {
    orders: [
      { ms: SECOND_MS, most: 8, keptForExits: 2 },
      { ms: MINUTE_MS, most: 450, keptForExits: 110 },
      { ms: 30 * MINUTE_MS, most: 1_800, keptForExits: 450 },
      { ms: DAY_MS, most: 20_000, keptForExits: 4_000 },
    ],
    reads: [
      { ms: SECOND_MS, most: 8, keptForExits: 2 },
      { ms: MINUTE_MS, most: 450, keptForExits: 110 },
      { ms: 30 * MINUTE_MS, most: 1_800, keptForExits: 450 },
    ],
  },
};

/** The figures of a broker; none for paper, which nobody counts. */
export function rateFiguresOf(broker: BrokerName): RateFigures | undefined {
  return broker === 'paper' ? undefined : RATE_FIGURES[broker];
}
