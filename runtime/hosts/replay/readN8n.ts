import { z } from 'zod';
import { deny, ok, type Denial, type Outcome } from '../../domain/denial';
import { flatten } from '../n8n/sections';
import { nodeControls } from '../identity';
import type { Definitions, FlowGraph, GraphEdge, OurNode } from './graph';

const Wire = z.object({ node: z.string(), index: z.number().int().default(0) });

const Workflow = z.object({
  id: z.string().optional(),
  name: z.string().default('workflow'),
  nodes: z.array(z.object({ id: z.string().optional(), name: z.string(), type: z.string(), disabled: z.boolean().optional(), parameters: z.record(z.string(), z.unknown()).default({}) })),
  connections: z.record(z.string(), z.object({ main: z.array(z.array(Wire).nullable()).default([]) })).default({}),
});
type SavedNode = z.infer<typeof Workflow>['nodes'][number];

const PACKAGE = '@bellwether/n8n-nodes-trading.';
/** Canvas notes and manual starts decide nothing. */
const IGNORED = new Set(['n8n-nodes-base.stickyNote', 'n8n-nodes-base.manualTrigger']);

/** A workflow file of n8n as a graph. n8n wires nodes by name and outputs by number. */
export function readN8n(file: unknown, definitions: Definitions): Outcome<FlowGraph> {
  const parsed = Workflow.safeParse(file);
  if (!parsed.success) return deny('MALFORMED_BODY', `This is no n8n workflow: ${parsed.error.issues[0]?.path.join('.') ?? ''} ${parsed.error.issues[0]?.message ?? ''}`);
  const workflow = parsed.data;
  const nodes = new Map<string, OurNode>();
  for (const saved of workflow.nodes) {
    if (IGNORED.has(saved.type)) continue;
    if (saved.disabled === true) return deny('NOT_SUPPORTED', `"${saved.name}" is deactivated: n8n would hand items past it, which can not be replayed yet.`, { field: saved.name, remedy: 'Activate the node, or delete it from the workflow.' });
    const node = nodeOf(saved, workflow.id ?? workflow.name, definitions);
    if (!node.ok) return node;
    nodes.set(saved.name, node.value);
  }
  const edges: GraphEdge[] = [];
  for (const [from, { main }] of Object.entries(workflow.connections)) {
    const source = nodes.get(from);
    if (source === undefined) continue;
    const wires = main.flatMap((targets, output) => (targets ?? []).map((target) => ({ output, target: target.node })));
    for (const { output, target } of wires) {
      const port = source.definition.outputs[output]?.port;
      if (port === undefined || !nodes.has(target)) return { ok: false, denial: brokenWire(from, output, target) };
      edges.push({ from, port, to: target, input: 0 });
    }
  }
  return ok({ host: 'n8n', order: 'inTurns', nodes, edges });
}

function nodeOf(saved: SavedNode, workflowId: string, definitions: Definitions): Outcome<OurNode> {
  const definition = definitions.find((candidate) => `${PACKAGE}${candidate.type}` === saved.type);
  if (definition === undefined) return deny('NOT_SUPPORTED', `"${saved.name}" (${saved.type}) can not be replayed yet.`, { field: saved.name, remedy: 'Use nodes of Bellwether, or run the flow in n8n.' });
  const values = flatten(nodeControls(definition), (name) => saved.parameters[name] ?? null);
  return ok({ kind: 'ours', type: saved.type, onError: 'stop', once: false, id: saved.name, name: saved.name, definition, values, numbersAsText: false, fallback: { strategyId: workflowId, nodeKey: saved.id ?? saved.name } });
}

function brokenWire(from: string, output: number, target: string): Denial {
  return { code: 'INVALID_FIELD', message: `The wire from output ${output} of "${from}" to "${target}" leads nowhere.`, field: 'connections' };
}
