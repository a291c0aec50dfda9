import * as definitions from '../../../nodes';
import { tradingWorld, type TradingWorld } from '../../../tests/doubles/tradingWorld';
import { AccountConfig } from '../../domain/account';
import type { Outcome } from '../../domain/denial';
import { canonicalIntents } from './canonical';
import { readN8n } from './readN8n';
import { readNodeRed } from './readNodeRed';
import { MAX_STEPS, replayFlow, type ReplayedFlow } from './replayFlow';

let world: TradingWorld;
const opened: ReplayedFlow[] = [];
beforeEach(async () => {
  world = await tradingWorld();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((flow) => flow.close()));
  await world.close();
});

function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.denial.message);
  return outcome.value;
}

const node = (id: string, type: string, wires: readonly (readonly string[])[], values: object = {}) => ({ id, type: `bellwether-${type}`, name: `Node ${id}`, z: 'tab', wires, nodeKey: id, strategyId: 'demo', ...values });

async function replay(nodes: readonly object[], limits = {}): Promise<Outcome<ReplayedFlow>> {
  const graph = valueOf(readNodeRed(nodes, Object.values(definitions)));
  const flow = await replayFlow({ graph, runtime: world.runtime, account: AccountConfig.parse({ limits }) });
  if (flow.ok) opened.push(flow.value);
  return flow;
}

const ORDER_FLOW = [
  node('tv', 'tradingview-trigger', [['gate']]), node('gate', 'risk-gate', [['order'], ['alert']]),
  node('order', 'place-order', [['alert'], ['alert']]), node('alert', 'alert', [[]]),
];
const alertBody = (more: object = {}) => JSON.stringify({ exchange: 'NSE', symbol: 'SBIN', action: 'BUY', quantity: 10, ...more });

test.each<[string, object, RegExp]>([
  ['a quantity that is no number', { quantity: 'ten' }, /^Node order: Quantity: /],
  ['a mode that does not exist', { mode: 'twice' }, /^Node order: Mode: /],
  ['a strategy name that is too long', { strategyId: 'x'.repeat(81) }, /^Node order: Strategy: /],
])('%s is refused by node and field, before the first signal', async (_name, values, message) => {
  expect(await replay([node('order', 'place-order', [], values)])).toMatchObject({ ok: false, denial: { code: 'INVALID_PARAMETER', message: expect.stringMatching(message) as string } });
});

test('an item put into a node follows the wires of the port it leaves through', async () => {
  const flow = valueOf(await replay(ORDER_FLOW));
  await flow.inject('gate', { symbol: 'SBIN', action: 'BUY', quantity: 10 }, 's1');
  await flow.inject('gate', { symbol: 'NOSUCHSHARE', action: 'BUY', quantity: 10 }, 's2');
  expect(await world.runtime.store.orders()).toMatchObject([{ nodeKey: 'order', strategyId: 'demo', signalId: 's1', status: 'FILLED' }]);
  expect((await world.runtime.store.alerts()).map(({ severity, signalId }) => [severity, signalId])).toEqual([['warning', 's2'], ['info', 's1']]);
});

test('a wire that forks carries the item to every node, in order', async () => {
  const flow = valueOf(await replay([node('gate', 'risk-gate', [['a', 'b']]), node('a', 'alert', [['c']], { message: 'a {quantity}' }), node('b', 'alert', [[]], { message: 'b {quantity}' }), node('c', 'alert', [[]], { message: 'c {quantity}' })]));
  await flow.inject('gate', { symbol: 'SBIN', action: 'BUY', quantity: 10 }, 's1');
  expect((await world.runtime.store.alerts()).map(({ message }) => message).reverse()).toEqual(['a 10', 'b 10', 'c 10']);
});

test('a refusal that is raised ends its branch and not the others', async () => {
  const flow = valueOf(await replay([node('gate', 'risk-gate', [['position', 'alert']]), node('position', 'position', [['never']], { symbol: 'NOSUCHSHARE' }), node('never', 'alert', [[]], { message: 'never' }), node('alert', 'alert', [[]], { message: 'other' })]));
  await flow.inject('gate', { symbol: 'SBIN', action: 'BUY', quantity: 10 }, 's1');
  expect((await world.runtime.store.alerts()).map(({ message }) => message)).toEqual(['other']);
});

test('a node without a key of its own is known by its host\'s', async () => {
  const flow = valueOf(await replay([node('order', 'place-order', [], { nodeKey: '', strategyId: '' })]));
  await flow.inject('order', { symbol: 'SBIN', action: 'BUY', quantity: 10 }, 's1');
  expect(await world.runtime.store.intents()).toMatchObject([{ nodeKey: 'order', strategyId: 'tab' }]);
});

test('a flow that goes round in a circle is stopped', async () => {
  const flow = valueOf(await replay([node('a', 'trade-lock', [['b']], { operation: 'list' }), node('b', 'trade-lock', [['a']], { operation: 'list' })]));
  await expect(flow.inject('a', {}, 's1')).rejects.toThrow(`${MAX_STEPS} steps`);
});

test('a webhook call that is answered has run its flow to the end', async () => {
  const flow = valueOf(await replay(ORDER_FLOW));
  expect(valueOf(await flow.post('tv', alertBody({ id: 'one' })))).toMatchObject({ status: 202, body: { status: 'accepted' } });
  expect(await world.runtime.store.orders()).toMatchObject([{ status: 'FILLED', nodeKey: 'order' }]);
  expect(valueOf(await flow.post('tv', alertBody({ id: 'one' })))).toMatchObject({ status: 200 });
  expect(valueOf(await flow.post('tv', '{'))).toMatchObject({ status: 400 });
  expect(await world.runtime.store.orders()).toHaveLength(1);
  await flow.close();
  expect(await world.runtime.store.signals()).toMatchObject([{ status: 'DONE', nodeKey: 'tv' }]);
});

test('a node that is no trigger, or not there, is refused by name', async () => {
  const flow = valueOf(await replay(ORDER_FLOW));
  expect(await flow.post('gate', alertBody())).toMatchObject({ ok: false, denial: { code: 'NOT_FOUND', message: expect.stringContaining('gate') as string } });
  await expect(flow.inject('gone', {}, 's1')).rejects.toThrow('gone');
  await expect(flow.inject('tv', {}, 's1')).rejects.toThrow('takes no items');
});

test('a closed flow takes nothing over any more: its signals wait in the inbox', async () => {
  const flow = valueOf(await replay(ORDER_FLOW));
  await flow.close();
  const binding = { definition: definitions.tradingViewTrigger, params: definitions.tradingViewTrigger.params.parse({}), nodeKey: 'tv', strategyId: 'demo' };
  await world.runtime.ingress.receive(binding, { raw: Buffer.from(alertBody({ id: 'late' })), headers: {}, remoteAddress: '127.0.0.1', receivedAt: world.runtime.now() }, 'attached');
  expect(await world.runtime.store.signals()).toMatchObject([{ status: 'RECEIVED' }]);
  const next = valueOf(await replay(ORDER_FLOW));
  valueOf(await next.post('tv', alertBody({ id: 'next', symbol: 'TCS', quantity: 5 })));
  expect((await world.runtime.store.orders()).map(({ instrument }) => instrument)).toEqual(['NSE:TCS', 'NSE:SBIN']);
});

test('two replays of the same signals have the same intents to the byte, whatever their order', async () => {
  const flow = valueOf(await replay(ORDER_FLOW, { cooldownMs: 0 }));
  const bodies = ['SBIN', 'TCS', 'NOSUCHSHARE'].map((symbol) => alertBody({ id: symbol, symbol, quantity: 5 }));
  for (const body of bodies) await flow.post('tv', body);
  const first = canonicalIntents(await world.runtime.store.intents());
  await flow.close();
  await world.close();
  world = await tradingWorld();
  world.clock.advance(5_000);
  world.quote('SBIN', 800);
  world.quote('TCS', 3_000);
  const again = valueOf(await replay(ORDER_FLOW, { cooldownMs: 0 }));
  for (const body of bodies.toReversed()) await again.post('tv', body);
  expect(canonicalIntents(await world.runtime.store.intents())).toBe(first);
  expect(first.split('\n')).toHaveLength(2);
});

test('a number of an n8n node may be an expression: it is read for each item', async () => {
  const file = { name: 'w', nodes: [{ id: 'o', name: 'Order', type: '@bellwether/n8n-nodes-trading.placeOrder', parameters: { sizing: { quantity: '={{ $json.wanted * 2 }}' }, nodeKey: 'order', options: { strategyId: 'demo' } } }], connections: {} };
  const flow = valueOf(await replayFlow({ graph: valueOf(readN8n(file, Object.values(definitions))), runtime: world.runtime, account: AccountConfig.parse({}) }));
  opened.push(flow);
  await flow.inject('order', { symbol: 'SBIN', action: 'BUY', wanted: 4 }, 's1');
  expect(await world.runtime.store.orders()).toMatchObject([{ quantity: 8, strategyId: 'demo', nodeKey: 'order' }]);
});
