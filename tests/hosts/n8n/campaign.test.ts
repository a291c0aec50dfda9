import { alertOf, DEMO_ACCOUNT, deploy, KEY, OPEN_ACCOUNT, send, shippedFlow, signalsDone, startN8n, webhookUrl, withStore, type Session } from './session';

jest.setTimeout(400_000);

let session: Session;

beforeAll(async () => {
  // What n8n keeps of executions is not looked at here, and half of its time.
  session = await startN8n({ env: { EXECUTIONS_DATA_SAVE_ON_SUCCESS: 'none' } });
});

afterAll(() => session.host.dispose());

const SYMBOLS = ['SBIN', 'RELIANCE', 'INFY', 'TCS', 'ITC'];

/** The shipped flow, allowed to trade both sides: the alerts buy and sell as they please. */
function bothSides(prefix?: string): ReturnType<typeof shippedFlow> {
  const flow = shippedFlow('TradingView alert to order', ...(prefix === undefined ? [] : [prefix]));
  return { ...flow, nodes: flow.nodes.map((node) => (node.name === 'Risk Gate' ? { ...node, parameters: { ...node['parameters'] as object, direction: 'both' } } : node)) };
}

/** Distinct alerts, some of them twice, in a shuffled order. */
function campaign(distinct: number, resent: number): Record<string, unknown>[] {
  const alerts = Array.from({ length: distinct }, (_, index) => alertOf(`campaign-${index}`, { symbol: SYMBOLS[index % SYMBOLS.length], action: index % 2 === 0 ? 'buy' : 'sell' }));
  const all = [...alerts, ...alerts.slice(0, resent)];
  return all.map((alert) => ({ alert, at: Math.random() })).sort((a, b) => a.at - b.at).map(({ alert }) => alert);
}

async function sendAll(url: string, alerts: readonly Record<string, unknown>[]): Promise<Map<number, number>> {
  const answers = await Promise.all(alerts.map((alert) => send(url, alert)));
  const byStatus = new Map<number, number>();
  for (const { status } of answers) byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
  return byStatus;
}

test('1,000 alerts at once, 300 of them re-sent: 700 intents, 700 orders', async () => {
  const workflow = await deploy(session, bothSides(), { account: OPEN_ACCOUNT, key: KEY });
  const url = webhookUrl(session, workflow, 'TradingView Trigger');
  await session.client.webhookReady(url);
  expect(await sendAll(url, campaign(700, 300))).toEqual(new Map([[202, 700], [200, 300]]));
  const signals = await signalsDone(session, 'tv-trigger', 700);
  expect(signals.filter(({ status }) => status !== 'DONE')).toEqual([]);
  await withStore(session, async (store) => {
    const intents = await store.intents({ limit: 10_000 });
    const orders = await store.orders({ limit: 10_000 });
    expect([intents.length, orders.length, new Set(orders.map(({ signalId }) => signalId)).size]).toEqual([700, 700, 700]);
    expect(intents.filter(({ status }) => status !== 'ADMITTED')).toEqual([]);
  });
});

test('with the default limits every refusal is on record with its rule, limit and value', async () => {
  const workflow = await deploy(session, bothSides('careful'), { account: DEMO_ACCOUNT, key: KEY });
  const url = webhookUrl(session, workflow, 'TradingView Trigger');
  await session.client.webhookReady(url);
  await sendAll(url, campaign(60, 20));
  await signalsDone(session, 'careful-trigger', 60);
  await withStore(session, async (store) => {
    const intents = await store.intents({ account: DEMO_ACCOUNT.id, limit: 10_000 });
    const refused = intents.filter(({ status }) => status === 'DENIED');
    const orders = await store.orders({ account: DEMO_ACCOUNT.id, limit: 10_000 });
    expect(new Set(intents.map(({ signalId }) => signalId)).size).toBe(60);
    expect(refused.length).toBeGreaterThan(0);
    expect(orders.length + refused.length).toBe(60);
    expect(refused.filter(({ denial }) => denial?.rule === undefined || denial.limit === undefined || denial.value === undefined)).toEqual([]);
  });
});
