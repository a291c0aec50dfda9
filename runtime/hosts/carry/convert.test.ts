import fc from 'fast-check';
import { z } from 'zod';
import * as definitions from '../../../nodes';
import { CREDENTIALS, ACCOUNT_CREDENTIALS } from '../n8n/description';
import type { Control } from '../controls';
import type { NodeDefinition } from '../definition';
import { nodeControls } from '../identity';
import { createFlowState, readFlow, type FlowDocument, type Host, type ReadFlow } from '../replay';
import { ACCOUNT_BROKERS, CHANNEL_CREDENTIAL } from './credentials';
import { rowsToTable } from './conditionTable';
import { PACKAGE } from './ownToN8n';
import { toN8nParameters, toRedValues } from './ownValues';
import { convertFlow, type Conversion } from '.';

const ALL: readonly NodeDefinition[] = Object.values(definitions);

function read(file: unknown): ReadFlow {
  const flow = readFlow(file, ALL);
  if (!flow.ok) throw new Error(`${flow.denial.message} ${JSON.stringify(file)}`);
  return flow.value;
}

function converted(flow: ReadFlow, to: Host): Conversion {
  const conversion = convertFlow(flow, to);
  if (!conversion.ok) throw new Error(conversion.denial.message);
  return conversion.value;
}

/** Values of a control's form that a person may have left, as n8n saves them flat. */
function valuesOf(control: Control): fc.Arbitrary<unknown> {
  const unset = control.required ? fc.constant('x') : fc.constant(undefined);
  switch (control.kind) {
    case 'number': return fc.oneof(unset, fc.double({ min: 0.01, max: 10_000, noNaN: true }));
    case 'integer': return fc.oneof(unset, fc.integer({ min: 1, max: 9_999 }));
    case 'toggle': return fc.boolean();
    case 'choice': return fc.oneof(unset, fc.constantFrom(...control.options.map(({ value }) => value)));
    case 'choices': return fc.subarray(control.options.map(({ value }) => value));
    case 'rows': return fc.array(recordOf(control.fields), { maxLength: 3 });
    case 'group': return recordOf(control.fields);
    case 'conditionRows': return TABLE;
    case 'text': case 'code': case 'secret': return fc.oneof(unset, fc.string({ minLength: 1, maxLength: 12 }).filter((text) => !text.startsWith('=')));
  }
}

const ROW = fc.record({ kind: fc.constant('row' as const), left: fc.constantFrom('ema(9)', 'close', '5'), operator: fc.constantFrom('>', '<', 'crosses above'), right: fc.constantFrom('ema(21)', '70') });
const TABLE = fc.record({ kind: fc.constant('group' as const), operator: fc.constantFrom('and', 'or'), rows: fc.tuple(fc.array(ROW, { maxLength: 2 }), fc.array(fc.record({ kind: fc.constant('group' as const), operator: fc.constantFrom('and', 'or'), not: fc.constant(true), rows: fc.array(ROW, { minLength: 1, maxLength: 2 }) }), { maxLength: 1 })).map(([rows, groups]) => [...rows, ...groups]) });

function recordOf(controls: readonly Control[]): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  return fc.record(Object.fromEntries(controls.map((control) => [control.name, valuesOf(control)])));
}

/** Without what is unset, and with the defaults of the form. */
function filled(controls: readonly Control[], values: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(controls.map((control): readonly [string, unknown] => {
    const value = values[control.name] ?? undefined;
    const isEmpty = value === undefined || value === '';
    if (control.kind === 'rows') return [control.name, Array.isArray(value) ? value.map((row: unknown) => filled(control.fields, z.record(z.string(), z.unknown()).parse(row))) : control.default ?? []];
    if (control.kind === 'group') return [control.name, filled(control.fields, z.record(z.string(), z.unknown()).parse(value ?? {}))];
    if (control.kind === 'conditionRows' && isEmpty) return [control.name, control.default];
    if (!isEmpty) return [control.name, (control.kind === 'number' || control.kind === 'integer') && typeof value === 'string' ? Number(value) : value];
    return [control.name, control.default ?? (control.kind === 'toggle' ? false : control.kind === 'choices' ? [] : undefined)];
  }));
}

describe.each(ALL.map((definition) => [definition.type, definition] as const))('%s', (type, definition) => {
  const controls = nodeControls(definition);

  test('keeps every parameter over n8n, Node-RED and n8n again', () => {
    fc.assert(fc.property(recordOf(controls), (values) => {
      const flat = { ...values, strategyId: 's', nodeKey: 'k' };
      const file = { id: 'w', name: 'w', nodes: [{ id: '1', name: 'N', type: `${PACKAGE}${type}`, typeVersion: 1, position: [0, 0], parameters: toN8nParameters(definition, flat) }], connections: {} };
      const there = converted(read(file), 'node-red');
      const back = converted(read(there.file), 'n8n');
      const [node] = read(back.file).document.nodes;
      if (node?.reading.kind !== 'ours') throw new Error('It came back as another node.');
      expect(filled(controls, node.reading.values)).toEqual(filled(controls, flat));
    }), { numRuns: 15 });
  });

  test('saves what its form in Node-RED saves: every field', () => {
    expect(Object.keys(toRedValues(controls, {}))).toEqual(controls.map(({ name }) => name));
  });
});

const OWN = { id: 'a', name: 'Alert', type: `${PACKAGE}alert`, typeVersion: 1, position: [480, 40], parameters: { message: 'hello', nodeKey: 'a', options: { strategyId: 's' } } };
const START = { id: 'm', name: 'Go', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, position: [0, 40], parameters: {} };
const wire = (...targets: readonly string[]) => targets.map((node) => ({ node, type: 'main', index: 0 }));

/** Go -> Mid -> Alert, by Mid's first output. */
function around(mid: Readonly<Record<string, unknown>>, more: Readonly<Record<string, unknown>> = {}): unknown {
  return { id: 'w', name: 'w', nodes: [START, { id: 'x', name: 'Mid', position: [240, 40], typeVersion: 1, parameters: {}, ...mid }, OWN], connections: { Go: { main: [wire('Mid')] }, Mid: { main: [wire('Alert')] } }, settings: { executionOrder: 'v1' }, ...more };
}

const conditions = (combinator: 'and' | 'or', ...all: readonly (readonly [string, string, string, unknown])[]) => ({
  options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 }, combinator,
  conditions: all.map(([left, type, operation, right], index) => ({ id: String(index), leftValue: `={{ $json.${left} }}`, rightValue: right, operator: { type, operation } })),
});

/** Which translated outputs an item leaves the flow's middle by, walked over graph edges to the alert. */
function arrives({ graph }: ReadFlow, item: Readonly<Record<string, unknown>>): boolean {
  const start = [...graph.nodes.values()].find((node) => node.kind === 'translated' && node.doing.kind === 'start');
  const state = createFlowState();
  const waiting = start === undefined ? [] : [{ id: start.id, data: graph.host === 'n8n' ? item : { payload: item } }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { id, data } = next;
    const node = graph.nodes.get(id);
    if (node?.kind === 'ours') return true;
    if (node?.kind !== 'translated') continue;
    const out = node.run({ inputs: [[{ data, trail: undefined }]] }, state);
    if (!out.ok) return false;
    for (const { port, carried } of out.value) for (const edge of graph.edges) if (edge.from === id && edge.port === port) waiting.push({ id: edge.to, data: { ...carried.data } });
  }
  return false;
}

const OFFSETS: readonly (readonly [string, number, string])[] = [
  ['close', 1, 'close[1]'], ['close[1]@1h', 2, 'close[3]@1h'], ['ema(9)', 3, 'ema(9)[3]'], ['close', 0, 'close'], ['close + 1', 1, '(close + 1)[1]'], ['70', 1, '(70)[1]'], ['close[400]', 400, '(close[400])[400]'],
];

test.each(OFFSETS)('a table\'s cell %s, %d candles back, is %s in n8n, whose form has no field for it', (cell, offset, text) => {
  const group = (row: object): object => ({ kind: 'group', operator: 'and', rows: [{ kind: 'row', operator: 'between', left: 'open', right: 'low', upper: 'high', ...row }] });
  const table = (row: object): unknown => z.object({ rows: z.unknown() }).parse(rowsToTable('rows', group(row))).rows;
  const whole = { left: 'open', operator: 'between', right: 'low', upper: 'high' };
  expect(table({ left: cell, leftOffset: offset })).toEqual({ condition: [{ ...whole, left: text }] });
  expect(table({ right: cell, rightOffset: offset })).toEqual({ condition: [{ ...whole, right: text }] });
  expect(table({ upper: cell, upperOffset: offset })).toEqual({ condition: [{ ...whole, upper: text }] });
});

test('a pattern that was so many candles ago keeps it', () => {
  expect(rowsToTable('rows', { kind: 'group', operator: 'and', rows: [{ kind: 'row', operator: 'is true', left: 'bullish engulfing', leftOffset: 2 }] })).toEqual({ rows: { condition: [{ left: 'bullish engulfing[2]', operator: 'is true' }] } });
});

test('pinned data and tags are in the report', () => {
  const { report } = converted(read(around({ type: 'n8n-nodes-base.noOp' }, { pinData: { Go: [{ json: {} }] }, tags: ['live', { id: '1', name: 'india' }] })), 'node-red');
  expect(report).toEqual(expect.arrayContaining([{ kind: 'lost', node: 'Go', text: expect.stringContaining('pinned data') as string }, { kind: 'lost', node: '', text: 'Tags are n8n\'s own: live, india.' }]));
});

const ITEMS = [{ a: 1, b: 'x' }, { a: 5, b: 'x' }, { a: 5, b: 'y' }, { a: 9, b: 'NIFTY fut' }, { a: 9, b: '' }];

const CHOICES: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ['If with one number', { type: 'n8n-nodes-base.if', typeVersion: 2.2, parameters: { conditions: conditions('and', ['a', 'number', 'gt', 3]), options: {} } }],
  ['If with all of two', { type: 'n8n-nodes-base.if', typeVersion: 2.2, parameters: { conditions: conditions('and', ['a', 'number', 'gte', 5], ['b', 'string', 'equals', 'x']), options: {} } }],
  ['If with any of two', { type: 'n8n-nodes-base.if', typeVersion: 2.2, parameters: { conditions: conditions('or', ['a', 'number', 'lt', 3], ['b', 'string', 'startsWith', 'NIFTY']), options: {} } }],
  ['Filter by what a text does not hold', { type: 'n8n-nodes-base.filter', typeVersion: 2.2, parameters: { conditions: conditions('and', ['b', 'string', 'notContains', 'y']), options: {} } }],
  ['Switch', { type: 'n8n-nodes-base.switch', typeVersion: 3.2, parameters: { rules: { values: [{ conditions: conditions('and', ['a', 'number', 'equals', 5]) }, { conditions: conditions('and', ['a', 'number', 'equals', 9]) }] }, options: {} } }],
];

test.each(CHOICES)('%s sends the same items on, there and back again', (_name, node) => {
  const first = read(around(node));
  const there = read(converted(first, 'node-red').file);
  const back = read(converted(there, 'n8n').file);
  const wanted = ITEMS.map((item) => arrives(first, item));
  expect(wanted).toContain(true);
  expect(wanted).toContain(false);
  expect(ITEMS.map((item) => arrives(there, item))).toEqual(wanted);
  expect(ITEMS.map((item) => arrives(back, item))).toEqual(wanted);
});

test('Edit Fields keeps or replaces the item, as it did', () => {
  const set = (includeOtherFields: boolean) => around({ type: 'n8n-nodes-base.set', typeVersion: 3.4, parameters: { assignments: { assignments: [{ id: '1', name: 'quantity', type: 'number', value: 5 }, { id: '2', name: 'was.b', type: 'string', value: '={{ $json.b }}' }] }, includeOtherFields, options: {} } });
  for (const keeps of [true, false]) {
    const there = read(converted(read(set(keeps)), 'node-red').file);
    const change = there.document.nodes.find(({ name }) => name === 'Mid')?.reading;
    if (change?.kind !== 'translated') throw new Error('Change is translated.');
    const out = change.run({ inputs: [[{ data: { payload: { a: 1, b: 'x' } }, trail: undefined }]] }, createFlowState());
    expect(out).toMatchObject({ ok: true, value: [{ carried: { data: { payload: keeps ? { a: 1, b: 'x', quantity: 5, was: { b: 'x' } } : { quantity: 5, was: { b: 'x' } } } } }] });
    expect(JSON.stringify(out)).not.toContain('before');
  }
});

test('what is not carried is in the report and in a note, and nothing behind it is reached', () => {
  const { file, report } = converted(read(around({ type: 'n8n-nodes-base.code', parameters: { jsCode: 'return items;' } })), 'node-red');
  expect(report).toEqual([expect.objectContaining({ kind: 'lost', node: 'Mid' })]);
  expect(JSON.stringify(file)).toContain('return items;');
  const { graph, document } = read(file);
  expect(arrives({ host: 'node-red', graph, document }, {})).toBe(false);
});

test('links are wires, Debug is left out, a note and a disabled node stay', () => {
  const red = [
    { id: 't', type: 'tab', label: 'Flow', disabled: false, info: 'About', env: [] },
    { id: 'c', type: 'comment', z: 't', name: 'Read me', info: 'Text', x: 100, y: 40, wires: [] },
    { id: 'i', type: 'inject', z: 't', name: 'Go', props: [{ p: 'payload' }], payload: '{"symbol":"SBIN"}', payloadType: 'json', repeat: '', crontab: '', once: false, x: 100, y: 100, wires: [['o', 'd']] },
    { id: 'o', type: 'link out', z: 't', name: '', mode: 'link', links: ['l'], x: 200, y: 100, wires: [] },
    { id: 'l', type: 'link in', z: 't', name: '', links: ['o'], x: 300, y: 100, wires: [['a']] },
    { id: 'd', type: 'debug', z: 't', name: 'Look', x: 300, y: 200, wires: [] },
    { id: 'a', type: 'bellwether-alert', z: 't', name: 'Tell', channel: '', message: 'hello', severity: 'auto', strategyId: 's', nodeKey: 'k', d: true, x: 400, y: 100, wires: [[]] },
  ];
  const { file, report } = converted(read(red), 'n8n');
  const { document } = read(file);
  expect(document.nodes.map(({ name, disabled }) => `${name}${disabled ? ' (off)' : ''}`)).toEqual(['Go', 'Item of Go', 'Tell (off)']);
  expect(document.wires.map(({ from, to }) => `${from} -> ${to}`)).toEqual(['Go -> Item of Go']);
  expect(document.notes.map(({ text }) => text)).toEqual(['## Read me\n\nText']);
  expect(document.info).toBe('About');
  expect(report).toEqual([expect.objectContaining({ kind: 'changed', node: 'Look' }), expect.objectContaining({ kind: 'changed', node: 'Tell' })]);
});

test('a deactivated node is passed by as n8n passes it, and ends the way as in Node-RED', () => {
  const first = read(around({ type: 'n8n-nodes-base.filter', typeVersion: 2.2, disabled: true, parameters: { conditions: conditions('and', ['a', 'number', 'gt', 3]), options: {} } }));
  const there = read(converted(first, 'node-red').file);
  const back = read(converted(there, 'n8n').file);
  expect([first, there, back].map((flow) => arrives(flow, { a: 1 }))).toEqual([true, true, true]);
  const red = read([
    { id: 'i', type: 'inject', z: 't', name: 'Go', props: [{ p: 'payload' }], payload: '{}', payloadType: 'json', repeat: '', crontab: '', once: false, x: 100, y: 100, wires: [['s']] },
    { id: 's', type: 'switch', z: 't', name: 'Off', property: 'payload.a', propertyType: 'msg', rules: [{ t: 'gt', v: '3', vt: 'num' }], checkall: 'true', repair: false, d: true, x: 200, y: 100, wires: [['a']] },
    { id: 'a', type: 'bellwether-alert', z: 't', name: 'Tell', channel: '', message: 'hello', severity: 'auto', strategyId: 's', nodeKey: 'k', x: 400, y: 100, wires: [[]] },
  ]);
  expect([red, read(converted(red, 'n8n').file)].map((flow) => arrives(flow, { a: 9 }))).toEqual([false, false]);
});

const ORDER = { id: 'x', name: 'Mid', type: `${PACKAGE}placeOrder`, position: [240, 40], typeVersion: 1 };

test('an expression of the item becomes a Change before the node; one that Node-RED can not say disables it', () => {
  const simple = converted(read(around({ ...ORDER, parameters: { symbol: '={{ $json.symbol }}', action: '={{ $json.side }}', nodeKey: 'o', options: { strategyId: 's' } } })), 'node-red');
  const { nodes, wires } = read(simple.file).document;
  expect(nodes.map(({ name }) => name)).toEqual(['Go', 'For Mid', 'Mid', 'Alert']);
  expect(wires).toHaveLength(3);
  expect(simple.report).toEqual([expect.objectContaining({ kind: 'changed' })]);
  const computed = converted(read(around({ ...ORDER, parameters: { symbol: '={{ $json.a + "X" }}', nodeKey: 'o', options: { strategyId: 's' } } })), 'node-red');
  expect(read(computed.file).document.nodes.find(({ name }) => name === 'Mid')?.disabled).toBe(true);
  expect(computed.report).toEqual([expect.objectContaining({ kind: 'lost', node: 'Mid' })]);
});

test('an output for errors ends, and the report says so; a node without a name gets its title', () => {
  const file = around({ ...ORDER, onError: 'continueErrorOutput', parameters: { nodeKey: 'o', options: { strategyId: 's' } } }, { connections: { Go: { main: [wire('Mid')] }, Mid: { main: [[], [], wire('Alert')] } } });
  expect(converted(read(file), 'node-red').report.map(({ text }) => text)).toEqual([expect.stringContaining('"On Error"'), expect.stringContaining('output 3 ends')]);
  const red = [{ id: 'a', type: 'bellwether-alert', z: 't', name: '', channel: '', message: 'hello', severity: 'auto', strategyId: 's', nodeKey: 'k', x: 400, y: 100, wires: [[]] }];
  expect(read(converted(read(red), 'n8n').file).document.nodes.map(({ name }) => name)).toEqual(['Alert']);
});

test('accounts and channels go by name, once each, and a person is told to fill them in', () => {
  const parameters = { broker: 'upstox', nodeKey: 'o', options: { strategyId: 's' } };
  const there = converted(read(around({ ...ORDER, parameters, credentials: { bellwetherUpstoxApi: { id: 'secret-id', name: 'My Upstox' } } })), 'node-red');
  expect(there.file).toEqual(expect.arrayContaining([expect.objectContaining({ type: 'bellwether-account', name: 'My Upstox', broker: 'upstox' })]));
  expect(JSON.stringify(there.file)).not.toContain('secret-id');
  expect(there.report).toEqual([expect.objectContaining({ kind: 'choose' })]);
  const [order] = read(converted(read(there.file), 'n8n').file).document.nodes.filter(({ name }) => name === 'Mid');
  expect(order?.saved['parameters']).toMatchObject({ broker: 'upstox' });
  expect(order?.credentials).toEqual({ bellwetherUpstoxApi: { name: 'My Upstox' } });
});

test('a trigger that is called from outside has another address: a person is told, either way', () => {
  const hook = { id: 'h', name: 'Hook', type: `${PACKAGE}tradingViewTrigger`, typeVersion: 2, position: [0, 0], parameters: { nodeKey: 'h', options: { strategyId: 's' } } };
  const there = converted(read({ id: 'w', name: 'w', nodes: [hook], connections: {} }), 'node-red');
  expect([there, converted(read(there.file), 'n8n')].map(({ report }) => report)).toEqual([[expect.objectContaining({ kind: 'choose', node: 'Hook' })], [expect.objectContaining({ kind: 'choose', node: 'Hook' })]]);
});

test('an identity that n8n had only by its own ids is written down, so that orders are recognised', () => {
  const [alert] = read(converted(read({ id: 'wf', name: 'w', nodes: [{ ...OWN, parameters: { message: 'hello' } }], connections: {} }), 'node-red').file).document.nodes;
  expect(alert?.saved).toMatchObject({ strategyId: 'wf', nodeKey: 'a' });
});

test('credential types are those of the nodes', () => {
  expect([...ACCOUNT_BROKERS].toSorted()).toEqual(Object.entries(ACCOUNT_CREDENTIALS).map(([broker, { name }]) => [name, broker]).toSorted());
  expect(CREDENTIALS.alertChannel.name).toBe(CHANNEL_CREDENTIAL);
});

test('a flow of the same editor is refused', () => {
  const flow: { readonly host: Host; readonly document: FlowDocument } = read(around({ type: 'n8n-nodes-base.noOp' }));
  expect(convertFlow(flow, 'n8n')).toMatchObject({ ok: false, denial: { code: 'INVALID_PARAMETER' } });
});
