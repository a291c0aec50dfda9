import { until } from './poll';
import { alertOf, deploy, KEY, OPEN_ACCOUNT, PACKAGE, send, shippedFlow, signalsDone, startN8n, webhookUrl, withStore, type Session } from './session';

jest.setTimeout(400_000);

let session: Session;

beforeAll(async () => {
  session = await startN8n();
});

afterAll(() => session.host.dispose());

/** The shipped flow with a pause between trigger and order, so that an execution can be cut in two. */
function slowFlow(): ReturnType<typeof shippedFlow> {
  const flow = shippedFlow('TradingView alert to order', 'cut');
  const wait = { id: 'b6a4f3a2-4f0e-4a41-9d0c-5a3c2f1e0d9b', name: 'Wait', type: 'n8n-nodes-base.wait', typeVersion: 1.1, position: [120, 200], parameters: { resume: 'timeInterval', amount: 6, unit: 'seconds' } };
  const link = (node: string): { main: object[][] } => ({ main: [[{ node, type: 'main', index: 0 }]] });
  const nodes = flow.nodes.filter(({ name }) => ['TradingView Trigger', 'Place Order'].includes(name));
  return { ...flow, nodes: [...nodes, wait], connections: { 'TradingView Trigger': link('Wait'), Wait: link('Place Order') } };
}

test('killed between the answer and the end of the execution: delivered once more, one order', async () => {
  const workflow = await deploy(session, slowFlow(), { account: OPEN_ACCOUNT, key: KEY });
  const url = webhookUrl(session, workflow, 'TradingView Trigger');
  await session.client.webhookReady(url);
  expect((await send(url, alertOf('cut'))).status).toBe(202);
  await until('the execution', async () => (await session.client.executionStatuses(workflow.id)).find((status) => status === 'running'));
  await session.host.kill();
  expect(await withStore(session, (store) => store.orders())).toEqual([]);
  await session.host.start();
  const [signal] = await signalsDone(session, 'cut-trigger', 1);
  expect(signal).toMatchObject({ status: 'DONE', attempts: 2 });
  expect(await withStore(session, (store) => store.orders())).toMatchObject([{ status: 'FILLED', signalId: signal?.signalId }]);
  await session.client.signIn();
  expect((await session.client.endedExecutions(workflow.id, 2)).map(({ status }) => status).sort()).toEqual(['crashed', 'success']);
});

test('an address survives restart and republication, and the package loads again', async () => {
  const workflow = await deploy(session, shippedFlow('TradingView alert to order', 'again'), { account: OPEN_ACCOUNT, key: KEY });
  const url = webhookUrl(session, workflow, 'TradingView Trigger');
  await session.client.webhookReady(url);
  await session.host.stop();
  await session.host.start();
  await session.client.signIn();
  await session.client.webhookReady(url);
  await session.client.deactivate(workflow.id);
  await session.client.activate(workflow.id);
  // n8n takes the old registration away a moment after it has answered for it: who comes in between is told that nobody is there.
  await until('the address to take an alert again', async () => ((await send(url, alertOf('again'))).status === 202 ? true : undefined), 30_000);
  expect(workflow.nodes.filter(({ type }) => type.startsWith(PACKAGE))).toHaveLength(5);
  await signalsDone(session, 'again-trigger', 1);
});

const ALERTS = 200;
const KILLS = 3;
const SENDERS = 10;

test('killed at random moments during 200 alerts: none lost, none doubled', async () => {
  const workflow = await deploy(session, shippedFlow('TradingView alert to order', 'moments'), { account: OPEN_ACCOUNT, key: KEY });
  const url = webhookUrl(session, workflow, 'TradingView Trigger');
  await session.client.webhookReady(url);
  const unanswered = new Set(Array.from({ length: ALERTS }, (_, index) => `alert-${index}`));
  const moments = Array.from({ length: KILLS }, (_, kill) => Math.floor((ALERTS / KILLS) * (kill + Math.random())));
  console.log(`Killing n8n after ${moments.join(', ')} answers.`);
  for (const moment of moments) {
    await sendUntil(url, unanswered, moment, () => session.host.kill());
    await session.host.start();
    await session.client.webhookReady(url);
  }
  await sendUntil(url, unanswered, ALERTS);
  const signals = await signalsDone(session, 'moments-trigger', ALERTS);
  const orders = await withStore(session, (store) => store.orders({ nodeKey: 'moments-order', limit: 10_000 }));
  expect(signals).toHaveLength(ALERTS);
  expect(signals.filter(({ status }) => status !== 'DONE')).toEqual([]);
  expect(orders.map(({ signalId }) => signalId).sort()).toEqual(signals.map(({ signalId }) => signalId).sort());
  expect(orders.filter(({ status }) => status !== 'FILLED')).toEqual([]);
});

/** Sends what is unanswered from several senders at once. `cut` happens at the moment when `answered` alerts are, with others under way: those stay unanswered. */
async function sendUntil(url: string, unanswered: Set<string>, answered: number, cut?: () => Promise<void>): Promise<void> {
  const queue = [...unanswered];
  let cutting: Promise<void> | undefined;
  const sender = async (): Promise<void> => {
    for (let id = queue.shift(); id !== undefined && cutting === undefined; id = queue.shift()) {
      const status = await sendOrBreak(url, id);
      if (status === 202 || status === 200) unanswered.delete(id);
      if (ALERTS - unanswered.size >= answered) cutting ??= cut?.();
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
  await cutting;
}

/** Undefined where the connection broke. */
async function sendOrBreak(url: string, id: string): Promise<number | undefined> {
  try {
    return (await send(url, alertOf(id))).status;
  } catch (error) {
    if (isBrokenConnection(error)) return undefined;
    throw error;
  }
}

/** By name: fetch lives outside of jest's realm, and so does its TypeError. */
function isBrokenConnection(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === 'TypeError';
}
