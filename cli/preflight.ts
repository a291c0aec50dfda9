import { parseArgs } from 'node:util';
import { loadCalendar } from '../runtime/adapters/calendar/loadCalendar';
import { openVault, VAULT_KEY_VARIABLE } from '../runtime/adapters/vault';
import type { AccountConfig } from '../runtime/domain/account';
import { preflight, type Check, type PreflightWorld } from '../runtime/preflight';
import { parsedWords, UsageError } from './arguments';
import { findHome } from './home';
import type { World } from './main';
import type { Tool } from './tools';

const OPTIONS = { home: { type: 'string' }, json: { type: 'boolean', default: false } } as const;
const SIGNS = { ok: 'ok     ', warning: 'warning', failed: 'failed ' } as const;
const silent = (): void => undefined;

/** One line as `--json` gives it. */
type Line = Check & { readonly account: string };

/** `bellwether preflight [account]`: everything that can be looked at before the trading day, a line each; nothing is ordered. Exit code 1 where something failed. Secrets come from the vault. */
export const preflightTool: Tool = {
  async run(words, world) {
    const { values, positionals: [wanted, ...more] } = parsedWords(() => parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true, strict: true }));
    if (more.length > 0) throw new UsageError('preflight takes one account, or none for all of them.');
    const home = findHome(values.home, world);
    const accounts = await chosen(world, home, wanted);
    const flight: PreflightWorld = { clock: { now: () => world.now() }, log: { debug: silent, info: silent, warn: silent, error: silent }, calendar: loadCalendar(home) };
    const lines: Line[] = [];
    for (const account of accounts) for (const check of await checksOf(account, home, world, flight)) lines.push({ account: account.id, ...check });
    const text = values.json ? `${JSON.stringify(lines, null, 2)}\n` : lines.map(lineOf).join('');
    return { text, code: lines.some(({ verdict }) => verdict === 'failed') ? 1 : 0 };
  },
};

async function checksOf(account: AccountConfig, home: string, world: World, flight: PreflightWorld): Promise<readonly Check[]> {
  if (account.broker === 'paper') return preflight(account, {}, flight);
  const secrets = await openVault(home, world.env[VAULT_KEY_VARIABLE]).get(account.id);
  if (secrets.ok) return preflight(account, secrets.value ?? {}, flight);
  const { message, remedy } = secrets.denial;
  return [{ name: 'vault', verdict: 'failed', message, ...(remedy === undefined ? {} : { remedy }) }];
}

/** Without a name every account that has a broker; the paper accounts where there is none. */
async function chosen(world: World, home: string, wanted: string | undefined): Promise<readonly AccountConfig[]> {
  const store = await world.openStore(home);
  try {
    const known = await store.accounts();
    if (wanted === undefined) {
      const brokers = known.filter(({ broker }) => broker !== 'paper');
      if (known.length === 0) throw new Error('No account has been used yet: there is nothing to look at.');
      return brokers.length > 0 ? brokers : known;
    }
    const account = known.find(({ id }) => id === wanted);
    if (account === undefined) throw new Error(`There is no account "${wanted}"; known: ${known.map(({ id }) => id).join(', ')}.`);
    return [account];
  } finally {
    await store.close();
  }
}

function lineOf({ account, name, verdict, message, remedy }: Line): string {
  return `${SIGNS[verdict]}  ${account}  ${name}: ${message}${remedy === undefined || verdict === 'ok' ? '' : ` ${remedy}`}\n`.replace(/\p{Cc}(?!$)/gu, ' ');
}
