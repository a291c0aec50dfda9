import { AccountConfig, clientOf } from '../../runtime/domain/account';

/** The accounts of every simulated machine: one whose broker is part of the process, one whose broker is a network away. */
export const LOCAL = 'local';
export const REMOTE = 'remote';
export const ACCOUNTS = [LOCAL, REMOTE] as const;

/** Limits an account may be declared with; a redeploy takes another of them. Tight enough that every one of them is met. */
export const LIMITS = [{ maxPosition: 600, maxSymbolExposure: 700 }, { maxPosition: 300, maxSymbolExposure: 350 }] as const;
const COMMON = { maxOrderQuantity: 400, maxOrderValuePercent: 10_000, maxOpenPositions: 20, maxDailyOrders: 100_000, maxDailyLossPercent: 0.02, maxQuoteAgeMs: 60_000, cooldownMs: 0 };

export function configOf(account: string, variant: number): AccountConfig {
  const common = { id: account, capital: 100_000_000, limits: { ...COMMON, ...LIMITS[variant % LIMITS.length] } };
  return AccountConfig.parse(account === REMOTE ? { ...common, broker: 'openalgo', mode: 'live', safety: { onDailyLoss: 'flatten' } } : common);
}

/** Whom the live account trades with; armed for it. */
export const REMOTE_CLIENT = clientOf(configOf(REMOTE, 0));
