import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as definitions from '../../../nodes';
import { nodeControls } from '../identity';
import { readParameters } from '../parameters';
import { ourNodes, type FlowGraph } from './graph';
import { readN8n } from './readN8n';
import { readNodeRed } from './readNodeRed';

const ALL = Object.values(definitions);
const N8N = '@bellwether/n8n-nodes-trading.';

const n8nNode = (name: string, type: string, more: object = {}) => ({ id: `id-${name}`, name, type: type.includes('.') ? type : `${N8N}${type}`, parameters: {}, ...more });
const n8n = (nodes: readonly object[], connections: object = {}) => readN8n({ id: 'w1', name: 'Flow', nodes, connections }, ALL);
const wire = (node: string) => ({ node, type: 'main', index: 0 });

const redNode = (id: string, type: string, wires: readonly (readonly string[])[] = [], more: object = {}) => ({ id, type, z: 'tab1', name: `Node ${id}`, wires, ...more });
const red = (nodes: readonly object[]) => readNodeRed([{ id: 'tab1', type: 'tab', label: 'Flow' }, ...nodes], ALL);

describe('an n8n workflow', () => {
  test('becomes nodes by name and wires by port', () => {
    const read = n8n(
      [n8nNode('Start', 'n8n-nodes-base.manualTrigger'), n8nNode('Note', 'n8n-nodes-base.stickyNote'), n8nNode('Gate', 'riskGate'), n8nNode('Order', 'placeOrder', { parameters: { mode: 'single', prices: { limitPrice: 5 } } }), n8nNode('Alert', 'alert')],
      { Start: { main: [[wire('Gate')]] }, Gate: { main: [[wire('Order')], [wire('Alert')]] }, Order: { main: [[wire('Alert')], [wire('Alert')]] } },
    );
    expect(read.ok && [...read.value.nodes.keys()]).toEqual(['Gate', 'Order', 'Alert']);
    expect(read.ok && read.value.edges).toEqual([
      { from: 'Gate', port: 'approved', to: 'Order', input: 0 }, { from: 'Gate', port: 'blocked', to: 'Alert', input: 0 }, { from: 'Order', port: 'placed', to: 'Alert', input: 0 }, { from: 'Order', port: 'rejected', to: 'Alert', input: 0 },
    ]);
    expect(read.ok && read.value.nodes.get('Order')).toMatchObject({ values: { mode: 'single', limitPrice: 5 }, numbersAsText: false, fallback: { strategyId: 'w1', nodeKey: 'id-Order' } });
  });

  test('an unconnected output may be null', () => {
    expect(n8n([n8nNode('Gate', 'riskGate'), n8nNode('Alert', 'alert')], { Gate: { main: [null, [wire('Alert')]] } })).toMatchObject({ ok: true, value: { edges: [{ port: 'blocked' }] } });
  });

  test.each<[string, () => ReturnType<typeof n8n>, string, RegExp]>([
    ['a foreign node', () => n8n([n8nNode('Sheet', 'n8n-nodes-base.googleSheets')]), 'NOT_SUPPORTED', /"Sheet" \(n8n-nodes-base\.googleSheets\)/],
    ['a node that ours does not know', () => n8n([n8nNode('Magic', 'magicTrigger')]), 'NOT_SUPPORTED', /"Magic"/],
    ['a deactivated node', () => n8n([n8nNode('Order', 'placeOrder', { disabled: true })]), 'NOT_SUPPORTED', /"Order" is deactivated/],
    ['a wire to nowhere', () => n8n([n8nNode('Gate', 'riskGate')], { Gate: { main: [[wire('Gone')]] } }), 'INVALID_FIELD', /output 0 of "Gate" to "Gone"/],
    ['a wire from an output that is not there', () => n8n([n8nNode('Gate', 'riskGate'), n8nNode('Alert', 'alert')], { Alert: { main: [[], [wire('Gate')]] } }), 'INVALID_FIELD', /output 1 of "Alert"/],
    ['something else', () => readN8n({ flows: [] }, ALL), 'MALFORMED_BODY', /no n8n workflow/],
    ['nothing', () => readN8n(null, ALL), 'MALFORMED_BODY', /no n8n workflow/],
  ])('%s is refused by name', (_name, read, code, message) => {
    expect(read()).toMatchObject({ ok: false, denial: { code, message: expect.stringMatching(message) as string } });
  });
});

describe('a Node-RED flow', () => {
  test('becomes nodes by id and wires by port; notes, manual starts and configuration decide nothing', () => {
    const read = red([
      { id: 'c1', type: 'bellwether-account', name: 'Paper' }, redNode('i1', 'inject', [['g1']]), redNode('n1', 'comment'),
      redNode('g1', 'bellwether-risk-gate', [['o1'], ['a1', 'd1']]), redNode('o1', 'bellwether-place-order', [['a1'], []], { quantity: '5' }), redNode('a1', 'bellwether-alert', [['d1']]), redNode('d1', 'debug'),
    ]);
    expect(read.ok && [...read.value.nodes.keys()]).toEqual(['g1', 'o1', 'a1']);
    expect(read.ok && read.value.edges).toEqual([{ from: 'g1', port: 'approved', to: 'o1', input: 0 }, { from: 'g1', port: 'blocked', to: 'a1', input: 0 }, { from: 'o1', port: 'placed', to: 'a1', input: 0 }]);
    expect(read.ok && read.value.nodes.get('o1')).toMatchObject({ values: { quantity: '5' }, numbersAsText: true, fallback: { strategyId: 'tab1', nodeKey: 'o1' } });
  });

  test('a disabled node is not there: wires into it end', () => {
    const read = red([redNode('g1', 'bellwether-risk-gate', [['o1']]), redNode('o1', 'bellwether-place-order', [['x1']], { d: true }), redNode('x1', 'function', [], { d: true })]);
    expect(read).toMatchObject({ ok: true, value: { edges: [] } });
    expect(read.ok && [...read.value.nodes.keys()]).toEqual(['g1']);
  });

  test('a disabled tab is not there either', () => {
    const read = readNodeRed([{ id: 'tab1', type: 'tab', disabled: true }, redNode('x1', 'function'), { id: 'tab2', type: 'tab' }, redNode('g1', 'bellwether-risk-gate', [], { z: 'tab2' })], ALL);
    expect(read.ok && [...read.value.nodes.keys()]).toEqual(['g1']);
  });

  test.each<[string, () => ReturnType<typeof red>, string, RegExp]>([
    ['a foreign node', () => red([redNode('f1', 'function')]), 'NOT_SUPPORTED', /"Node f1" \(function\)/],
    ['a node that ours does not know', () => red([redNode('f1', 'bellwether-magic')]), 'NOT_SUPPORTED', /"Node f1"/],
    ['a wire to nowhere', () => red([redNode('g1', 'bellwether-risk-gate', [['gone']])]), 'INVALID_FIELD', /output 0 of "Node g1" to gone/],
    ['a wire from an output that is not there', () => red([redNode('a1', 'bellwether-alert', [[], ['a1']])]), 'INVALID_FIELD', /output 1 of "Node a1"/],
    ['something else', () => readNodeRed({ nodes: [] }, ALL), 'MALFORMED_BODY', /no Node-RED flow/],
  ])('%s is refused by name', (_name, read, code, message) => {
    expect(read()).toMatchObject({ ok: false, denial: { code, message: expect.stringMatching(message) as string } });
  });
});

describe('the flows that are shipped', () => {
  const FLOWS = path.resolve(__dirname, '../../../flows');
  const names = readdirSync(path.join(FLOWS, 'n8n')).filter((name) => name.endsWith('.json'));

  function graphOf(host: 'n8n' | 'node-red', name: string): FlowGraph {
    const file: unknown = JSON.parse(readFileSync(path.join(FLOWS, host, name), 'utf8'));
    const read = host === 'n8n' ? readN8n(file, ALL) : readNodeRed(file, ALL);
    if (!read.ok) throw new Error(read.denial.message);
    return read.value;
  }

  /** What decides, by node key: type, parsed parameters, and the wires. */
  function meaningOf({ nodes, edges }: FlowGraph): object {
    const keys = new Map<string, string>();
    const described = ourNodes({ nodes }).map((node) => {
      const nodeKey = typeof node.values['nodeKey'] === 'string' ? node.values['nodeKey'] : node.id;
      keys.set(node.id, nodeKey);
      const params = readParameters(node.definition.params, node.values, node);
      return [nodeKey, { type: node.definition.type, strategyId: node.values['strategyId'], params: params.ok ? params.value : params.denial.message }] as const;
    });
    return { nodes: Object.fromEntries(described), wires: edges.map(({ from, port, to }) => `${keys.get(from) ?? from} ${port} ${keys.get(to) ?? to}`).sort() };
  }

  test.each(['TradingView alert to order.json', 'ChartInk basket.json'])('%s means the same in both editors', (name) => {
    expect(meaningOf(graphOf('node-red', name))).toEqual(meaningOf(graphOf('n8n', name)));
  });

  test.each(names)('%s has parameters that every node of it can read, in both editors', (name) => {
    const nodes = (['n8n', 'node-red'] as const).flatMap((host) => ourNodes(graphOf(host, name)));
    expect(nodes.map((node) => readParameters(node.definition.params, node.values, node)).filter(({ ok }) => !ok)).toEqual([]);
  });

  test.each(names)('%s saves no value that its node does not know', (name) => {
    for (const node of ourNodes(graphOf('n8n', name))) {
      const known = nodeControls(node.definition).map((control) => control.name);
      expect(Object.keys(node.values).filter((key) => !known.includes(key))).toEqual([]);
    }
  });
});
