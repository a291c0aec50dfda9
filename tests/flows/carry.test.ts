import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as definitions from '../../nodes';
import { convertFlow } from '../../runtime/hosts/carry';
import { nodeControls } from '../../runtime/hosts/identity';
import { readParameters } from '../../runtime/hosts/parameters';
import { readFlow, type FlowDocument, type GraphNode, type Host } from '../../runtime/hosts/replay';
import { valueOf } from '../doubles/shippedFlow';

const folder = path.resolve(__dirname, '../../flows');
const names = readdirSync(path.join(folder, 'n8n')).map((file) => file.replace('.json', ''));

function documentOf(host: Host, name: string): FlowDocument {
  const file: unknown = JSON.parse(readFileSync(path.join(folder, host, `${name}.json`), 'utf8'));
  return valueOf(readFlow(file, Object.values(definitions))).document;
}

function carried(document: FlowDocument, to: Host): FlowDocument {
  const { file } = valueOf(convertFlow({ host: document.host, document }, to));
  return valueOf(readFlow(file, Object.values(definitions))).document;
}

/** What a node does, in the words of neither editor. */
function meaningOf(node: GraphNode): unknown {
  if (node.kind === 'translated') return node.doing;
  if (node.kind === 'foreign') return node.type;
  const { definition, values, numbersAsText } = node;
  const read = readParameters(definition.params, values, { numbersAsText });
  const { strategyId, nodeKey } = values;
  return { type: definition.type, params: read.ok ? read.value : read.denial, strategyId, nodeKey, controls: nodeControls(definition).length };
}

/** A flow without ids, places and notes. */
function essence({ name, nodes, wires }: FlowDocument): unknown {
  const nameOf = new Map(nodes.map((node) => [node.id, node.name]));
  return {
    name,
    nodes: Object.fromEntries<unknown>(nodes.filter(({ reading }) => !(reading.kind === 'translated' && reading.doing.kind === 'start')).map((node): [string, unknown] => [node.name, meaningOf(node.reading)]).toSorted()),
    wires: wires.map(({ from, output, to, input }) => `${nameOf.get(from) ?? from}.${output} -> ${nameOf.get(to) ?? to}.${input}`).toSorted(),
  };
}

/** Nodes that one editor has no place for, by flow. */
const BESIDE: Readonly<Record<string, { readonly nodes: readonly string[]; readonly why: string }>> = {
  'Kill switch and close all': { nodes: ['Re-arm'], why: 'A workflow of n8n has one start by hand. There "bellwether rearm" or a workflow of its own arms again.' },
};

function without(document: FlowDocument, left: readonly string[]): FlowDocument {
  const nodes = document.nodes.filter(({ name }) => !left.some((each) => name.startsWith(each)));
  const ids = new Set(nodes.map(({ id }) => id));
  return { ...document, nodes, wires: document.wires.filter(({ from, to }) => ids.has(from) && ids.has(to)) };
}

test.each(names)('%s: either file is the other one, converted', (name) => {
  const left = BESIDE[name]?.nodes ?? [];
  const [n8n, nodeRed] = [without(documentOf('n8n', name), left), without(documentOf('node-red', name), left)];
  expect(essence(carried(n8n, 'node-red'))).toEqual(essence(nodeRed));
  expect(essence(carried(nodeRed, 'n8n'))).toEqual(essence(n8n));
});
