import { z } from 'zod';

/** The node that orders of safety come from: the square-off, the day's loss, the kill switch. */
export const SAFETY_NODE = 'safety';

/** What an account does by itself to end risk, whatever its flows do. */
export const AccountSafety = z.object({
  /**
   * Intraday positions (MIS) of flows are closed this many minutes before continuous trading ends; 0 leaves it to the broker. Absent: some ten minutes before brokers do it
   * themselves, at their own price and for a fee. That is at 15:05 for shares and their derivatives (brokers: from about 15:15), at the latest 10 minutes before the end; 25 minutes before the end on other exchanges.
   */
  squareOffMinutes: z.int().min(0).max(240).optional(),
  /** What reaching the day's loss limit does. block: no more entries until re-armed. flatten: every position of a flow is closed as well. */
  onDailyLoss: z.enum(['block', 'flatten']).default('block'),
});
export type AccountSafety = z.infer<typeof AccountSafety>;
