import type { AccountConfig } from './domain/account';

/**
 * True where the account's broker keeps stops itself, so that they outlive this machine: what its adapter declares as `heldStops`, told here as well for a command
 * that opens no broker (a test holds the two together). A sandbox keeps nothing.
 */
export function holdsStops(account: AccountConfig): boolean {
  return account.broker === 'upstox' && account.mode === 'live';
}
