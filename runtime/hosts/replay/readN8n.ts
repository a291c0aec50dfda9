import { z } from 'zod';
import { deny, ok, type Denial, type Outcome } from '../../domain/denial';
import type { DocumentNode, DocumentNote, DocumentWire, FlowDocument, ReadFlow } from './document';
import { PASS } from './foreign/n8n';
import type { Definitions, FlowGraph, GraphEdge, GraphNode } from './graph';
import { readN8nNode, type SavedNode } from './readN8nNode';

const Wire = z.object({ node: z.string(), index: z.number().int().default(0) });
const Point = z.tuple([z.number(), z.number()]);

const Node = z.looseObject({
  id: z.string().optional(), name: z.string(), type: z.string(), typeVersion: z.number().default(1), position: Point.default([0, 0]), disabled: z.boolean().optional(),
  notes: z.string().optional(), parameters: z.record(z.string(), z.unknown()).default({}),
  credentials: z.record(z.string(), z.object({ id: z.string().nullish(), name: z.string().optional() })).optional(),
  onError: z.string().optional(), continueOnFail: z.boolean().optional(), executeOnce: z.boolean().optional(), alwaysOutputData: z.boolean().optional(), retryOnFail: z.boolean().optional(),
});

const Workflow = z.looseObject({
  id: z.string().optional(),
  name: z.string().default('workflow'),
  description: z.string().nullish(),
  nodes: z.array(Node),
  connections: z.record(z.string(), z.object({ main: z.array(z.array(Wire).nullable()).default([]) })).default({}),
  settings: z.looseObject({ executionOrder: z.string().optional() }).default({}),
  // They decide nothing: what is odd about them is no fault of the flow.
  pinData: z.record(z.string(), z.unknown()).nullish().catch({}),
  tags: z.array(z.union([z.string(), z.looseObject({ name: z.string() }).transform(({ name }) => name)])).nullish().catch([]),
});
type Workflow = z.infer<typeof Workflow>;

const NOTE = 'n8n-nodes-base.stickyNote';

/** A workflow file of n8n as a graph. n8n wires nodes by name and outputs by number. */
export function readN8n(file: unknown, definitions: Definitions): Outcome<FlowGraph> {
  const read = readN8nFlow(file, definitions);
  return read.ok ? ok(read.value.graph) : read;
}

/** The same, with all that the file holds. */
export function readN8nFlow(file: unknown, definitions: Definitions): Outcome<ReadFlow> {
  const parsed = Workflow.safeParse(file);
  if (!parsed.success) return deny('MALFORMED_BODY', `This is no n8n workflow: ${parsed.error.issues[0]?.path.join('.') ?? ''} ${parsed.error.issues[0]?.message ?? ''}`);
  const workflow = parsed.data;
  const document = documentOf(workflow, definitions);
  const broken = workflow.nodes.length === new Set(workflow.nodes.map(({ name }) => name)).size ? brokenWire(document) : twoOfAName(workflow);
  if (broken !== undefined) return { ok: false, denial: broken };
  return ok({ host: 'n8n', document, graph: graphOf(document, workflow.settings.executionOrder === 'v1') });
}

function documentOf(workflow: Workflow, definitions: Definitions): FlowDocument {
  const id = workflow.id ?? workflow.name;
  const canvas = workflow.nodes.filter(({ type }) => type !== NOTE);
  const v1 = workflow.settings.executionOrder === 'v1';
  return {
    host: 'n8n', id, name: workflow.name, info: workflow.description ?? '', disabled: false, groups: [], configurations: [], settings: workflow.settings,
    pinned: Object.keys(workflow.pinData ?? {}), tags: workflow.tags ?? [],
    nodes: canvas.map((saved) => documentNode(saved, readN8nNode(saved, { workflowId: id, v1 }, definitions))),
    notes: workflow.nodes.filter(({ type }) => type === NOTE).map(noteOf),
    wires: Object.entries(workflow.connections).flatMap(([from, { main }]) => main.flatMap((targets, output) => (targets ?? []).map((wire): DocumentWire => ({ from, output, to: wire.node, input: wire.index })))),
  };
}

function documentNode(saved: SavedNode, reading: GraphNode): DocumentNode {
  const { name, type, position: [x, y], disabled = false, notes = '', credentials = {}, onError, continueOnFail, executeOnce, alwaysOutputData, retryOnFail } = saved;
  const settings = Object.fromEntries(Object.entries({ onError, continueOnFail, executeOnce, alwaysOutputData, retryOnFail }).filter(([, value]) => value !== undefined));
  const chosen = Object.fromEntries(Object.entries(credentials).map(([kind, { id, name: title }]) => [kind, { ...(typeof id === 'string' ? { id } : {}), ...(title === undefined ? {} : { name: title }) }]));
  return { id: name, name, type, at: { x, y }, disabled, notes, credentials: chosen, settings, reading, saved };
}

const NoteParameters = z.object({ content: z.string().default(''), width: z.number().default(240), height: z.number().default(160) });

function noteOf(saved: SavedNode): DocumentNote {
  const { content, width, height } = NoteParameters.catch({ content: '', width: 240, height: 160 }).parse(saved.parameters);
  return { id: saved.name, title: '', text: content, at: { x: saved.position[0], y: saved.position[1] }, size: { width, height }, saved };
}

/** A deactivated node hands items on by its first output. */
function graphOf({ nodes, wires }: FlowDocument, v1: boolean): FlowGraph {
  const acting = new Map(nodes.map((node) => [node.id, acts(node)]));
  const place = new Map(nodes.map(({ id, at }) => [id, at]));
  const byPlace = (left: DocumentWire, right: DocumentWire): number => {
    const [a, b] = [place.get(left.to) ?? ORIGIN, place.get(right.to) ?? ORIGIN];
    return a.y === b.y ? b.x - a.x : b.y - a.y;
  };
  const edges = [...Map.groupBy(wires, ({ from }) => from).values()].flatMap((out) => {
    // v1 queues the lowest and rightmost first and takes the last one queued.
    const ordered = v1 ? out.toSorted(byPlace).reverse() : out;
    return ordered.flatMap(({ from, output, to, input }): readonly GraphEdge[] => {
      const port = portOf(acting.get(from), output);
      return port === undefined || !acting.has(to) ? [] : [{ from, port, to, input }];
    });
  });
  return { host: 'n8n', nodes: acting, edges, order: v1 ? 'branchByBranch' : 'inTurns' };
}

const ORIGIN = { x: 0, y: 0 };

function acts({ disabled, reading }: DocumentNode): GraphNode {
  if (!disabled) return reading;
  const { id, name, type } = reading;
  return { kind: 'translated', id, name, type, onError: 'stop', ...PASS };
}

/** Outputs of a node by number; beyond its own there is the one for errors. A foreign node's are not known. */
function portOf(node: GraphNode | undefined, output: number): string | undefined {
  if (node === undefined) return undefined;
  if (node.kind === 'foreign') return String(output);
  const ports: readonly string[] = node.kind === 'ours' ? node.definition.outputs.map(({ port }) => port) : node.outputs;
  if (output === ports.length && node.onError === 'errorPort') return 'error';
  return ports[output];
}

/** A wire of a node that acts and leads nowhere. A deactivated node's further outputs are just not used. */
function brokenWire({ nodes, notes, wires }: FlowDocument): Denial | undefined {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const broken = wires.find(({ from, output, to }) => {
    const source = byId.get(from);
    return source !== undefined && (portOf(source.reading, output) === undefined || !byId.has(to)) && !notes.some(({ id }) => id === to);
  });
  if (broken === undefined) return undefined;
  return { code: 'INVALID_FIELD', message: `The wire from output ${broken.output} of "${broken.from}" to "${broken.to}" leads nowhere.`, field: 'connections' };
}

function twoOfAName({ nodes }: Workflow): Denial {
  const names = nodes.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index) ?? '';
  return { code: 'INVALID_FIELD', message: `Two nodes have the name "${twice}".`, field: 'nodes', remedy: 'Names are unique in a workflow: export it from n8n again.' };
}
