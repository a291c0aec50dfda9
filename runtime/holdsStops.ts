import type { AccountConfig, BrokerName } from './domain/account';

/** Brokers whose adapter declares `heldStops` (docs/decisions/0019). */
const KEEPERS: ReadonlySet<BrokerName> = new Set(['upstox']);

/**
 * True where the account's broker keeps stops itself, so that they outlive this machine: what its adapter declares as `heldStops`, told here as well for a command
 * that opens no broker (a test holds the two together). A sandbox keeps nothing.
 */
export function holdsStops(account: AccountConfig): boolean {
  return account.broker !== 'paper' && account.mode === 'live' && KEEPERS.has(account.broker);
}
