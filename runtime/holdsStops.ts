import type { AccountConfig, BrokerName } from './domain/account';

/** None yet (docs/decisions/0019): a stop that rests at a broker has to shrink with its position and to make way for other exits before anybody may rely on it. */
const KEEPERS: ReadonlySet<BrokerName> = new Set();

/**
 * True where the account's broker keeps stops itself, so that they outlive this machine: what its adapter declares as `heldStops`, told here as well for a command
 * that opens no broker (a test holds the two together). A sandbox keeps nothing.
 */
export function holdsStops(account: AccountConfig): boolean {
  return account.broker !== 'paper' && account.mode === 'live' && KEEPERS.has(account.broker);
}
