import { clientOf, isLive } from '../runtime/domain/account';
import { isArmed } from '../runtime/domain/arming';
import type { Store } from '../runtime/domain/ports';
import { restingEntries } from '../runtime/domain/safety';
import type { EpochMs } from '../runtime/domain/time';
import { UsageError, type ActionName, type Arguments } from './arguments';
import type { Listing } from './lists';
import { riskRow } from './row';

interface Request extends Pick<Arguments, 'account' | 'strategy' | 'reason' | 'flatten'> {
  readonly now: EpochMs;
  readonly processes: Processes;
}

/** Which runtimes have the state folder open. */
export interface Processes {
  isAlive(owner: string): boolean;
  isAnyAlive(): boolean;
}

/** The journal knows no such account, or none at all; the message lists those it knows. */
export class UnknownAccount extends Error {
  override readonly name = 'UnknownAccount';
}

/**
 * `kill` stops new entries of one account or of all: stopping too much is safe. `rearm` lets trading go on and so wants
 * its account named where there are several. Both act in the journal: a running host sees it with its next order, and takes back the entries that rest.
 */
export async function act(store: Store, action: ActionName, { account, strategy, reason, flatten = false, now, processes }: Request): Promise<Listing> {
  if (strategy !== undefined) throw new UsageError(`--strategy means nothing to ${action}: it acts on whole accounts.`);
  const accounts = await chooseAccounts(store, action, account);
  for (const id of accounts) {
    if (action === 'kill') await store.setKillSwitch({ account: id, on: true, flatten, happenedAt: now, reason: reason ?? 'bellwether kill' });
    else await store.rearm({ account: id, happenedAt: now });
  }
  const rows = (await Promise.all(accounts.map((id) => store.riskState(id)))).map(riskRow);
  const said = action === 'kill' ? await killed(store, accounts, { flatten, now, processes }) : await rearmed(store, accounts);
  return { rows, table: said.join('\n') };
}

async function rearmed(store: Store, accounts: readonly string[]): Promise<readonly string[]> {
  const unarmed = await unarmedOf(store, accounts);
  return accounts.map((id) => `Account ${id}: kill switch and daily-loss stop are cleared.${unarmed.has(id) ? ` It is a live account and not armed: "bellwether arm ${id} --by <name>" lets it send real orders.` : ''}`);
}

/** What the switch does from here on, and who does it. */
async function killed(store: Store, accounts: readonly string[], { flatten, now, processes }: Pick<Request, 'now' | 'processes'> & { readonly flatten: boolean }): Promise<readonly string[]> {
  const held = (await store.leases.list()).filter(({ owner, until }) => until > now && processes.isAlive(owner));
  const isAnyAlive = processes.isAnyAlive();
  return Promise.all(accounts.map(async (id) => {
    const who = held.some(({ name }) => name === `safety:${id}`) ? 'keeper' : isAnyAlive ? 'somebody' : 'nobody';
    const entries = restingEntries(await store.openOrders(id), await store.positions({ account: id, openOnly: true })).length;
    const parts = [
      `Account ${id}: kill switch on. New entries are refused, exits still pass.`, ...(entries === 0 ? ['No entry order rests.'] : [entriesWords(entries, who)]), ...(flatten ? [FLATTEN[who]] : []),
      `"bellwether rearm --account ${id}" allows trading again.`,
    ];
    return parts.join(' ');
  }));
}

/** keeper: the process that keeps this account safe. somebody: one runs, and it is not seen to keep this account. */
type Who = 'keeper' | 'somebody' | 'nobody';

function entriesWords(entries: number, who: Who): string {
  const [orders, them] = entries === 1 ? ['1 entry order rests', 'it'] : [`${entries} entry orders rest`, 'them'];
  switch (who) {
    case 'keeper': return `${orders}; the running host cancels ${them}: "bellwether orders" shows it in a few seconds.`;
    case 'somebody': return `${orders}; a host is running and cancels ${them} if it has this account open: look at "bellwether orders" in a few seconds, and run "bellwether guard --once" where nothing changes.`;
    case 'nobody': return `${orders} and may still fill: no process is running, so nobody cancels ${them} yet. "bellwether guard --once" does it now; else the next start of your host does.`;
  }
}

const FLATTEN: Readonly<Record<Who, string>> = {
  keeper: 'Positions of flows are closed by the running host.',
  somebody: 'Positions of flows are closed by a running host that has this account open, or by "bellwether guard".',
  nobody: 'Positions of flows are not closed yet, because no process is running: "bellwether guard" closes them, or the next start of your host.',
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
