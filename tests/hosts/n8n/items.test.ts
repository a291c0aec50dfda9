import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import * as definitions from '../../../nodes';
import type { Outcome } from '../../../runtime/domain/denial';
import { convertFlow } from '../../../runtime/hosts/carry';
import { createFlowState, readFlow, readN8n, type FlowGraph } from '../../../runtime/hosts/replay';
import { walkN8n } from '../../../runtime/hosts/replay/walk/n8nWalk';
import { planOf } from '../../../runtime/hosts/replay/walk/plan';
import { valueOf } from '../../doubles/triggerWorld';
import { CASES, casesWorkflow, ITEMS } from './foreignCases';
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

test('a backtest walks a workflow in a thread, and Performance looks at what was traded: figures leave with the item, the report as binary data, both in a few words above the output', async () => {
  const data = path.join(session.host.home, '.n8n', 'bellwether', 'data');
  mkdirSync(data, { recursive: true });
  const from = Date.parse('2022-06-01T09:15:00+05:30');
  writeFileSync(path.join(data, 'SBIN.csv'), Array.from({ length: 375 }, (_, minute) => `${from + minute * 60_000},${[0, 1, -1, 0].map((off) => 450 + off + Math.round(8 * Math.sin(minute / 40))).join(',')},100000`).join('\n'));
  // As Ctrl+A and Ctrl+C on a canvas give it.
  const { nodes: copied, connections } = z.object({ nodes: z.array(z.unknown()), connections: z.unknown() }).parse(JSON.parse(readFileSync(path.resolve(__dirname, '../../../flows/n8n/EMA crossover.json'), 'utf8')));
  const flow = JSON.stringify({ nodes: copied, connections, pinData: {}, meta: { instanceId: 'x' } });
  const nodes = [
    { id: 'start', name: 'Start', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, position: [0, 0], parameters: {} },
    { id: 'walk', name: 'Walk', type: `${PACKAGE}.backtest`, typeVersion: 1, position: [200, 0], parameters: { flow: '={{ $json.flow }}', dataFrom: 'file', dataFile: 'SBIN.csv', symbol: 'SBIN', nodeKey: 'walk' } },
    { id: 'look', name: 'Look', type: `${PACKAGE}.performance`, typeVersion: 1, position: [200, 200], credentials: { bellwetherAccountApi: account }, parameters: { scope: 'account', period: 'all', nodeKey: 'look' } },
  ];
  const created = Workflow.parse(await session.client.rest('POST', '/workflows', { name: 'walk', nodes, connections: { Start: { main: [[{ node: 'Walk', type: 'main', index: 0 }, { node: 'Look', type: 'main', index: 0 }]] } }, settings: { executionOrder: 'v1' }, pinData: { Start: [{ json: { flow } }] } }));
  await session.client.rest('POST', `/workflows/${created.id}/run`, { triggerToStartFrom: { name: 'Start' } });
  const [execution] = await session.client.endedExecutions(created.id, 1);
  const [reported, refused] = execution?.data?.resultData.runData['Walk']?.[0]?.data?.main ?? [];
  expect(refused ?? []).toEqual([]);
  expect(reported).toMatchObject([{ json: { backtest: { findings: [], metrics: { totalTrades: expect.any(Number) as number }, stoppedEarly: false } }, binary: { report: { mimeType: 'text/html', fileName: 'report.html' } } }]);
  expect(hintsOf(execution, 'Walk')).toEqual([{ message: expect.stringMatching(/^\d+ trades?.*, net .*\.$/) as string, type: 'info', location: 'outputPane' }]);
  expect(await pageOf(reported)).toContain('<h2>Trades</h2>');

  const [looked] = execution?.data?.resultData.runData['Look']?.[0]?.data?.main ?? [];
  expect(looked).toMatchObject([{ json: { performance: { mode: 'paper', metrics: { totalTrades: expect.any(Number) as number, openTrades: expect.any(Number) as number } } }, binary: { report: { mimeType: 'text/html', fileName: 'report.html' } }, pairedItem: { item: 0 } }]);
  expect(hintsOf(execution, 'Look')).toHaveLength(1);
  const page = await pageOf(looked);
  expect(page).toContain('Paper trading');
  expect(page).toMatch(/^<!doctype html>[\s\S]*<\/html>\s*$/);
});

const Binary = z.array(z.looseObject({ binary: z.looseObject({ report: z.looseObject({ data: z.string(), id: z.string().optional() }) }) })).min(1);

/** The report of the first item as a person downloads it. */
async function pageOf(items: unknown): Promise<string> {
  const [first] = Binary.parse(items);
  if (first === undefined) throw new Error('There is no item.');
  const { id, data } = first.binary.report;
  return id === undefined ? Buffer.from(data, 'base64').toString('utf8') : session.client.file(`/rest/binary-data?id=${encodeURIComponent(id)}&action=download`);
}

function hintsOf(execution: Execution | undefined, node: string): unknown {
  return execution?.data?.resultData.runData[node]?.[0]?.['hints'];
}

const Outputs = z.array(z.array(z.record(z.string(), z.unknown())));
type Outputs = z.infer<typeof Outputs>;

/** What each foreign node of the cases puts out by our own reading of it, by output. */
function ourReading(file: object): ReadonlyMap<string, Outputs> {
  const graph = valueOf(readN8n(file, Object.values(definitions)));
  const seen = new Map<string, Outputs>();
  const nodes: FlowGraph['nodes'] = new Map([...graph.nodes].map(([id, node]) => {
    if (node.kind !== 'translated') throw new Error(`${id}: ${node.kind === 'foreign' ? node.denial.message : 'ours'}`);
    const run: typeof node.run = (arrived, state) => {
      const ended: Outcome<readonly { port: string; carried: { data: unknown } }[]> = node.run(arrived, state);
      const emitted = valueOf(ended);
      seen.set(id, Outputs.parse(JSON.parse(JSON.stringify(node.outputs.map((port) => emitted.filter((each) => each.port === port).map(({ carried }) => carried.data))))));
      return node.run(arrived, state);
    };
    return [id, { ...node, run }];
  }));
  const start = nodes.get('Start');
  if (start === undefined) throw new Error('There is a start.');
  const failed = [...walkN8n(planOf({ ...graph, nodes }), createFlowState(), { node: start, inputs: [ITEMS.map((data) => ({ data, trail: undefined }))] })];
  expect(failed).toEqual([]);
  return seen;
}

test('n8n\'s own nodes put out what our reading of them says, in every way that is translated', async () => {
  const { nodes, connections } = casesWorkflow();
  const file = { name: 'cases', nodes, connections, settings: { executionOrder: 'v1' } };
  const created = Workflow.parse(await session.client.rest('POST', '/workflows', { ...file, pinData: { Start: ITEMS.map((json) => ({ json })) } }));
  await session.client.rest('POST', `/workflows/${created.id}/run`, { triggerToStartFrom: { name: 'Start' } });
  const [execution] = await session.client.endedExecutions(created.id, 1);
  expect(execution?.data?.resultData.error?.message).toBeUndefined();
  const read = ourReading(file);
  expect(Object.keys(execution?.data?.resultData.runData ?? {}).sort()).toEqual(['Start', ...CASES.map(({ name }) => name)].sort());
  const wrong = CASES.flatMap(({ name }) => {
    const real = (execution?.data?.resultData.runData[name]?.[0]?.data?.main ?? []).map((items) => (items ?? []).map(({ json }) => json));
    const mine = read.get(name) ?? [];
    const length = Math.max(real.length, mine.length);
    const [all, own] = [real, mine].map((outputs) => Array.from({ length }, (_none, index) => outputs[index] ?? []));
    return JSON.stringify(all) === JSON.stringify(own) ? [] : [{ name, n8n: all, ours: own }];
  });
  expect(wrong).toEqual([]);
});

const Parameters = z.record(z.string(), z.unknown());
const NodeOf = z.looseObject({ name: z.string(), type: z.string(), parameters: Parameters });
const TypeOf = z.looseObject({ name: z.string(), outputs: z.unknown(), properties: z.array(z.looseObject({ name: z.string() })) });

/** Every flow that we ship for Node-RED, converted. */
function convertedFlows() {
  const folder = path.resolve(__dirname, '../../../flows/node-red');
  return readdirSync(folder).map((file) => {
    const read = valueOf(readFlow(JSON.parse(readFileSync(path.join(folder, file), 'utf8')), Object.values(definitions)));
    return z.looseObject({ name: z.string(), nodes: z.array(NodeOf), connections: z.unknown(), settings: z.unknown() }).parse(valueOf(convertFlow(read, 'n8n')).file);
  });
}

test('flows of Node-RED, converted, are workflows of this n8n: it takes each as it is, and knows every node and every parameter', async () => {
  const types = new Map(z.array(TypeOf).parse(await session.client.asset('/types/nodes.json')).map((type) => [type.name, new Set(type.properties.map(({ name }) => name))]));
  const unknown: string[] = [];
  for (const { name, nodes, connections } of convertedFlows()) {
    const created = await session.client.createWorkflow({ name, nodes, connections });
    const kept = z.object({ nodes: z.array(NodeOf), connections: z.unknown() }).parse(await session.client.rest('GET', `/workflows/${created.id}`));
    expect({ name, nodes: kept.nodes.map(({ name: title, type, parameters }) => ({ title, type, parameters })), connections: kept.connections }).toEqual({ name, nodes: nodes.map(({ name: title, type, parameters }) => ({ title, type, parameters })), connections });
    for (const { name: title, type, parameters } of kept.nodes) {
      const properties = types.get(type);
      if (properties === undefined) unknown.push(`${name}, ${title}: ${type}`);
      else unknown.push(...Object.keys(parameters).filter((parameter) => !properties.has(parameter)).map((parameter) => `${name}, ${title}: ${parameter}`));
    }
  }
  expect(unknown).toEqual([]);
});
