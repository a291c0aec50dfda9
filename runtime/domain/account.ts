import { z } from 'zod';
import { RiskLimits } from './risk';

/** The account that needs no configuration. */
export const DEFAULT_ACCOUNT_ID = 'paper';

/** An account as a host's credential or config node declares it. Nothing in an item can choose or widen one. */
export const AccountConfig = z.object({
  id: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,39}$/, 'Use small letters, digits, - and _, at most 40.').default(DEFAULT_ACCOUNT_ID),
  broker: z.enum(['paper']).default('paper'),
  /** Starting capital of a paper account in rupees; percentages of risk limits refer to it. */
  capital: z.number().positive().max(1e11).default(1_000_000),
  /** 'always' keeps a paper market open around the clock, for demos and tests; refused for a live broker. */
  marketHours: z.enum(['exchange', 'always']).default('exchange'),
  limits: RiskLimits.prefault({}),
});
export type AccountConfig = z.infer<typeof AccountConfig>;

export const DEFAULT_ACCOUNT: AccountConfig = AccountConfig.parse({});
