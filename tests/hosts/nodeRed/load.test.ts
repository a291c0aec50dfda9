import { alertBody, inParallel, pipeline, post, postUntilAcknowledged, untilDone } from './flow';
import { NodeRed, type DeployType, type FlowNode } from './host';

jest.setTimeout(240_000);

let host: NodeRed;

beforeEach(async () => {
  host = await new NodeRed({ flows: pipeline() }).start();
});

afterEach(() => host.dispose());

/** 700 ids, 300 of them twice, in an order that puts repeats far from and near to their first. */
function thousandAlerts(): string[] {
  const ids = Array.from({ length: 700 }, (_, index) => `load-${index}`);
  const repeats = ids.filter((_, index) => index % 7 < 3).slice(0, 300);
  return [...ids, ...repeats].map((id, index) => ({ id, place: (index * 617) % 1_000 })).sort((a, b) => a.place - b.place).map(({ id }) => id);
}

test('1,000 alerts, 300 of them re-sends, are 700 intents and 700 orders', async () => {
  const answers = { 200: 0, 202: 0 };
  await inParallel(thousandAlerts(), 64, async (id) => {
    const { status, body } = await post(host, alertBody(id));
    if (status !== 200 && status !== 202) throw new Error(`${id}: ${status} ${JSON.stringify(body)}`);
    answers[status] += 1;
  });
  expect(answers).toEqual({ 200: 300, 202: 700 });
  await untilDone(host, 700);
  expect([host.count('select count(*) from intents'), host.count('select count(*) from orders'), host.count("select count(*) from orders where status = 'FILLED'")]).toEqual([700, 700, 700]);
  expect(host.rows('select quantity from positions')).toEqual([{ quantity: 700 }]);
});

test('the same under 40 redeploys of every kind: nothing acknowledged is lost, nothing is done twice', async () => {
  const kinds: DeployType[] = ['full', 'nodes', 'flows', 'reload'];
  let deploying = true;
  const redeploys = (async () => {
    for (let round = 0; round < 40; round += 1) await host.deploy(renamed(round), kinds[round % kinds.length] ?? 'full');
    deploying = false;
  })();
  let sent = 0;
  const senders = Array.from({ length: 8 }, async () => {
    while (deploying) await postUntilAcknowledged(host, alertBody(`redeploy-${sent++}`));
  });
  await Promise.all([redeploys, ...senders]);
  await untilDone(host, sent);
  expect(sent).toBeGreaterThan(200);
  expect(host.count('select count(*) from signals')).toBe(sent);
  expect([host.count('select count(*) from intents'), host.count('select count(*) from orders'), host.count("select count(*) from orders where status = 'FILLED'")]).toEqual([sent, sent, sent]);
});

/** Every node of the flow changes a little, so that deploys of changed nodes and flows restart something. */
function renamed(round: number): FlowNode[] {
  return pipeline().map((node, index) => (node.type !== 'tab' && index % 3 === round % 3 ? { ...node, name: `round ${round}` } : node));
}

test('with default limits every refusal is recorded with its rule, limit and value', async () => {
  const [tab, account, trigger, ...rest] = pipeline({ limits: {} });
  if (tab === undefined || account === undefined || trigger === undefined) throw new Error('The pipeline is empty.');
  // Without a gate before it, the router is the one that refuses, and journals why.
  await host.deploy([tab, account, { ...trigger, wires: [['order']] }, ...rest]);
  await inParallel(Array.from({ length: 40 }, (_, index) => index), 8, async (index) => {
    await postUntilAcknowledged(host, alertBody(`default-${index}`, { quantity: index % 2 === 0 ? 2_000 : 1 }));
  });
  await untilDone(host, 40);
  const denials = host.rows("select denial from intents where status = 'DENIED'").map(({ denial }) => JSON.parse(String(denial)) as object);
  const placed = host.count('select count(*) from orders');
  expect([denials.length + placed, placed]).toEqual([40, 1]);
  for (const denial of denials) expect(denial).toMatchObject({ rule: expect.any(String) as string, limit: expect.anything() as unknown, value: expect.anything() as unknown });
  expect(new Set(denials.map((denial) => 'rule' in denial ? denial.rule : ''))).toEqual(new Set(['max order quantity', 'trade lock']));
});
