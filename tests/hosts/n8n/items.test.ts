import { OPEN_ACCOUNT, PACKAGE, startN8n, withStore, type Session } from './session';
import { Workflow, type Execution } from './client';

jest.setTimeout(240_000);

let session: Session;
let account: { id: string; name: string };

beforeAll(async () => {
  session = await startN8n();
  account = await session.client.createCredential('Account', 'bellwetherAccountApi', { ...OPEN_ACCOUNT });
});

afterAll(() => session.host.dispose());

/** Runs Place Order by hand on pinned items; the quantity is an expression, so that one item can carry a bad one. */
async function placeItems(nodeKey: string, items: readonly object[], settings: object = {}): Promise<Execution> {
  const nodes = [
    { id: 'start', name: 'Start', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, position: [0, 0], parameters: {} },
    {
      id: nodeKey, name: 'Place Order', type: `${PACKAGE}.placeOrder`, typeVersion: 1, position: [200, 0], credentials: { bellwetherAccountApi: account },
      parameters: { action: 'BUY', sizing: { quantity: '={{ $json.wanted }}' }, nodeKey }, ...settings,
    },
  ];
  const created = Workflow.parse(await session.client.rest('POST', '/workflows', {
    name: nodeKey, nodes, connections: { Start: { main: [[{ node: 'Place Order', type: 'main', index: 0 }]] } }, settings: { executionOrder: 'v1' },
    pinData: { Start: items.map((json) => ({ json })) },
  }));
  await session.client.rest('POST', `/workflows/${created.id}/run`, { triggerToStartFrom: { name: 'Start' } });
  const [execution] = await session.client.endedExecutions(created.id, 1);
  if (execution === undefined) throw new Error('There is no execution.');
  return execution;
}

const THREE = [{ symbol: 'SBIN', wanted: 1 }, { symbol: 'INFY', wanted: -5 }, { symbol: 'TCS', wanted: 3 }];

test('a bad item is an error that names the item, the field and the remedy, and hides no other item', async () => {
  const execution = await placeItems('stops', THREE);
  const error = execution.data?.resultData.runData['Place Order']?.[0]?.error;
  expect(execution.status).toBe('error');
  expect(error?.message).toMatch(/^Quantity: .* \[item 1\]$/);
  expect(error?.description).toContain('Open the node and correct "Quantity".');
  const orders = await withStore(session, (store) => store.orders({ nodeKey: 'stops' }));
  expect(orders.map(({ instrument, quantity }) => [instrument, quantity]).sort()).toEqual([['NSE:SBIN', 1], ['NSE:TCS', 3]]);
});

test('continuing on fail, the bad item leaves where refusals leave, never as placed', async () => {
  const execution = await placeItems('continues', THREE, { onError: 'continueRegularOutput' });
  const [placed, rejected] = execution.data?.resultData.runData['Place Order']?.[0]?.data?.main ?? [];
  expect(execution.status).toBe('success');
  expect(placed?.map(({ json, pairedItem }) => [json['symbol'], pairedItem])).toEqual([['SBIN', { item: 0 }], ['TCS', { item: 2 }]]);
  expect(rejected).toMatchObject([{ json: { error: expect.stringContaining('[item 1]') as string }, pairedItem: { item: 1 } }]);
});

test('with an error output the bad item leaves there', async () => {
  const execution = await placeItems('routes', THREE, { onError: 'continueErrorOutput' });
  const outputs = execution.data?.resultData.runData['Place Order']?.[0]?.data?.main ?? [];
  expect(outputs.map((items) => items?.length ?? 0)).toEqual([2, 0, 1]);
});

test('a refusal is no error: it leaves through its port with code and remedy', async () => {
  const execution = await placeItems('refuses', [{ symbol: 'NOSUCHSTOCK', wanted: 1 }, { symbol: 'SBIN', wanted: 1 }]);
  const [placed, rejected] = execution.data?.resultData.runData['Place Order']?.[0]?.data?.main ?? [];
  expect(execution.status).toBe('success');
  expect(placed).toHaveLength(1);
  expect(rejected).toMatchObject([{ json: { denial: { code: 'UNKNOWN_SYMBOL' } }, pairedItem: { item: 0 } }]);
});

test('the same items run again by hand are new signals', async () => {
  await placeItems('again', [{ symbol: 'SBIN', wanted: 1 }]);
  await placeItems('again', [{ symbol: 'SBIN', wanted: 1 }]);
  expect(await withStore(session, (store) => store.orders({ nodeKey: 'again' }))).toHaveLength(2);
});
