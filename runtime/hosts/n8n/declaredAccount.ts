import { DEFAULT_ACCOUNT, sameSecrets, type AccountConfig } from '../../domain/account';
import type { Runtime } from '../../runtime';
import type { DeclaredAccount } from '../accountForm';

/** What this process last declared, by runtime and account: an unchanged account is declared once. Secrets are compared in memory, as they are. */
const declared = new WeakMap<Runtime, Map<string, Promise<DeclaredAccount>>>();

/**
 * Makes the account of a node known and returns its id. A node without a credential uses the paper account as it is, with whatever
 * configuration a credential of that id gave it; it must not put the defaults back between two nodes of one flow.
 */
export async function declareOnce(runtime: Runtime, account: DeclaredAccount | undefined): Promise<string> {
  const known = knownOf(runtime);
  const id = account?.config.id ?? DEFAULT_ACCOUNT.id;
  const before = known.get(id);
  if (before !== undefined && (account === undefined || isSame(await before, account))) return id;
  const declaration = declare(runtime, account);
  known.set(id, declaration);
  try {
    await declaration;
  } catch (error) {
    if (known.get(id) === declaration) known.delete(id);
    throw error;
  }
  return id;
}

function isSame(one: DeclaredAccount, other: DeclaredAccount): boolean {
  return JSON.stringify(one.config) === JSON.stringify(other.config) && sameSecrets(one.secrets, other.secrets);
}

async function declare(runtime: Runtime, account: DeclaredAccount | undefined): Promise<DeclaredAccount> {
  const config: AccountConfig = account?.config ?? (await runtime.store.accounts()).find(({ id }) => id === DEFAULT_ACCOUNT.id) ?? DEFAULT_ACCOUNT;
  const secrets = account?.secrets;
  await runtime.declareAccount(config, secrets);
  return { config, secrets };
}

function knownOf(runtime: Runtime): Map<string, Promise<DeclaredAccount>> {
  const known = declared.get(runtime) ?? new Map<string, Promise<DeclaredAccount>>();
  declared.set(runtime, known);
  return known;
}
