import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as definitions from '../../../nodes';
import { nodeControls } from '../identity';
import { readParameters } from '../parameters';
import { valueOf } from '../../../tests/doubles/triggerWorld';
import { ourNodes, whyForeign, type FlowGraph } from './graph';
import { readFlow, readFlows } from './readFlow';
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
    expect(read.ok && ourNodes(read.value).map(({ id }) => id)).toEqual(['Gate', 'Order', 'Alert']);
    expect(read.ok && read.value.edges).toEqual([
      { from: 'Start', port: 'main', to: 'Gate', input: 0 },
      { from: 'Gate', port: 'approved', to: 'Order', input: 0 }, { from: 'Gate', port: 'blocked', to: 'Alert', input: 0 }, { from: 'Order', port: 'placed', to: 'Alert', input: 0 }, { from: 'Order', port: 'rejected', to: 'Alert', input: 0 },
    ]);
    expect(read.ok && read.value.nodes.get('Order')).toMatchObject({ values: { mode: 'single', limitPrice: 5 }, numbersAsText: false, fallback: { strategyId: 'w1', nodeKey: 'id-Order' } });
  });

  test('an unconnected output may be null', () => {
    expect(n8n([n8nNode('Gate', 'riskGate'), n8nNode('Alert', 'alert')], { Gate: { main: [null, [wire('Alert')]] } })).toMatchObject({ ok: true, value: { edges: [{ port: 'blocked' }] } });
  });

  test.each<[string, object, RegExp]>([
    ['a foreign node', n8nNode('Sheet', 'n8n-nodes-base.googleSheets'), /"Sheet" \(n8n-nodes-base\.googleSheets\)/],
    ['a node that ours does not know', n8nNode('Magic', 'magicTrigger'), /"Magic"/],
    ['an old version of a node', n8nNode('If', 'n8n-nodes-base.if', { typeVersion: 1 }), /Version 1 of n8n-nodes-base\.if/],
    ['an expression that can not be replayed', n8nNode('Order', 'placeOrder', { parameters: { action: '={{ $now.hour > 12 ? "BUY" : "SELL" }}' } }), /"Order" .*action: Column 5: \$now/],
    ['a trigger with an expression', n8nNode('Trigger', 'marketTrigger', { parameters: { symbols: '={{ "SBIN" }}' } }), /"Trigger" .*An expression in a trigger/],
  ])('%s is in the graph as foreign, with its name', (_name, node, message) => {
    const read = n8n([node]);
    expect(read.ok && [...read.value.nodes.values()]).toMatchObject([{ kind: 'foreign', denial: { code: 'NOT_SUPPORTED', message: expect.stringMatching(message) as string, remedy: expect.any(String) as string } }]);
  });

  test('a foreign node makes a flow that can not be walked, unless nothing is wired to it', () => {
    const nodes = [n8nNode('Gate', 'riskGate'), n8nNode('Sheet', 'n8n-nodes-base.googleSheets')];
    expect(whyForeign(valueOf(n8n(nodes)))).toBeUndefined();
    expect(whyForeign(valueOf(n8n(nodes, { Gate: { main: [[wire('Sheet')]] } })))).toMatchObject({ code: 'NOT_SUPPORTED', field: 'Sheet' });
  });

  test('a deactivated node hands items on by its first output', () => {
    const read = valueOf(n8n([n8nNode('Gate', 'riskGate'), n8nNode('Order', 'placeOrder', { disabled: true }), n8nNode('Alert', 'alert'), n8nNode('Refused', 'alert')], { Gate: { main: [[wire('Order')]] }, Order: { main: [[wire('Alert')], [wire('Refused')]] } }));
    expect(read.nodes.get('Order')).toMatchObject({ kind: 'translated', doing: { kind: 'pass' } });
    expect(read.edges.map(({ from, to }) => `${from} ${to}`)).toEqual(['Gate Order', 'Order Alert']);
  });

  test.each<[string, () => ReturnType<typeof n8n>, string, RegExp]>([
    ['two nodes of one name', () => n8n([n8nNode('Gate', 'riskGate'), n8nNode('Gate', 'alert')]), 'INVALID_FIELD', /the name "Gate"/],
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
    expect(read.ok && ourNodes(read.value).map(({ id }) => id)).toEqual(['g1', 'o1', 'a1']);
    expect(read.ok && read.value.edges.filter(({ from, to }) => from !== 'i1' && to !== 'd1')).toEqual([{ from: 'g1', port: 'approved', to: 'o1', input: 0 }, { from: 'g1', port: 'blocked', to: 'a1', input: 0 }, { from: 'o1', port: 'placed', to: 'a1', input: 0 }]);
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
    ['a wire to nowhere', () => red([redNode('g1', 'bellwether-risk-gate', [['gone']])]), 'INVALID_FIELD', /output 0 of "Node g1" to gone/],
    ['a wire from an output that is not there', () => red([redNode('a1', 'bellwether-alert', [[], ['a1']])]), 'INVALID_FIELD', /output 1 of "Node a1"/],
    ['something else', () => readNodeRed({ nodes: [] }, ALL), 'MALFORMED_BODY', /no Node-RED flow/],
  ])('%s is refused by name', (_name, read, code, message) => {
    expect(read()).toMatchObject({ ok: false, denial: { code, message: expect.stringMatching(message) as string } });
  });

  test.each<[string, object, RegExp]>([
    ['a Function', redNode('f1', 'function'), /"Node f1" \(function\)/],
    ['a node that ours does not know', redNode('f1', 'bellwether-magic'), /"Node f1"/],
    ['an Inject that repeats', redNode('f1', 'inject', [], { repeat: '60' }), /repeats/],
    ['JSONata', redNode('f1', 'change', [], { rules: [{ t: 'set', p: 'payload', pt: 'msg', to: '$now()', tot: 'jsonata' }] }), /JSONata/],
    ['an environment variable of the machine', redNode('f1', 'bellwether-alert', [], { message: '${HOME}' }), /HOME/],
  ])('%s is in the graph as foreign, with its name', (_name, node, message) => {
    const read = red([node]);
    expect(read.ok && [...read.value.nodes.values()]).toMatchObject([{ kind: 'foreign', denial: { code: 'NOT_SUPPORTED', message: expect.stringMatching(message) as string, remedy: expect.any(String) as string } }]);
  });

  test('what a tab sets as its environment is known', () => {
    const read = valueOf(readNodeRed([{ id: 'tab1', type: 'tab', env: [{ name: 'SIZE', value: '5', type: 'num' }] }, redNode('o1', 'bellwether-place-order', [], { quantity: '${SIZE}' })], ALL));
    expect(ourNodes(read)[0]?.values['quantity']).toBe(5);
  });

  test('links and junctions are wires', () => {
    const read = valueOf(red([redNode('g1', 'bellwether-risk-gate', [['j1']]), redNode('j1', 'junction', [['l1']]), redNode('l1', 'link out', [], { links: ['l2'], mode: 'link' }), redNode('l2', 'link in', [['a1']], { links: ['l1'] }), redNode('a1', 'bellwether-alert')]));
    expect(read.edges.map(({ from, to }) => `${from} ${to}`)).toEqual(['g1 j1', 'j1 l1', 'l1 l2', 'l2 a1']);
  });
});

describe('a file', () => {
  const tab = (id: string, label = id) => ({ id, type: 'tab', label });
  const inTab = (z: string, id: string, more: object = {}) => ({ id, type: 'bellwether-alert', z, wires: [[]], ...more });

  test('is known by what it holds', () => {
    expect(valueOf(readFlow({ name: 'One', nodes: [n8nNode('Alert', 'alert')], connections: {} }, ALL))).toMatchObject({ host: 'n8n', document: { name: 'One' } });
    expect(valueOf(readFlow([tab('t1', 'Two'), inTab('t1', 'a')], ALL))).toMatchObject({ host: 'node-red', document: { name: 'Two', id: 't1' } });
    expect(valueOf(readFlow({ rev: 'x', flows: [tab('t1', 'Two'), inTab('t1', 'a')] }, ALL))).toMatchObject({ host: 'node-red' });
    expect(readFlow({ some: 'thing' }, ALL)).toMatchObject({ ok: false, denial: { code: 'MALFORMED_BODY' } });
  });

  test('with several flows asks which one is meant', () => {
    const file = [tab('t1', 'One'), tab('t2', 'Two'), inTab('t1', 'a'), inTab('t2', 'b')];
    expect(readFlow(file, ALL)).toMatchObject({ ok: false, denial: { message: 'This file holds several flows: "One", "Two".' } });
    expect(valueOf(readFlow(file, ALL, 'Two')).document.nodes.map(({ id }) => id)).toEqual(['b']);
    expect(readFlow(file, ALL, 'Three')).toMatchObject({ ok: false, denial: { code: 'NOT_FOUND' } });
    const workflows = ['A', 'B'].map((name) => ({ name, nodes: [n8nNode('Alert', 'alert')], connections: {} }));
    expect(valueOf(readFlow(workflows, ALL, 'B')).document.name).toBe('B');
  });

  test('has tabs that links join as one flow', () => {
    const flows = valueOf(readFlows([tab('t1'), tab('t2'), tab('t3'), inTab('t1', 'l', { type: 'link out', links: ['m'] }), inTab('t2', 'm', { type: 'link in' }), inTab('t3', 'c')], ALL));
    expect(flows.map(({ document }) => document.nodes.map(({ id }) => id))).toEqual([['l', 'm'], ['c']]);
  });

  test('is kept whole beside the graph', () => {
    const { document } = valueOf(readFlow([
      tab('t1', 'One'), inTab('t1', 'a', { d: true, account: 'c1', info: 'why', g: 'g1', x: 5, y: 6 }), { id: 'n1', type: 'comment', z: 't1', name: 'Read me', info: 'text', wires: [] },
      { id: 'g1', type: 'group', z: 't1', name: 'Pair', nodes: ['a'] }, { id: 'c1', type: 'bellwether-account', name: 'Paper' }, { id: 'c2', type: 'bellwether-account' },
    ], ALL));
    expect(document).toMatchObject({
      nodes: [{ id: 'a', disabled: true, notes: 'why', at: { x: 5, y: 6 }, credentials: { account: { id: 'c1', name: 'Paper' } }, reading: { kind: 'ours' } }],
      notes: [{ title: 'Read me', text: 'text' }], groups: [{ name: 'Pair', members: ['a'] }], configurations: [{ id: 'c1' }],
    });
    expect(document.configurations).toHaveLength(1);
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
