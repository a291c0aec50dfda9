import { z } from 'zod';
import { deny, ok, type Outcome } from '../../domain/denial';
import { nodeRedType } from '../nodeRed/nodeType';
import type { Definitions, FlowGraph, GraphEdge, GraphNode } from './graph';

const SavedNode = z.looseObject({ id: z.string(), type: z.string(), name: z.string().optional(), z: z.string().optional(), d: z.boolean().optional(), wires: z.array(z.array(z.string())).optional() });
type SavedNode = z.infer<typeof SavedNode>;

const Flow = z.array(SavedNode);

/** Tabs, notes and manual starts decide nothing; configuration nodes have no wires. */
const IGNORED = new Set(['tab', 'comment', 'inject', 'debug', 'group']);

/** A flow file of Node-RED as a graph. Node-RED wires nodes by id, outputs by position. */
export function readNodeRed(file: unknown, definitions: Definitions): Outcome<FlowGraph> {
  const parsed = Flow.safeParse(file);
  if (!parsed.success) return deny('MALFORMED_BODY', `This is no Node-RED flow: ${parsed.error.issues[0]?.path.join('.') ?? ''} ${parsed.error.issues[0]?.message ?? ''}`);
  const wired = parsed.data.filter((saved) => saved.wires !== undefined && !IGNORED.has(saved.type));
  const nodes = new Map<string, GraphNode>();
  for (const saved of wired) {
    const node = nodeOf(saved, definitions);
    if (!node.ok) return node;
    nodes.set(saved.id, node.value);
  }
  const edges = wired.flatMap((saved) => edgesOf(saved, nodes, parsed.data));
  const broken = edges.find((edge) => !edge.ok);
  if (broken?.ok === false) return broken;
  return ok({ nodes, edges: edges.flatMap((edge) => (edge.ok ? edge.value : [])) });
}

function edgesOf(saved: SavedNode, nodes: ReadonlyMap<string, GraphNode>, all: readonly SavedNode[]): readonly Outcome<readonly GraphEdge[]>[] {
  return (saved.wires ?? []).flatMap((targets, output) => targets.map((target) => edgeOf(saved, output, target, nodes, all)));
}

function edgeOf(saved: SavedNode, output: number, target: string, nodes: ReadonlyMap<string, GraphNode>, all: readonly SavedNode[]): Outcome<readonly GraphEdge[]> {
  const port = nodes.get(saved.id)?.definition.outputs[output]?.port;
  if (port !== undefined && nodes.has(target)) return ok([{ from: saved.id, port, to: target }]);
  const ignored = all.some((other) => other.id === target && IGNORED.has(other.type));
  return ignored ? ok([]) : deny('INVALID_FIELD', `The wire from output ${output} of "${saved.name ?? saved.id}" to ${target} leads nowhere.`, { field: 'wires' });
}

function nodeOf(saved: SavedNode, definitions: Definitions): Outcome<GraphNode> {
  const definition = definitions.find((candidate) => nodeRedType(candidate.type) === saved.type);
  const name = saved.name ?? saved.id;
  if (definition === undefined) return deny('NOT_SUPPORTED', `"${name}" (${saved.type}) can not be replayed yet.`, { field: name, remedy: 'Use nodes of Bellwether, or run the flow in Node-RED.' });
  return ok({ id: saved.id, name, definition, values: saved, numbersAsText: true, fallback: { strategyId: saved.z ?? 'flow', nodeKey: saved.id } });
}
