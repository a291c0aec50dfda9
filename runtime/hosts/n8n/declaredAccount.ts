import { DEFAULT_ACCOUNT, type AccountConfig } from '../../domain/account';
import type { Runtime } from '../../runtime';

/** What this process last declared, by runtime and account: an unchanged account is declared once. */
const declared = new WeakMap<Runtime, Map<string, Promise<string>>>();

/**
 * Makes the account of a node known and returns its id. A node without a credential uses the paper account as it is, with whatever
 * configuration a credential of that id gave it; it must not put the defaults back between two nodes of one flow.
 */
export async function declareOnce(runtime: Runtime, account: AccountConfig | undefined): Promise<string> {
  const known = knownOf(runtime);
  const id = account?.id ?? DEFAULT_ACCOUNT.id;
  const before = known.get(id);
  if (before !== undefined && (account === undefined || (await before) === JSON.stringify(account))) return id;
  const declaration = declare(runtime, account);
  known.set(id, declaration);
  try {
    await declaration;
  } catch (error) {
    known.delete(id);
    throw error;
  }
  return id;
}

async function declare(runtime: Runtime, account: AccountConfig | undefined): Promise<string> {
  const config = account ?? (await runtime.store.accounts()).find(({ id }) => id === DEFAULT_ACCOUNT.id) ?? DEFAULT_ACCOUNT;
  await runtime.declareAccount(config);
  return JSON.stringify(config);
}

function knownOf(runtime: Runtime): Map<string, Promise<string>> {
  const known = declared.get(runtime) ?? new Map<string, Promise<string>>();
  declared.set(runtime, known);
  return known;
}
