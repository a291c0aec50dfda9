import type { AccountConfig, AccountSecrets } from '../../domain/account';
import { deny, ok } from '../../domain/denial';
import { toAccount } from '../accountForm';
import { AccountTests } from './accountTests';
import { TEST_ACCOUNT_PATH } from './config';
import type { HookHandler, HookRequest, HookResponse } from './red';

interface Asked { readonly config: AccountConfig; readonly secrets: AccountSecrets }

/** A Node-RED that remembers the routes, with one deployed account. */
function editor(answer = ok('Fine.') as ReturnType<typeof deny> | { readonly ok: true; readonly value: string }) {
  const asked: Asked[] = [];
  const permissions: string[] = [];
  let handlers: readonly HookHandler[] = [];
  const red = {
    httpAdmin: { post: (_path: string, ...given: readonly HookHandler[]) => { handlers = given; } },
    auth: { needsPermission: (permission: string): HookHandler => { permissions.push(permission); return (_request, _response, next) => next(); } },
    nodes: { getNode: (id: string) => (id === 'deployed' ? { credentials: { apiKey: 'saved-key' } } : null) },
    log: { warn: () => undefined },
  };
  const tests = new AccountTests((config, secrets) => {
    asked.push({ config, secrets });
    return Promise.resolve(answer);
  });
  tests.read = (values) => toAccount('openalgo', values);
  tests.open(red as never);
  const post = (body: unknown): Promise<unknown> => new Promise((resolve) => {
    const response: HookResponse = { headersSent: false, status: () => response, set: () => response, json: resolve, send: resolve, writeHead: resolve, end: resolve };
    const request: Partial<HookRequest> = { _body: true, body };
    handlers.at(-1)?.(request as HookRequest, response, () => undefined);
  });
  return { asked, permissions, post };
}

test('who may not deploy may not test: the key would go wherever the form says', () => {
  expect(TEST_ACCOUNT_PATH).toBe('/bellwether/test-account');
  expect(editor().permissions).toEqual(['flows.write']);
});

test('a key that was typed is used; one that was not is the deployed node\'s', async () => {
  const { asked, post } = editor();
  expect(await post({ id: 'deployed', values: { id: 'mine', apiKey: 'typed' } })).toEqual({ ok: true, message: 'Fine.' });
  await post({ id: 'deployed', values: { id: 'mine', apiKey: '__PWRD__' } });
  await post({ id: 'never deployed', values: { id: 'mine', apiKey: '__PWRD__' } });
  expect(asked.map(({ secrets }) => secrets)).toEqual([{ apiKey: 'typed' }, { apiKey: 'saved-key' }, {}]);
});

test('a refusal is one sentence with its remedy', async () => {
  const { post } = editor(deny('NOT_READY', 'It does not answer.', { remedy: 'Start it.' }));
  expect(await post({ id: '', values: {} })).toEqual({ ok: false, message: 'It does not answer. Start it.' });
});

test.each([[{ id: 'deployed' }], ['text'], [undefined]])('%j is no form', async (body) => {
  const { asked, post } = editor();
  expect(await post(body)).toEqual({ ok: false, message: 'The form could not be read.' });
  expect(asked).toEqual([]);
});
