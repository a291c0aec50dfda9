import type { ICredentialsDecrypted, ICredentialTestFunctions, IExecuteFunctions } from 'n8n-workflow';
import { openAlgoServer, type OpenAlgoServer } from '../../../tests/doubles/openalgoServer';
import { manualClock } from '../../adapters/system/manual';
import { accountOf, credentialTests } from './credentials';

/** A host of which only the node and its credentials matter. */
function host(parameters: Record<string, unknown>, credentials: Record<string, Record<string, unknown>>): IExecuteFunctions {
  const named = Object.fromEntries(Object.keys(credentials).map((name) => [name, { id: '1', name }]));
  const part = { getNode: () => ({ parameters, credentials: named }), getCredentials: (name: string) => Promise.resolve(credentials[name]) };
  return part as never;
}

const OPENALGO = { id: 'mine', url: 'http://127.0.0.1:5000', apiKey: 'k', openAlgoMode: 'analyze' };

test('a node without a credential uses the paper account as it is; so does one of before there were brokers', async () => {
  expect(await accountOf(host({}, {}))).toEqual({ ok: true, value: undefined });
  expect(await accountOf(host({ broker: 'paper' }, {}))).toEqual({ ok: true, value: undefined });
  expect(await accountOf(host({}, { bellwetherAccountApi: { id: 'paper', capital: 5, limits: { maxDailyOrders: 7 } } }))).toMatchObject({ value: { config: { broker: 'paper', capital: 5, limits: { maxDailyOrders: 7 } } } });
});

test('the broker\'s own credential is the account, its secret apart', async () => {
  const account = await accountOf(host({ broker: 'openalgo' }, { bellwetherOpenAlgoApi: OPENALGO }));
  expect(account).toMatchObject({ ok: true, value: { config: { id: 'mine', broker: 'openalgo', mode: 'analyze' }, secrets: { apiKey: 'k' } } });
});

test('a credential of another broker that is still on the node does not count', async () => {
  expect(await accountOf(host({ broker: 'paper' }, { bellwetherOpenAlgoApi: OPENALGO }))).toEqual({ ok: true, value: undefined });
});

test.each([
  ['a broker without a credential', { broker: 'openalgo' }],
  ['an expression', { broker: '={{ $json.broker }}' }],
  ['a broker that nobody knows', { broker: 'other' }],
])('%s is refused: nothing falls back to another account', async (_case, parameters) => {
  expect(await accountOf(host(parameters, { bellwetherAccountApi: {} }))).toMatchObject({ ok: false, denial: { field: 'broker' } });
});

describe('the test button', () => {
  let server: OpenAlgoServer;
  const ask = (data: Record<string, unknown>) => {
    const credential: Pick<ICredentialsDecrypted, 'data'> = { data: data as never };
    return credentialTests.testOpenAlgo.call({} as ICredentialTestFunctions, credential as ICredentialsDecrypted);
  };
  beforeEach(async () => { server = await openAlgoServer(manualClock(1_800_000_000_000)); });
  afterEach(() => server.close());

  test('says who answers, in which mode, and what the funds are', async () => {
    const result = await ask({ ...OPENALGO, url: server.url, apiKey: server.apiKey });
    expect(result).toMatchObject({ status: 'OK', message: expect.stringMatching(/answers for simbroker.*analyzer.*available/) as string });
    expect(server.asked('placeorder')).toEqual([]);
  });

  test('says that the day\'s session is over, and what to do, without the key', async () => {
    server.sessionOver = true;
    const result = await ask({ ...OPENALGO, url: server.url, apiKey: 'canary-key-1' });
    expect(result).toMatchObject({ status: 'Error', message: expect.stringMatching(/[Ll]og in to the broker in OpenAlgo/) as string });
    expect(JSON.stringify(result)).not.toContain('canary');
  });

  test('says when the gateway is in the other mode', async () => {
    expect(await ask({ ...OPENALGO, url: server.url, apiKey: server.apiKey, openAlgoMode: 'live' })).toMatchObject({ status: 'Error', message: expect.stringContaining('the account is for live') as string });
  });

  test('names an empty key, and the vault where it may stand instead', async () => {
    expect(await ask({ ...OPENALGO, url: server.url, apiKey: '' })).toMatchObject({ status: 'Error', message: expect.stringContaining('vault set mine') as string });
  });
});
