import type { Workflow } from './client';
import { until } from './poll';
import { alertOf, deploy, KEY, OPEN_ACCOUNT, PACKAGE, send, shippedFlow, signalsDone, startN8n, webhookUrl, withStore, type Session } from './session';

jest.setTimeout(300_000);

let session: Session;
beforeAll(async () => { session = await startN8n(); });
afterAll(() => session.host.dispose());

function create(): Promise<Workflow> {
  const position = [0, 0];
  return session.client.createWorkflow({
    name: 'Told of fills',
    nodes: [
      { id: 'events', name: 'Events', type: `${PACKAGE}.orderEventTrigger`, typeVersion: 1, position, parameters: { events: ['filled'], options: { strategyId: 'watcher' }, nodeKey: 'events' } },
      { id: 'end', name: 'End', type: 'n8n-nodes-base.noOp', typeVersion: 1, position, parameters: {} },
    ],
    connections: { Events: { main: [[{ node: 'End', type: 'main', index: 0 }]] } },
  });
}

/** Sends an alert as soon as n8n has registered the address. */
async function alerted(url: string, id: string): Promise<void> {
  await session.client.webhookReady(url);
  expect((await send(url, alertOf(id))).status).toBe(202);
}

const position = () => withStore(session, (store) => store.events.position('events'));

test('a paper order of one workflow starts another, exactly once, also when the host was away between the order and the delivery', async () => {
  const told = await create();
  await session.client.activate(told.id);
  await until('the trigger’s place in the journal', position);
  const trading = await deploy(session, shippedFlow('TradingView alert to order', 'ev'), { account: OPEN_ACCOUNT, key: KEY });
  const url = webhookUrl(session, trading, 'TradingView Trigger');
  await alerted(url, 'first');
  const [execution] = await session.client.endedExecutions(told.id, 1);
  expect(execution).toMatchObject({ status: 'success', mode: 'trigger' });
  const item = execution?.data?.resultData.runData['End']?.[0]?.data?.main[0]?.[0]?.json;
  expect(item).toMatchObject({ signal: { source: 'order' }, exchange: 'NSE', symbol: 'SBIN', event: { kind: 'filled', facts: { action: 'BUY', quantity: 1 } }, order: { status: 'FILLED' } });
  await signalsDone(session, 'events', 1);

  await session.client.deactivate(told.id);
  await alerted(url, 'second');
  await until('the second fill', () => withStore(session, async (store) => ((await store.orders()).filter(({ status }) => status === 'FILLED').length === 2 ? true : undefined)));
  await session.host.stop();
  await session.host.start();
  await session.client.activate(told.id);
  expect(await session.client.endedExecutions(told.id, 2)).toHaveLength(2);
  expect(await signalsDone(session, 'events', 2)).toHaveLength(2);

  await session.host.stop();
  await session.host.start();
  await alerted(url, 'third');
  expect(await session.client.endedExecutions(told.id, 3)).toHaveLength(3);
  expect(await signalsDone(session, 'events', 3)).toHaveLength(3);
});
