import { z } from 'zod';
import { deny, ok, type Denial, type Outcome } from '../../domain/denial';
import type { DocumentGroup, DocumentNode, DocumentNote, DocumentWire, FlowDocument, ReadFlow } from './document';
import type { Definitions, FlowGraph, GraphEdge, GraphNode } from './graph';
import { readRedNode } from './readRedNode';

const Entry = z.looseObject({
  id: z.string(), type: z.string(), name: z.string().optional(), z: z.string().optional(), g: z.string().optional(), d: z.boolean().optional(), disabled: z.boolean().optional(),
  label: z.string().optional(), info: z.string().optional(), x: z.number().default(0), y: z.number().default(0), wires: z.array(z.array(z.string())).optional(),
  links: z.array(z.string()).optional(), mode: z.string().optional(), nodes: z.array(z.string()).optional(),
  env: z.array(z.looseObject({ name: z.string(), value: z.unknown().optional(), type: z.string().default('str') })).optional(),
});
export type RedEntry = z.infer<typeof Entry>;

const File = z.union([z.array(Entry), z.looseObject({ flows: z.array(Entry) }).transform(({ flows }) => flows)]);

/** A flow file of Node-RED as one graph, all its tabs together. Node-RED wires nodes by id, outputs by position. */
export function readNodeRed(file: unknown, definitions: Definitions): Outcome<FlowGraph> {
  const entries = readEntries(file);
  if (!entries.ok) return entries;
  const read = readTabs(entries.value, undefined, definitions);
  return read.ok ? ok(read.value.graph) : read;
}

/** One flow for each tab; tabs that links join are one. */
export function readNodeRedFlows(file: unknown, definitions: Definitions): Outcome<readonly ReadFlow[]> {
  const entries = readEntries(file);
  if (!entries.ok) return entries;
  const flows: ReadFlow[] = [];
  for (const tabs of joinedTabs(entries.value)) {
    const read = readTabs(entries.value, tabs, definitions);
    if (!read.ok) return read;
    flows.push(read.value);
  }
  return ok(flows);
}

function readEntries(file: unknown): Outcome<readonly RedEntry[]> {
  const parsed = File.safeParse(file);
  return parsed.success ? ok(parsed.data) : deny('MALFORMED_BODY', `This is no Node-RED flow: ${parsed.error.issues[0]?.path.join('.') ?? ''} ${parsed.error.issues[0]?.message ?? ''}`);
}

/** Sets of tabs, in the file's order; a link from one to the other makes them one. Nodes of a subflow's inside belong to no tab. */
function joinedTabs(entries: readonly RedEntry[]): readonly ReadonlySet<string>[] {
  const subflows = new Set(entries.filter(({ type }) => type === 'subflow').map(({ id }) => id));
  const tabs = new Set(entries.flatMap((entry) => (isOnCanvas(entry) && entry.z !== undefined && !subflows.has(entry.z) ? [entry.z] : [])));
  const sets = new Map([...tabs].map((tab) => [tab, new Set([tab])]));
  const tabOf = new Map(entries.map((entry) => [entry.id, entry.z]));
  for (const { z: from, links = [], type } of entries) {
    if (type !== 'link out' || from === undefined) continue;
    for (const link of links) join(sets, from, tabOf.get(link));
  }
  return [...new Set(sets.values())];
}

function join(sets: Map<string, Set<string>>, one: string, other: string | undefined): void {
  const [left, right] = [sets.get(one), other === undefined ? undefined : sets.get(other)];
  if (left === undefined || right === undefined || left === right) return;
  for (const tab of right) {
    left.add(tab);
    sets.set(tab, left);
  }
}

const BESIDE = new Set(['tab', 'subflow', 'group', 'comment']);

function isOnCanvas({ type, wires }: RedEntry): boolean {
  return wires !== undefined && !BESIDE.has(type);
}

function readTabs(entries: readonly RedEntry[], tabs: ReadonlySet<string> | undefined, definitions: Definitions): Outcome<ReadFlow> {
  const own = tabs === undefined ? entries : entries.filter(({ id, z: tab }) => tabs.has(tab ?? '') || tabs.has(id));
  const document = documentOf(entries, own, definitions);
  const offTabs = new Set(own.filter(({ type, disabled }) => type === 'tab' && disabled === true).map(({ id }) => id));
  const isOff = ({ disabled, saved }: DocumentNode): boolean => disabled || (typeof saved['z'] === 'string' && offTabs.has(saved['z']));
  const broken = brokenWire(document, isOff, new Set(entries.map(({ id }) => id)));
  return broken === undefined ? ok({ host: 'node-red', document, graph: graphOf(document, isOff) }) : { ok: false, denial: broken };
}

function documentOf(all: readonly RedEntry[], own: readonly RedEntry[], definitions: Definitions): FlowDocument {
  const tabs = own.filter(({ type }) => type === 'tab');
  const [tab] = tabs;
  const canvas = own.filter(isOnCanvas);
  const configurations = new Map(all.filter((entry) => entry.wires === undefined && !BESIDE.has(entry.type)).map((entry) => [entry.id, entry]));
  const used = new Set(canvas.flatMap((entry) => Object.values(pointers(entry, configurations))));
  return {
    host: 'node-red', id: tab?.id ?? canvas[0]?.z ?? 'flow', name: tabs.map(({ label, id }) => label ?? id).join(' + ') || 'flow', info: tabs.map(({ info = '' }) => info).join('\n\n'), disabled: tab?.disabled ?? false,
    settings: tab?.env === undefined ? {} : { env: tab.env },
    nodes: canvas.map((entry) => documentNode(entry, own, configurations, definitions)),
    wires: canvas.flatMap(wiresOf),
    notes: own.filter(({ type }) => type === 'comment').map(noteOf),
    groups: own.filter(({ type }) => type === 'group').map(groupOf),
    configurations: [...configurations.values()].filter(({ id }) => used.has(id)),
  };
}

function documentNode(saved: RedEntry, own: readonly RedEntry[], configurations: ReadonlyMap<string, RedEntry>, definitions: Definitions): DocumentNode {
  const credentials = Object.fromEntries(Object.entries(pointers(saved, configurations)).map(([property, id]) => [property, { id, name: configurations.get(id)?.name ?? '' }]));
  return {
    id: saved.id, name: nameOf(saved), type: saved.type, at: { x: saved.x, y: saved.y }, disabled: saved.d === true, notes: saved.info ?? '', credentials, settings: {},
    reading: readRedNode(saved, own, definitions), saved,
  };
}

export function nameOf({ name, id }: RedEntry): string {
  return name === undefined || name === '' ? id : name;
}

/** Properties that name a configuration node. */
function pointers(saved: RedEntry, configurations: ReadonlyMap<string, RedEntry>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(saved).flatMap(([name, value]) => (name !== 'id' && name !== 'z' && typeof value === 'string' && configurations.has(value) ? [[name, value]] : [])));
}

/** A link is a wire that is not drawn. */
function wiresOf({ id, type, wires = [], links = [], mode }: RedEntry): readonly DocumentWire[] {
  const drawn = wires.flatMap((targets, output) => targets.map((to): DocumentWire => ({ from: id, output, to, input: 0 })));
  return type === 'link out' && mode !== 'return' ? [...drawn, ...links.map((to): DocumentWire => ({ from: id, output: 0, to, input: 0 }))] : drawn;
}

function noteOf(saved: RedEntry): DocumentNote {
  return { id: saved.id, title: saved.name ?? '', text: saved.info ?? '', at: { x: saved.x, y: saved.y }, saved };
}

function groupOf(saved: RedEntry): DocumentGroup {
  return { id: saved.id, name: saved.name ?? '', members: saved.nodes ?? [], saved };
}

/** A node that is disabled, itself or with its tab, is not there: wires into it end. */
function graphOf({ nodes, wires }: FlowDocument, isOff: (node: DocumentNode) => boolean): FlowGraph {
  const acting = new Map(nodes.filter((node) => !isOff(node)).map(({ id, reading }) => [id, reading]));
  const edges = wires.flatMap(({ from, output, to, input }): readonly GraphEdge[] => {
    const port = portOf(acting.get(from), output);
    return port === undefined || !acting.has(to) ? [] : [{ from, port, to, input }];
  });
  return { host: 'node-red', order: 'inTurns', nodes: acting, edges };
}

function portOf(node: GraphNode | undefined, output: number): string | undefined {
  if (node === undefined) return undefined;
  if (node.kind === 'foreign') return String(output);
  const ports: readonly string[] = node.kind === 'ours' ? node.definition.outputs.map(({ port }) => port) : node.outputs;
  return ports[output];
}

function brokenWire({ nodes, wires }: FlowDocument, isOff: (node: DocumentNode) => boolean, known: ReadonlySet<string>): Denial | undefined {
  const acting = new Map(nodes.filter((node) => !isOff(node)).map((node) => [node.id, node]));
  for (const { from, output, to } of wires) {
    const source = acting.get(from);
    if (source === undefined || (known.has(to) && portOf(source.reading, output) !== undefined)) continue;
    return { code: 'INVALID_FIELD', message: `The wire from output ${output} of "${source.name}" to ${to} leads nowhere.`, field: 'wires' };
  }
  return undefined;
}
