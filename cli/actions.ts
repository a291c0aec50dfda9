import { clientOf, isLive } from '../runtime/domain/account';
import { isArmed } from '../runtime/domain/arming';
import type { Store } from '../runtime/domain/ports';
import type { EpochMs } from '../runtime/domain/time';
import { UsageError, type ActionName, type Arguments } from './arguments';
import type { Listing } from './lists';
import { riskRow } from './row';

interface Request extends Pick<Arguments, 'account' | 'strategy' | 'reason' | 'flatten'> {
  readonly now: EpochMs;
}

/** The journal knows no such account, or none at all; the message lists those it knows. */
export class UnknownAccount extends Error {
  override readonly name = 'UnknownAccount';
}

/**
 * `kill` stops new entries of one account or of all: stopping too much is safe. `rearm` lets trading go on and so wants
 * its account named where there are several. Both act in the journal: a running host sees it with its next order.
 */
export async function act(store: Store, action: ActionName, { account, strategy, reason, flatten = false, now }: Request): Promise<Listing> {
  if (strategy !== undefined) throw new UsageError(`--strategy means nothing to ${action}: it acts on whole accounts.`);
  const accounts = await chooseAccounts(store, action, account);
  for (const id of accounts) {
    if (action === 'kill') await store.setKillSwitch({ account: id, on: true, flatten, happenedAt: now, reason: reason ?? 'bellwether kill' });
    else await store.rearm({ account: id, happenedAt: now });
  }
  const rows = (await Promise.all(accounts.map((id) => store.riskState(id)))).map(riskRow);
  const unarmed = action === 'rearm' ? await unarmedOf(store, accounts) : new Set<string>();
  return { rows, table: accounts.map((id) => SAID[action](id) + (unarmed.has(id) ? ` It is a live account and not armed: "bellwether arm ${id} --by <name>" lets it send real orders.` : '') + (flatten ? ' Positions of flows are closed by the host that is running, or by "bellwether guard".' : '')).join('\n') };
}

const SAID: Readonly<Record<ActionName, (account: string) => string>> = {
  kill: (account) => `Account ${account}: kill switch on. New entries are refused, exits still pass. "bellwether rearm --account ${account}" allows trading again.`,
  rearm: (account) => `Account ${account}: kill switch and daily-loss stop are cleared.`,
};

/** Live accounts that send no entry even so: clearing the switch arms nothing. */
async function unarmedOf(store: Store, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const live = (await store.accounts()).filter((account) => ids.includes(account.id) && isLive(account));
  const armed = await Promise.all(live.map(async (account) => isArmed(await store.arming.state(account.id), clientOf(account))));
  return new Set(live.filter((_, index) => armed[index] !== true).map(({ id }) => id));
}

async function chooseAccounts(store: Store, action: ActionName, wanted: string | undefined): Promise<readonly string[]> {
  const known = (await store.accounts()).map(({ id }) => id);
  if (known.length === 0) throw new UnknownAccount('No account has been used yet: there is nothing to act on.');
  if (wanted === undefined) {
    if (action === 'rearm' && known.length > 1) throw new UsageError(`Which account? --account ${known.join(' or --account ')}.`);
    return known;
  }
  if (!known.includes(wanted)) throw new UnknownAccount(`There is no account "${wanted}"; known: ${known.join(', ')}.`);
  return [wanted];
}
