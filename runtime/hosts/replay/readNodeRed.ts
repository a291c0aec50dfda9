import { z } from 'zod';
import { deny, ok, type Outcome } from '../../domain/denial';
import { nodeRedType } from '../nodeRed/nodeType';
import type { Definitions, FlowGraph, GraphEdge, OurNode } from './graph';

const SavedNode = z.looseObject({ id: z.string(), type: z.string(), name: z.string().optional(), z: z.string().optional(), d: z.boolean().optional(), disabled: z.boolean().optional(), wires: z.array(z.array(z.string())).optional() });
type SavedNode = z.infer<typeof SavedNode>;

const Flow = z.array(SavedNode);

/** Tabs, notes and manual starts decide nothing; configuration nodes have no wires. */
const IGNORED = new Set(['tab', 'comment', 'inject', 'debug', 'group']);

/** A flow file of Node-RED as a graph. Node-RED wires nodes by id, outputs by position. */
export function readNodeRed(file: unknown, definitions: Definitions): Outcome<FlowGraph> {
  const parsed = Flow.safeParse(file);
  if (!parsed.success) return deny('MALFORMED_BODY', `This is no Node-RED flow: ${parsed.error.issues[0]?.path.join('.') ?? ''} ${parsed.error.issues[0]?.message ?? ''}`);
  const isOff = offIn(parsed.data);
  const wired = parsed.data.filter((saved) => saved.wires !== undefined && !IGNORED.has(saved.type) && !isOff(saved));
  const nodes = new Map<string, OurNode>();
  for (const saved of wired) {
    const node = nodeOf(saved, definitions);
    if (!node.ok) return node;
    nodes.set(saved.id, node.value);
  }
  const silent = new Set(parsed.data.filter((saved) => IGNORED.has(saved.type) || isOff(saved)).map(({ id }) => id));
  const edges = wired.flatMap((saved) => edgesOf(saved, nodes, silent));
  const broken = edges.find((edge) => !edge.ok);
  if (broken?.ok === false) return broken;
  return ok({ host: 'node-red', order: 'inTurns', nodes, edges: edges.flatMap((edge) => (edge.ok ? edge.value : [])) });
}

/** A node that is disabled, itself or with its tab, is not there: wires into it end. */
function offIn(all: readonly SavedNode[]): (saved: SavedNode) => boolean {
  const offTabs = new Set(all.filter((saved) => saved.type === 'tab' && saved.disabled === true).map(({ id }) => id));
  return (saved) => saved.d === true || (saved.z !== undefined && offTabs.has(saved.z));
}

function edgesOf(saved: SavedNode, nodes: ReadonlyMap<string, OurNode>, silent: ReadonlySet<string>): readonly Outcome<readonly GraphEdge[]>[] {
  return (saved.wires ?? []).flatMap((targets, output) => targets.map((target) => edgeOf(saved, output, target, nodes, silent)));
}

function edgeOf(saved: SavedNode, output: number, target: string, nodes: ReadonlyMap<string, OurNode>, silent: ReadonlySet<string>): Outcome<readonly GraphEdge[]> {
  const port = nodes.get(saved.id)?.definition.outputs[output]?.port;
  if (port !== undefined && nodes.has(target)) return ok([{ from: saved.id, port, to: target, input: 0 }]);
  return silent.has(target) ? ok([]) : deny('INVALID_FIELD', `The wire from output ${output} of "${saved.name ?? saved.id}" to ${target} leads nowhere.`, { field: 'wires' });
}

function nodeOf(saved: SavedNode, definitions: Definitions): Outcome<OurNode> {
  const definition = definitions.find((candidate) => nodeRedType(candidate.type) === saved.type);
  const name = saved.name ?? saved.id;
  if (definition === undefined) return deny('NOT_SUPPORTED', `"${name}" (${saved.type}) can not be replayed yet.`, { field: name, remedy: 'Use nodes of Bellwether, or run the flow in Node-RED.' });
  return ok({ kind: 'ours', type: saved.type, onError: 'stop', once: false, id: saved.id, name, definition, values: saved, numbersAsText: true, fallback: { strategyId: saved.z ?? 'flow', nodeKey: saved.id } });
}
