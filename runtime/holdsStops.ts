import type { AccountConfig, BrokerName } from './domain/account';

/** None yet: Upstox keeps stops of MIS and NRML, and deliveries are watched by the runtime (docs/decisions/0019), so that somebody has to watch there too. */
const KEEPERS: ReadonlySet<BrokerName> = new Set();

/**
 * True where the account's broker keeps the stops of every product itself, so that they outlive this machine: what its adapter declares, told here as well for a command
 * that opens no broker (a test holds the two together). A sandbox keeps nothing.
 */
export function holdsStops(account: AccountConfig): boolean {
  return account.broker !== 'paper' && account.mode === 'live' && KEEPERS.has(account.broker);
}
