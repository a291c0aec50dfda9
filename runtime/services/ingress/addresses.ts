import { deny, ok, type Outcome } from '../../domain/denial';

/** Denies SOURCE_NOT_ALLOWED for an address that is not on the list; without a list every address may call. */
export function checkAddress(address: string, allowed: readonly string[] | undefined): Outcome<void> {
  if (allowed === undefined || allowed.some((candidate) => plain(candidate) === plain(address))) return ok(undefined);
  return deny('SOURCE_NOT_ALLOWED', 'This address may not call.', { value: address.slice(0, 60), remedy: 'Add it to the trigger’s allowed addresses; behind a proxy, make the host trust the proxy.' });
}

/** IPv4 inside IPv6 is the same peer: sockets that listen on both report it that way. */
function plain(address: string): string {
  return address.trim().toLowerCase().replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/, '');
}
