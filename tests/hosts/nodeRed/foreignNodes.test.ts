import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { z } from 'zod';
import { createFlowState, readNodeRed, type FlowState } from '../../../runtime/hosts/replay';
import { valueOf } from '../../doubles/triggerWorld';
import { ROOT } from './host';

jest.setTimeout(60_000);

/** What nodes are given, one after the other. */
const MESSAGES: readonly Readonly<Record<string, unknown>>[] = [
  { topic: 'a', payload: { symbol: 'SBIN', price: 820.5, quantity: 10, side: 'BUY', flag: true, text: 'up, up', list: [1, 2, 3], nested: { a: { b: 5 } }, none: null }, key: 'price' },
  { topic: 'b', payload: { symbol: 'infy', price: 1_500, quantity: 0, side: 'sell', flag: false, text: '', list: [], nested: {}, none: null } },
  { topic: 'c', payload: { symbol: 'TCS', price: '3500', quantity: '7', side: 'BUY', flag: 'true', text: '5', list: ['a', 'B'], nested: { a: { b: -1 } }, none: null } },
  { topic: 'd', payload: 'just text' },
  { payload: 7 },
];

type Rule = Readonly<Record<string, unknown>>;
const choose = (property: string, rules: readonly Rule[], more: object = {}) => ({ type: 'switch', property, propertyType: 'msg', rules, checkall: 'true', repair: false, outputs: rules.length, ...more });
const change = (...rules: readonly Rule[]) => ({ type: 'change', rules });
const set = (p: string, to: unknown, tot = 'str', more: object = {}): Rule => ({ t: 'set', p, pt: 'msg', to, tot, ...more });
const replace = (p: string, from: string, to: string, more: object = {}): Rule => ({ t: 'change', p, pt: 'msg', from, fromt: 'str', to, tot: 'str', ...more });
const move = (p: string, to: string): Rule => ({ t: 'move', p, pt: 'msg', to, tot: 'msg' });

const OPERATORS = ['eq', 'neq', 'lt', 'lte', 'gt', 'gte'];
const CASES: readonly (readonly [string, object])[] = [
  ...OPERATORS.flatMap((t) => [
    [`switch ${t} number`, choose('payload.price', [{ t, v: '1500', vt: 'num' }])] as const, [`switch ${t} text`, choose('payload.symbol', [{ t, v: 'SBIN', vt: 'str' }])] as const,
    [`switch ${t} property`, choose('payload.quantity', [{ t, v: 'payload.price', vt: 'msg' }])] as const, [`switch ${t} previous`, choose('payload.price', [{ t, v: '', vt: 'prev' }])] as const,
    [`switch ${t} of an object`, choose('payload', [{ t, v: 'just text', vt: 'str' }])] as const,
  ]),
  ['switch between', choose('payload.price', [{ t: 'btwn', v: '2000', vt: 'num', v2: '1000', v2t: 'num' }])],
  ['switch contains', choose('payload.text', [{ t: 'cont', v: 'p', vt: 'str' }])], ['switch contains in a list', choose('payload.list', [{ t: 'cont', v: '2', vt: 'str' }])],
  ['switch pattern', choose('payload.symbol', [{ t: 'regex', v: '^i', vt: 'str', case: false }, { t: 'regex', v: '^s', vt: 'str', case: true }])],
  ['switch kinds', choose('payload.flag', [{ t: 'true' }, { t: 'false' }, { t: 'null' }, { t: 'nnull' }])],
  ['switch null', choose('payload.none', [{ t: 'null' }, { t: 'nnull' }])], ['switch below nothing', choose('payload.nested.a.b', [{ t: 'null' }, { t: 'gt', v: '0', vt: 'num' }])],
  ['switch empty', choose('payload.list', [{ t: 'empty' }, { t: 'nempty' }])], ['switch empty object', choose('payload.nested', [{ t: 'empty' }, { t: 'nempty' }])], ['switch empty text', choose('payload.text', [{ t: 'empty' }, { t: 'nempty' }])],
  ['switch type', choose('payload.price', [{ t: 'istype', v: 'string', vt: 'string' }, { t: 'istype', v: 'number', vt: 'number' }, { t: 'istype', v: 'undefined', vt: 'undefined' }])],
  ['switch type of all', choose('payload', [{ t: 'istype', v: 'object', vt: 'object' }, { t: 'istype', v: 'string', vt: 'string' }, { t: 'istype', v: 'number', vt: 'number' }])],
  ['switch type of a list', choose('payload.list', [{ t: 'istype', v: 'array', vt: 'array' }, { t: 'istype', v: 'object', vt: 'object' }])],
  ['switch has key', choose('payload.nested', [{ t: 'hask', v: 'a', vt: 'str' }])],
  ['switch first only', choose('payload.quantity', [{ t: 'gt', v: '5', vt: 'num' }, { t: 'gte', v: '0', vt: 'num' }, { t: 'else' }], { checkall: 'false' })],
  ['switch all and else', choose('payload.quantity', [{ t: 'gt', v: '5', vt: 'num' }, { t: 'gte', v: '0', vt: 'num' }, { t: 'else' }])],
  ['switch else in the middle', choose('payload.quantity', [{ t: 'gt', v: '5', vt: 'num' }, { t: 'else' }, { t: 'gte', v: '0', vt: 'num' }, { t: 'else' }])],
  ['switch without types', choose('payload.quantity', [{ t: 'eq', v: '7' }, { t: 'eq', v: 'x' }])],
  ['change set constants', change(set('payload.n', '5', 'num'), set('payload.b', 'true', 'bool'), set('payload.j', '{"a":[1]}', 'json'), set('payload.s', 'text'))],
  ['change set property', change(set('payload.copy', 'payload.price', 'msg'), set('topic', 'payload.symbol', 'msg'))],
  ['change set deep', change(set('payload.new.list[1].x', '1', 'num'), set('other["a b"]', 'x'))], ['change set below a text', change(set('payload.symbol.x', '1', 'num'))],
  ['change set missing', change(set('payload.price', 'payload.missing', 'msg'))], ['change set below nothing', change(set('payload.price', 'payload.nested.a.b', 'msg'))],
  ['change set shared', change(set('payload.other', 'payload.nested', 'msg'), set('payload.nested.a', '1', 'num'))], ['change set copied', change(set('payload.other', 'payload.nested', 'msg', { dc: true }), set('payload.nested.a', '1', 'num'))],
  ['change replace', change(replace('payload.text', 'up', 'down'))], ['change replace whole', change(replace('payload.text', '5', '6', { tot: 'num' }))], ['change replace pattern', change(replace('payload.symbol', '[A-Z]', 'x$&', { fromt: 're' }))],
  ['change replace number', change(replace('payload.quantity', '10', 'ten', { fromt: 'num' }))], ['change replace boolean', change(replace('payload.flag', 'true', 'yes', { fromt: 'bool' }))],
  ['change replace to boolean', change(replace('payload.side', 'BUY', 'true', { tot: 'bool' }))], ['change replace special', change(replace('payload.text', 'up,', 'a.b$'))],
  ['change delete', change({ t: 'delete', p: 'payload.nested.a', pt: 'msg' }, { t: 'delete', p: 'topic', pt: 'msg' }, { t: 'delete', p: 'payload.list[0]', pt: 'msg' })],
  ['change move', change(move('payload.price', 'payload.cost'), move('topic', 'payload.topic'))], ['change move up', change(move('payload.nested', 'payload'))], ['change move down', change(move('payload', 'payload.inner'))], ['change move missing', change(move('payload.missing', 'payload.price'))],
  ['change flow', change({ ...set('count', 'payload.quantity', 'msg'), pt: 'flow' }, set('payload.kept', 'count', 'flow'), { ...set('deep.a', '1', 'num'), pt: 'global' }, set('payload.deep', 'deep.a', 'global'))],
  ['change order', change(set('payload.a', '1', 'num'), set('payload.b', 'payload.a', 'msg'), { t: 'delete', p: 'payload.a', pt: 'msg' })],
  ['junction', { type: 'junction' }],
];

const nodes = CASES.map(([name, node], index) => ({ id: `case${index}`, name, ...node }));

/** By case and message, what left by each output. */
const Results = z.record(z.string(), z.array(z.array(z.array(z.record(z.string(), z.unknown())))));
type Results = z.infer<typeof Results>;

function realNodes(): Results {
  const ran = spawnSync(process.execPath, [path.join(__dirname, 'realNodes.mjs')], { cwd: ROOT, input: JSON.stringify({ nodes, messages: MESSAGES }), encoding: 'utf8', timeout: 50_000 });
  if (ran.status !== 0) throw new Error(`Node-RED ended with ${String(ran.status)}: ${ran.stderr}`);
  return Results.parse(JSON.parse(ran.stdout));
}

function ourReading(id: string, state: FlowState): Results[string] {
  const { nodes: read } = valueOf(readNodeRed(nodes.map((node) => ({ ...node, z: 'tab', wires: [] })), []));
  const node = read.get(id);
  if (node?.kind !== 'translated') throw new Error(`${id}: ${node?.kind === 'foreign' ? node.denial.message : 'ours'}`);
  return MESSAGES.map((message) => {
    const ended = node.run({ inputs: [[{ data: { _msgid: 'm', ...message }, trail: undefined }]] }, state);
    const emitted = ended.ok ? ended.value : [];
    const sent = Array.from({ length: 5 }, (_none, output) => emitted.filter(({ port }) => port === node.outputs[output]).map(({ carried: { data } }) => Object.fromEntries(Object.entries(data).filter(([name]) => name !== '_msgid'))));
    return Results.valueType.parse([JSON.parse(JSON.stringify(sent))])[0] ?? [];
  });
}

test('Node-RED\'s own Switch and Change send what our reading of them says, in every way that is translated', () => {
  const real = realNodes();
  // What one case keeps in the flow's context the next one finds, in both.
  const state = createFlowState();
  const wrong = nodes.flatMap(({ id, name }) => {
    const mine = ourReading(id, state);
    return JSON.stringify(mine) === JSON.stringify(real[id]) ? [] : [{ name, nodeRed: real[id], ours: mine }];
  });
  expect(Object.values(real).flat(3).length).toBeGreaterThan(CASES.length);
  expect(wrong).toEqual([]);
});
