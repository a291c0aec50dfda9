import { clientOf, isLive, type AccountConfig } from '../../domain/account';
import type { ArmingChange, ProtectionHolder } from '../../domain/arming';
import { deny, ok, type Outcome } from '../../domain/denial';
import type { Lease } from '../../domain/lease';
import type { Clock, Store } from '../../domain/ports';
import { protectionLease } from '../protection';

export interface ArmingPorts {
  readonly store: Pick<Store, 'accounts' | 'arming' | 'differences' | 'leases'>;
  readonly clock: Clock;
  /** True for a runtime or a guard that has the state folder open now. */
  readonly isAlive: (owner: string) => boolean;
  /** True where the account's broker keeps stops itself. */
  readonly holdsStops: (account: AccountConfig) => boolean;
}

/** Who watches an account's stops at this moment: the living holder of the lease `protection:<account>`. */
export async function protectionOwner({ store, clock, isAlive }: Pick<ArmingPorts, 'store' | 'clock' | 'isAlive'>, account: string): Promise<Lease | undefined> {
  const name = protectionLease(account);
  return (await store.leases.list()).find((lease) => lease.name === name && lease.until > clock.now() && isAlive(lease.owner));
}

/** Who would hold the account's stops if it traded now; undefined where nobody would. */
export async function protectionHolder(ports: ArmingPorts, account: AccountConfig): Promise<ProtectionHolder | undefined> {
  if (ports.holdsStops(account)) return { heldBy: 'broker' };
  const lease = await protectionOwner(ports, account.id);
  return lease === undefined ? undefined : { heldBy: 'owner', lease: lease.name, owner: lease.owner };
}

/**
 * Lets an account send live orders. Refused where there is nothing to arm, where the broker and the journal differ, and where nobody would hold the stops.
 * It says nothing of the confirmation: whoever calls has asked the person.
 */
export async function armAccount(ports: ArmingPorts, { id, by }: { readonly id: string; readonly by: string }): Promise<Outcome<ArmingChange>> {
  const account = (await ports.store.accounts()).find((known) => known.id === id);
  if (account === undefined) return deny('NOT_FOUND', `There is no account "${id}".`, { field: 'account', remedy: 'Open a flow that uses it once, so that it is known. "bellwether accounts" lists those that are.' });
  if (!isLive(account)) return deny('INVALID_PARAMETER', `Account ${id} sends no real orders: it needs no arming.`, { field: 'account', remedy: 'Set the account to Live first, if real orders are meant.' });
  const open = (await ports.store.differences.list({ account: id, openOnly: true })).length;
  if (open > 0) return deny('UNEXPLAINED_STATE', `The broker's word and the journal of account ${id} differ in ${open === 1 ? 'a place' : `${open} places`} that nobody has explained.`, { value: open, limit: 0, remedy: '"bellwether status" shows what differs and how to resolve it.' });
  const protection = await protectionHolder(ports, account);
  if (protection === undefined) {
    return deny('NO_PROTECTION_OWNER', `Nobody would hold the stops of account ${id}: its broker keeps none, and no running process watches them.`, { remedy: 'Start n8n or Node-RED with a flow that uses the account, or run "bellwether guard", then arm it.' });
  }
  return ok(await ports.store.arming.arm({ account: id, client: clientOf(account), by, protection, happenedAt: ports.clock.now() }));
}
