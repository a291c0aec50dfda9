import path from 'node:path';
import { parseArgs } from 'node:util';
import { isOwnerAlive } from '../runtime/adapters/store';
import { clientOf, isLive, type AccountConfig } from '../runtime/domain/account';
import type { ProtectionHolder } from '../runtime/domain/arming';
import type { Store } from '../runtime/domain/ports';
import { holdsStops } from '../runtime/holdsStops';
import { armAccount, protectionHolder, type ArmingPorts } from '../runtime/services/arming';
import { parsedWords, UsageError } from './arguments';
import { findHome } from './home';
import { allowed } from './allowed';
import type { World } from './main';
import { formatTable, indianTime } from './table';
import type { Tool } from './tools';

const OPTIONS = {
  home: { type: 'string' }, by: { type: 'string' }, confirm: { type: 'string' }, reason: { type: 'string' }, json: { type: 'boolean', default: false },
} as const;
type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

/** `bellwether arm <account> --by <name>`: lets a live account send real orders. The person types a sentence, so that no habit arms an account. */
export const armTool: Tool = {
  async run(words, world) {
    const { account, values } = read(words, 'arm');
    const by = named(values.by);
    return withPorts(world, values.home, async (ports) => {
      await confirmed(world, account, values.confirm);
      const armed = allowed(await armAccount(ports, { id: account, by }));
      return `Account ${account}: armed for real orders at ${armed.client} by ${by}. ${armed.kind === 'armed' ? `Its stops are held by ${holder(armed.protection)}. ` : ''}"bellwether disarm ${account} --by ${by}" ends it.\n`;
    });
  },
};

/** `bellwether disarm <account> --by <name> [--reason <text>]`: no new risk from now on. What reduces positions is still sent. */
export const disarmTool: Tool = {
  async run(words, world) {
    const { account, values } = read(words, 'disarm');
    const by = named(values.by);
    return withPorts(world, values.home, async ({ store, clock }) => {
      const change = await store.arming.disarm({ account, by, reason: values.reason ?? 'bellwether disarm', happenedAt: clock.now() });
      return change === undefined ? `Account ${account} was never armed.\n` : `Account ${account}: disarmed by ${change.by} at ${indianTime(change.happenedAt)}. Only what reduces its positions is sent.\n`;
    });
  },
};

/** `bellwether accounts`: every account with its broker, whether its orders are real ones, whether it is armed, and who holds its stops now. */
export const accountsTool: Tool = {
  async run(words, world) {
    const { values, positionals } = parsedWords(() => parseArgs({ args: [...words], options: { home: OPTIONS.home, json: OPTIONS.json }, allowPositionals: true, strict: true }));
    if (positionals.length > 0) throw new UsageError('accounts takes options only.');
    return withPorts(world, values.home, async (ports) => {
      const rows = await Promise.all((await ports.store.accounts()).map((account) => rowOf(ports, account)));
      if (values.json) return `${JSON.stringify(rows, null, 2)}\n`;
      if (rows.length === 0) return 'No account has been used yet.\n';
      return `${formatTable([
        { title: 'ACCOUNT', cell: ({ account }) => account }, { title: 'BROKER', cell: ({ broker }) => broker }, { title: 'ORDERS', cell: ({ orders }) => orders }, { title: 'ARMED', cell: ({ armed }) => armed },
        { title: 'BY', cell: ({ by }) => by ?? '', width: 24 }, { title: 'SINCE (IST)', cell: ({ since }) => indianTime(since) }, { title: 'STOPS HELD BY', cell: ({ stops }) => stops ?? 'nobody', width: 40 },
        { title: 'DIFFERENCES', cell: ({ differences }) => differences },
      ], rows)}\n`;
    });
  },
};

/** One account as `--json` gives it; `since` is epoch ms. */
interface AccountRow {
  readonly account: string;
  readonly broker: string;
  /** paper, sandbox, analyze or live. */
  readonly orders: string;
  readonly armed: 'yes' | 'no' | 'needs none';
  readonly by: string | null;
  readonly since: number | null;
  /** Who holds the stops at this moment; null for nobody. */
  readonly stops: string | null;
  readonly differences: number;
}

async function rowOf(ports: ArmingPorts, account: AccountConfig): Promise<AccountRow> {
  const { store } = ports;
  const change = await store.arming.state(account.id);
  const isArmed = change?.kind === 'armed' && change.client === clientOf(account);
  const held = await protectionHolder(ports, account);
  const differences = await store.differences.list({ account: account.id, openOnly: true });
  return {
    account: account.id, broker: account.broker, orders: account.broker === 'paper' ? 'paper' : account.mode, armed: isLive(account) ? (isArmed ? 'yes' : 'no') : 'needs none',
    by: change?.by ?? null, since: change?.happenedAt ?? null, stops: held === undefined ? null : holder(held), differences: differences.length,
  };
}

function read(words: readonly string[], command: string): { readonly account: string; readonly values: Values } {
  const { values, positionals: [account, ...more] } = parsedWords(() => parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true, strict: true }));
  if (account === undefined || more.length > 0) throw new UsageError(`Which account? ${command} <account> --by <your name>.`);
  return { account, values };
}

function named(by: string | undefined): string {
  const name = by?.trim() ?? '';
  if (name === '' || name.length > 80) throw new UsageError('Who are you? --by <your name>, at most 80 characters: it is kept in the journal.');
  return name;
}

async function confirmed(world: World, account: string, given: string | undefined): Promise<void> {
  const wanted = `send real orders for ${account}`;
  const answer = given ?? (await world.prompt?.plain(`Real orders will be sent for account ${account}. Type "${wanted}" to go on: `)) ?? '';
  if (answer.trim() !== wanted) throw new Error(`Not armed: the words were to be "${wanted}".`);
}

function holder(protection: ProtectionHolder): string {
  return protection.heldBy === 'broker' ? 'the broker' : `the process ${protection.owner}`;
}

async function withPorts(world: World, named: string | undefined, work: (ports: ArmingPorts & { readonly store: Store }) => Promise<string>): Promise<string> {
  const home = findHome(named, world);
  const store = await world.openStore(home);
  try {
    return await work({ store, clock: { now: () => world.now() }, isAlive: (owner) => isOwnerAlive(path.join(home, 'runtimes'), owner), holdsStops });
  } finally {
    await store.close();
  }
}
