import { z } from 'zod';

const limit = {
  maxOrderQuantity: z.number().int().positive(),
  maxOrderValuePercent: z.number().positive().max(10_000),
  priceCollarPercent: z.number().positive().max(100),
  maxPosition: z.number().int().positive(),
  maxSymbolExposure: z.number().int().positive(),
  maxOpenPositions: z.number().int().positive(),
  maxDailyOrders: z.number().int().positive(),
  maxDailyLossPercent: z.number().positive().max(100),
  maxQuoteAgeMs: z.number().int().positive(),
  cooldownMs: z.number().int().nonnegative(),
};

/**
 * Limits of an account. Quantities are units, percentages refer to the account's capital.
 * The defaults follow the usual pre-trade controls (RTS 6 Art. 15, SEC 15c3-5 analogues): a flow runs with sensible limits on.
 */
export const RiskLimits = z.object({
  /** Largest quantity of one order; the instrument's freeze quantity bounds it as well. */
  maxOrderQuantity: limit.maxOrderQuantity.default(1_800),
  /** Largest value of one order; futures and sold options count with their margin. */
  maxOrderValuePercent: limit.maxOrderValuePercent.default(10),
  /** How far an order's price may lie from the last price. */
  priceCollarPercent: limit.priceCollarPercent.default(3),
  /** Largest absolute position of one strategy in one instrument, pending orders counted. */
  maxPosition: limit.maxPosition.default(1_000),
  /** Largest absolute position of the whole account in one instrument, pending orders counted. */
  maxSymbolExposure: limit.maxSymbolExposure.default(2_000),
  /** Instruments with a position or a pending entry at one time. */
  maxOpenPositions: limit.maxOpenPositions.default(20),
  /** Orders of one exchange day. */
  maxDailyOrders: limit.maxDailyOrders.default(100),
  /** Realised and unrealised loss of one exchange day; latches until re-armed. */
  maxDailyLossPercent: limit.maxDailyLossPercent.default(2),
  /** Oldest quote an entry may be priced with. */
  maxQuoteAgeMs: limit.maxQuoteAgeMs.default(5_000),
  /** Repeat cool-down per strategy and instrument after an admitted entry (the trade lock); 0 switches it off. */
  cooldownMs: limit.cooldownMs.default(300_000),
});
export type RiskLimits = z.infer<typeof RiskLimits>;

/** Limits a flow adds. Each tightens the account's, never widens it. */
export const FlowLimits = z.object(limit).partial();
export type FlowLimits = z.infer<typeof FlowLimits>;

const LIMIT_NAMES = RiskLimits.keyof().options;

/** The tighter of both for every limit; a cool-down is tighter when longer. A limit that only one names stands. */
export function tighten<T extends FlowLimits>(limits: T, flow: FlowLimits): T {
  const tighter = { ...limits };
  for (const name of LIMIT_NAMES) {
    const wanted = flow[name];
    const known = limits[name];
    if (wanted === undefined) continue;
    const tightest = name === 'cooldownMs' ? Math.max(known ?? wanted, wanted) : Math.min(known ?? wanted, wanted);
    Object.assign(tighter, { [name]: tightest });
  }
  return tighter;
}
