import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import * as nodes from '../../../nodes';
import { readParameters } from '../parameters';
import { propertyDefaults } from './defaults';
import { nodeForm } from './form';
import { nodeRedType } from './nodeType';

const FlowFile = z.array(z.looseObject({ id: z.string(), type: z.string(), wires: z.array(z.array(z.string())).default([]) }));
const folder = path.resolve(__dirname, '../../../flows/node-red');
const files = readdirSync(folder).map((file) => ({ file, flow: FlowFile.parse(JSON.parse(readFileSync(path.join(folder, file), 'utf8'))) }));
const definitions = new Map(Object.values(nodes).map((definition) => [nodeRedType(definition.type), definition]));
const cases = files.map(({ file, flow }) => [file, flow] as const);
/** What Node-RED itself saves with a node. */
const POSITION = new Set(['id', 'type', 'z', 'x', 'y', 'wires']);
const CORE = new Set(['tab', 'comment', 'inject']);

test.each(cases)('%s holds core nodes and ours, wired within the flow, with a note', (_file, flow) => {
  const ids = new Set(flow.map(({ id }) => id));
  expect(flow.filter(({ type }) => !CORE.has(type) && !definitions.has(type))).toEqual([]);
  expect(flow.flatMap(({ wires }) => wires.flat()).filter((id) => !ids.has(id))).toEqual([]);
  expect(flow.filter(({ type }) => type === 'comment')).toHaveLength(1);
});

test.each(cases)('nodes of %s are saved as their forms save them, and their values are good', (_file, flow) => {
  for (const node of flow) {
    const definition = definitions.get(node.type);
    if (definition === undefined) continue;
    const saved = Object.keys(node).filter((name) => !POSITION.has(name));
    expect(saved.sort()).toEqual(Object.keys(propertyDefaults(nodeForm(definition))).sort());
    expect(node.wires).toHaveLength(definition.outputs.length);
    expect(readParameters(definition.params, node, { numbersAsText: true })).toMatchObject({ ok: true });
  }
});

test('addresses are left to the importer, keys are not', () => {
  const ours = files.flatMap(({ flow }) => flow).filter(({ type }) => definitions.has(type));
  expect(ours.filter((node) => 'token' in node && node['token'] !== '')).toEqual([]);
  const keys = ours.map((node) => String(node['nodeKey']));
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys).toEqual(expect.arrayContaining(['tv-trigger', 'tv-gate', 'tv-order', 'tv-alert', 'tv-refused', 'ci-trigger', 'ci-gate', 'ci-order', 'ci-alert', 'ci-refused', 'kill-switch', 'kill-close', 'kill-alert']));
});

test('every node is used in an example, and no two examples share an id', () => {
  const all = files.flatMap(({ flow }) => flow);
  expect([...definitions.keys()].filter((type) => !all.some((node) => node.type === type))).toEqual([]);
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
});
