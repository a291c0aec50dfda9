import { parseArgs } from 'node:util';
import { BrokerName, SECRET_FIELDS } from '../runtime/domain/account';
import { openVault, VAULT_KEY_VARIABLE } from '../runtime/adapters/vault';
import { parsedWords, UsageError } from './arguments';
import { findHome } from './home';
import { allowed } from './allowed';
import type { World } from './main';
import type { Prompt } from './prompt';
import { formatTable, indianTime } from './table';
import type { Tool } from './tools';

const OPTIONS = { home: { type: 'string' }, broker: { type: 'string' }, json: { type: 'boolean', default: false } } as const;

/** `bellwether vault set|list|remove|rekey`: broker secrets for when no flow brings them. Secrets and keys are asked for, never words of the command: those are seen by everybody. */
export const vaultTool: Tool = {
  async run(words, world) {
    const { values, positionals: [what, account, ...more] } = parsedWords(() => parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true, strict: true }));
    const act = what !== undefined && Object.hasOwn(ACTIONS, what) ? ACTIONS[what] : undefined;
    if (act === undefined) throw new UsageError('vault wants set <account>, list, remove <account> or rekey.');
    // The word that is too much may be a secret: it is not repeated.
    if (more.length > 0 || (account !== undefined && !act.wantsAccount)) throw new UsageError('That is too much. A secret is asked for, or read from standard input; it is never a word of the command. If one was, change it at the broker.');
    if (act.wantsAccount && account === undefined) throw new UsageError(`Which account? vault ${what ?? ''} <account>.`);
    return act.run({ world, home: findHome(values.home, world), account: account ?? '', json: values.json, ...(values.broker === undefined ? {} : { broker: values.broker }) });
  },
};

interface Asked {
  readonly world: World;
  readonly home: string;
  readonly account: string;
  readonly json: boolean;
  readonly broker?: string;
}

const ACTIONS: Readonly<Record<string, { readonly wantsAccount: boolean; readonly run: (asked: Asked) => Promise<string> }>> = {
  set: { wantsAccount: true, run: set }, list: { wantsAccount: false, run: list }, remove: { wantsAccount: true, run: remove }, rekey: { wantsAccount: false, run: rekey },
};

async function set(asked: Asked): Promise<string> {
  const { world, home, account } = asked;
  const fields = SECRET_FIELDS[await brokerOf(asked)];
  if (fields.length === 0) throw new UsageError(`Account ${account} is a paper account: it has no secrets.`);
  const prompt = promptOf(world);
  const isNew = allowed(await openVault(home, undefined).list()).length === 0;
  const vault = openVault(home, await keyOf(world, prompt, isNew));
  const secrets: Record<string, string> = {};
  for (const { name, label } of fields) {
    const value = (await prompt.hidden(`${label} of ${account}: `)).trim();
    if (value === '') throw new Error(`${label} is empty; nothing was changed.`);
    secrets[name] = value;
  }
  allowed(await vault.set(account, secrets));
  return `Account ${account}: ${fields.map(({ label }) => label).join(', ')} kept in the vault.\n`;
}

async function list({ home, json }: Asked): Promise<string> {
  const entries = allowed(await openVault(home, undefined).list());
  if (json) return `${JSON.stringify(entries, null, 2)}\n`;
  if (entries.length === 0) return 'The vault is empty.\n';
  return `${formatTable([{ title: 'ACCOUNT', cell: ({ account }) => account }, { title: 'CHANGED (IST)', cell: ({ changedAt }) => indianTime(changedAt) }], entries)}\n`;
}

async function remove({ home, account }: Asked): Promise<string> {
  const found = allowed(await openVault(home, undefined).remove(account));
  if (!found) throw new Error(`The vault holds nothing of account "${account}".`);
  return `Account ${account}: removed from the vault.\n`;
}

async function rekey({ world, home }: Asked): Promise<string> {
  const prompt = promptOf(world);
  const vault = openVault(home, await keyOf(world, prompt, false));
  const count = allowed(await vault.rekey(await newKey(prompt, 'New vault key: ')));
  return `${count === 1 ? 'One entry' : `${count} entries`} sealed with the new key. Give it to ${VAULT_KEY_VARIABLE} wherever Bellwether runs.\n`;
}

/** Asked twice where it makes a vault: a key with a slip of the finger opens nothing ever again. */
async function keyOf(world: World, prompt: Prompt, isNew: boolean): Promise<string> {
  const key = world.env[VAULT_KEY_VARIABLE] ?? '';
  if (key !== '') return key;
  return isNew ? newKey(prompt, 'Key of the new vault: ') : prompt.hidden('Vault key: ');
}

async function newKey(prompt: Prompt, question: string): Promise<string> {
  const key = await prompt.hidden(question);
  if ((await prompt.hidden('The same again: ')) !== key) throw new Error('The two are not the same; nothing was changed.');
  return key;
}

/** Which secrets an account has depends on its broker: the journal's word, or the command's for an account that no flow has used yet. */
async function brokerOf({ world, home, account, broker }: Asked): Promise<BrokerName> {
  if (broker !== undefined) {
    const named = BrokerName.safeParse(broker);
    if (!named.success) throw new UsageError(`--broker is one of ${BrokerName.options.join(', ')}.`);
    return named.data;
  }
  const store = await world.openStore(home);
  try {
    const known = (await store.accounts()).find(({ id }) => id === account);
    if (known === undefined) throw new Error(`There is no account "${account}" yet. Name its broker: bellwether vault set ${account} --broker openalgo.`);
    return known.broker;
  } finally {
    await store.close();
  }
}

function promptOf({ prompt }: World): Prompt {
  if (prompt === undefined) throw new Error('There is nobody to ask.');
  return prompt;
}

