import { z } from 'zod';
import { deny, ok, type Outcome } from '../../domain/denial';
import { readN8n, readNodeRed, type Definitions, type FlowGraph } from '../replay';

/** A flow of a file, ready to be walked. */
export interface FlowOfFile {
  readonly name: string;
  readonly graph: FlowGraph;
}

const N8n = z.looseObject({ name: z.string().optional(), nodes: z.array(z.unknown()), connections: z.record(z.string(), z.unknown()).optional() });
const NodeRed = z.array(z.looseObject({ id: z.string(), type: z.string(), z: z.string().optional(), label: z.string().optional(), name: z.string().optional(), disabled: z.boolean().optional() }));
/** Node-RED's admin API puts the nodes into an object. */
const Deployed = z.looseObject({ flows: NodeRed });

/**
 * The flow in a file of either editor. A file of Node-RED may hold several: `flow` names the one that is meant (a tab's label or id), without it they act together as they do
 * in the editor. Denies what is no flow at all, and what its reader refuses.
 */
export function flowOfFile(file: unknown, definitions: Definitions, flow?: string): Outcome<FlowOfFile> {
  const n8n = N8n.safeParse(file);
  if (n8n.success) {
    const graph = readN8n(file, definitions);
    return graph.ok ? ok({ name: n8n.data.name ?? 'workflow', graph: graph.value }) : graph;
  }
  const deployed = Deployed.safeParse(file);
  const nodeRed = NodeRed.safeParse(deployed.success ? deployed.data.flows : file);
  if (!nodeRed.success) return deny('MALFORMED_BODY', 'This is neither an n8n workflow nor a Node-RED flow.', { remedy: 'Export it from the editor: in n8n "Download", in Node-RED "Export" as JSON.' });
  return nodeRedFlow(nodeRed.data, definitions, flow);
}

function nodeRedFlow(nodes: z.infer<typeof NodeRed>, definitions: Definitions, flow: string | undefined): Outcome<FlowOfFile> {
  const tabs = nodes.filter(({ type }) => type === 'tab');
  const chosen = flow === undefined ? undefined : tabs.find(({ id, label }) => id === flow || label === flow);
  if (flow !== undefined && chosen === undefined) {
    return deny('NOT_FOUND', `There is no flow "${flow}" in the file.`, { field: 'flow', remedy: `It holds: ${tabs.map(({ id, label }) => label ?? id).join(', ')}.` });
  }
  const others = new Set(tabs.filter((tab) => chosen !== undefined && tab !== chosen).map(({ id }) => id));
  const graph = readNodeRed(nodes.filter(({ id, z: tab }) => !others.has(id) && !others.has(tab ?? '')), definitions);
  const [named] = chosen === undefined ? tabs.filter(({ disabled }) => disabled !== true) : [chosen];
  return graph.ok ? ok({ name: named?.label ?? named?.id ?? 'flow', graph: graph.value }) : graph;
}
