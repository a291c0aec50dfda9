import { AccountConfig, DEFAULT_ACCOUNT } from '../../domain/account';
import type { Runtime } from '../../runtime';
import type { DeclaredAccount } from '../accountForm';
import { declareOnce } from './declaredAccount';

/** A runtime that only remembers what was declared. */
function runtime(stored: readonly AccountConfig[] = [], fail = false): { readonly runtime: Runtime; readonly declared: AccountConfig[] } {
  const declared: AccountConfig[] = [];
  const part: Pick<Runtime, 'declareAccount'> & { store: Pick<Runtime['store'], 'accounts'> } = {
    store: { accounts: () => Promise.resolve(stored) },
    declareAccount: (account) => {
      declared.push(account);
      return fail && declared.length === 1 ? Promise.reject(new Error('disk full')) : Promise.resolve();
    },
  };
  return { runtime: part as Runtime, declared };
}

const raised = AccountConfig.parse({ limits: { maxDailyOrders: 5_000 } });
const asDeclared = (config: AccountConfig, apiKey?: string): DeclaredAccount => ({ config, secrets: apiKey === undefined ? undefined : { apiKey } });

test('an unchanged account is declared once, also by nodes that run at the same time', async () => {
  const { runtime: one, declared } = runtime();
  const ids = await Promise.all([declareOnce(one, asDeclared(raised)), declareOnce(one, asDeclared(raised)), declareOnce(one, asDeclared({ ...raised }))]);
  expect(ids).toEqual(['paper', 'paper', 'paper']);
  expect(declared).toEqual([raised]);
});

test('a changed credential is declared again', async () => {
  const { runtime: one, declared } = runtime();
  await declareOnce(one, asDeclared(raised));
  await declareOnce(one, asDeclared({ ...raised, capital: 5 }));
  expect(declared.map(({ capital }) => capital)).toEqual([1_000_000, 5]);
});

test('a changed secret is declared again, the same one is not', async () => {
  const { runtime: one, declared } = runtime();
  for (const key of ['k1', 'k1', 'k2']) await declareOnce(one, asDeclared(raised, key));
  expect(declared).toHaveLength(2);
});

test('a node without a credential uses the paper account as it is', async () => {
  const { runtime: one, declared } = runtime();
  await declareOnce(one, asDeclared(raised));
  expect(await declareOnce(one, undefined)).toBe('paper');
  expect(declared).toEqual([raised]);
});

test.each([['as an earlier life left it', [raised], raised], ['with the defaults where there was none', [], DEFAULT_ACCOUNT]])('the paper account comes back %s', async (_case, stored, expected) => {
  const { runtime: one, declared } = runtime(stored);
  await declareOnce(one, undefined);
  expect(declared).toEqual([expected]);
});

test('a declaration that failed is tried again', async () => {
  const { runtime: one, declared } = runtime([], true);
  await expect(declareOnce(one, asDeclared(raised))).rejects.toThrow('disk full');
  await declareOnce(one, asDeclared(raised));
  expect(declared).toHaveLength(2);
});
