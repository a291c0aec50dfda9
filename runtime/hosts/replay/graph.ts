import type { Denial, Outcome } from '../../domain/denial';
import type { NodeDefinition } from '../definition';
import type { Doing } from './foreign/doing';

export type Host = 'n8n' | 'node-red';

/** A node of a flow file. ours: by its definition. translated: a foreign node that we read. foreign: one that only its own editor can run. */
export type GraphNode = OurNode | TranslatedNode | ForeignNode;

interface NodeFacts {
  /** n8n: its name, which is unique in a workflow. Node-RED: its id. */
  readonly id: string;
  readonly name: string;
  /** As the file says it: `n8n-nodes-base.if`, `bellwether-risk-gate`. */
  readonly type: string;
}

/** A node of ours, with the definition that runs it. */
export interface OurNode extends NodeFacts {
  readonly kind: 'ours';
  readonly definition: NodeDefinition;
  /** Flat by parameter name, as the form saved them. Where `valuesFor` is present some of them are expressions. */
  readonly values: Readonly<Record<string, unknown>>;
  /** The values for one item, expressions evaluated (n8n). Present only where there are any. */
  readonly valuesFor?: (scope: Scope) => Outcome<Readonly<Record<string, unknown>>>;
  /** How the host that wrote the file saves numbers. */
  readonly numbersAsText: boolean;
  /** The host's own id of flow and node, where the saved identity is empty. */
  readonly fallback: { readonly strategyId: string; readonly nodeKey: string };
  /** What becomes of a refusal that is raised. stop: n8n ends the execution, Node-RED the branch. refusalPort: it leaves as an item with `error` there. errorPort: through the port `error`. In Node-RED Catch nodes get it. */
  readonly onError: 'stop' | 'refusalPort' | 'errorPort';
  /** n8n's "execute once": the first item only. */
  readonly once: boolean;
}

/** A foreign node that we read. `run` is synchronous and looks at nothing but what it is given. */
export interface TranslatedNode extends NodeFacts {
  readonly kind: 'translated';
  readonly doing: Doing;
  /** How many inputs it waits for; 1 but for Merge. With one input `run` is called for each arrival, with more once with all that came, by input. */
  readonly inputs: number;
  /** Ports by number of output. */
  readonly outputs: readonly string[];
  readonly onError: 'stop' | 'refusalPort' | 'errorPort';
  run(arrived: Arrived, state: FlowState): Outcome<readonly Emitted[]>;
}

/** A node that can not be translated. Lane B runs it in its own editor, or the flow is refused by its name and this remedy. */
export interface ForeignNode extends NodeFacts {
  readonly kind: 'foreign';
  readonly denial: Denial;
}

/** What travels along a wire. */
export interface Carried {
  /** n8n: the item's json. Node-RED: the message. Never changed in place. */
  readonly data: Data;
  /** The outputs that it went through, newest first: by them n8n finds `$('Node').item`. */
  readonly trail: Trail | undefined;
}
export type Data = Readonly<Record<string, unknown>>;
export interface Trail {
  readonly node: string;
  readonly data: Data;
  readonly before: Trail | undefined;
  /** Where it was made of several: the other ways it came. */
  readonly beside?: readonly Trail[];
}

/** n8n hands a node a list of items at once, Node-RED one message. */
export interface Arrived {
  /** By number of input; an input that nothing came to is an empty list. */
  readonly inputs: readonly (readonly Carried[])[];
}

/** `carried.trail` is that of the item it was made of: the walk adds the node itself. */
export interface Emitted {
  readonly port: string;
  readonly carried: Carried;
}

/** What expressions of a parameter may look at. */
export interface Scope {
  readonly carried: Carried;
  readonly state: FlowState;
}

/** What translated nodes remember from one signal to the next: one for each run of a flow. Node-RED's context in memory; translated nodes write into it. */
export interface FlowState {
  readonly flow: Record<string, unknown>;
  readonly global: Record<string, unknown>;
  /** By node id. */
  readonly nodes: Map<string, unknown>;
}

export function createFlowState(): FlowState {
  return { flow: {}, global: {}, nodes: new Map() };
}

export interface GraphEdge {
  readonly from: string;
  readonly port: string;
  readonly to: string;
  /** Number of the input it leads into; 0 but for Merge. */
  readonly input: number;
}

/** A flow of either editor, reduced to what acts: disabled nodes, notes and configuration are resolved or gone (they are in the document). */
export interface FlowGraph {
  readonly host: Host;
  readonly nodes: ReadonlyMap<string, GraphNode>;
  /** Those of one node in the order in which its host follows them: n8n by place on the canvas, Node-RED by output and wire. */
  readonly edges: readonly GraphEdge[];
  /** n8n's execution order v1 finishes a branch before it begins the next; v0 and Node-RED go on in all of them by turns. */
  readonly order: 'branchByBranch' | 'inTurns';
}

/** Our definitions by type. */
export type Definitions = readonly NodeDefinition[];

/** Reads one editor's file. Broken wires and unreadable files are refused; what can not be translated is in the graph as `foreign`. */
export type GraphReader = (file: unknown, definitions: Definitions) => Outcome<FlowGraph>;

/** The nodes of ours, in the graph's order. */
export function ourNodes({ nodes }: Pick<FlowGraph, 'nodes'>): readonly OurNode[] {
  return [...nodes.values()].filter((node) => node.kind === 'ours');
}

/** Why a graph can not be walked here: the first foreign node that wires lead into or out of. One that nothing is wired to does nothing. */
export function whyForeign({ nodes, edges }: Pick<FlowGraph, 'nodes' | 'edges'>): Denial | undefined {
  const wired = new Set(edges.flatMap(({ from, to }) => [from, to]));
  for (const node of nodes.values()) if (node.kind === 'foreign' && wired.has(node.id)) return node.denial;
  return undefined;
}
