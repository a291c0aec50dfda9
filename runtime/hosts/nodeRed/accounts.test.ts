import { DEFAULT_ACCOUNT, type AccountConfig, type AccountSecrets } from '../../domain/account';
import type { Runtime } from '../../runtime';
import type { DeclaredAccount } from '../accountForm';
import { Accounts } from './accounts';

const first = { id: 'a', title: 'First' };
const second = { id: 'b', title: 'Second' };
const raised: AccountConfig = { ...DEFAULT_ACCOUNT, capital: 5_000_000 };
const declaredAs = (config: AccountConfig, secrets?: AccountSecrets): { ok: true; value: DeclaredAccount } => ({ ok: true, value: { config, secrets } });

/** A runtime of which only the declarations matter. */
function declaring(): { runtime: Runtime; declared: AccountConfig[]; fail: (times: number) => void } {
  const declared: AccountConfig[] = [];
  let failures = 0;
  const declareAccount = (account: AccountConfig): Promise<void> => {
    if (failures > 0) {
      failures -= 1;
      return Promise.reject(new Error('disk full'));
    }
    declared.push(account);
    return Promise.resolve();
  };
  return { runtime: { declareAccount } as Runtime, declared, fail: (times) => { failures = times; } };
}

test('a node without an account uses the default one, declared once', async () => {
  const { runtime, declared } = declaring();
  const accounts = new Accounts();
  expect([await accounts.idFor('', runtime), await accounts.idFor('', runtime)]).toEqual(['paper', 'paper']);
  expect(declared).toEqual([DEFAULT_ACCOUNT]);
});

test('a config node with the default\'s id sets the limits of nodes without an account', async () => {
  const { runtime, declared } = declaring();
  const accounts = new Accounts();
  accounts.add(first, declaredAs(raised));
  await accounts.idFor('', runtime);
  await accounts.idFor('a', runtime);
  expect(declared).toEqual([raised]);
  accounts.remove(first);
  await accounts.idFor('', runtime);
  expect(declared).toEqual([raised, DEFAULT_ACCOUNT]);
});

test('the later of two config nodes with one id is refused, and so is whoever uses it', async () => {
  const { runtime, declared } = declaring();
  const accounts = new Accounts();
  accounts.add(first, declaredAs(raised));
  expect(accounts.add(second, declaredAs(DEFAULT_ACCOUNT))).toMatchObject({ ok: false, denial: { message: expect.stringContaining('"Second" and "First"') as string } });
  await expect(accounts.idFor('b', runtime)).rejects.toThrow('both declare');
  expect(declared).toEqual([]);
});

test('an account that is gone, or was never there, is an error', async () => {
  const { runtime } = declaring();
  const accounts = new Accounts();
  await expect(accounts.idFor('gone', runtime)).rejects.toThrow('does not exist');
});

test('a declaration that failed is tried again, and a new runtime is told anew', async () => {
  const one = declaring();
  const accounts = new Accounts();
  one.fail(1);
  await expect(accounts.idFor('', one.runtime)).rejects.toThrow('disk full');
  await accounts.idFor('', one.runtime);
  const two = declaring();
  await accounts.idFor('', two.runtime);
  expect([one.declared.length, two.declared.length]).toEqual([1, 1]);
});
