import type { Outcome } from '../../domain/denial';
import type { NodeDefinition } from '../definition';

/** One node of a flow file, with the definition that runs it. Values are flat by parameter name, as the form saved them. */
export interface GraphNode {
  readonly id: string;
  readonly name: string;
  readonly definition: NodeDefinition;
  readonly values: Readonly<Record<string, unknown>>;
  /** How the host that wrote the file saves numbers. */
  readonly numbersAsText: boolean;
  /** The host's own id of flow and node, where the saved identity is empty. */
  readonly fallback: { readonly strategyId: string; readonly nodeKey: string };
}

export interface GraphEdge {
  readonly from: string;
  readonly port: string;
  readonly to: string;
}

/** A flow of either editor, reduced to what decides: our nodes and the wires between them. */
export interface FlowGraph {
  readonly nodes: ReadonlyMap<string, GraphNode>;
  readonly edges: readonly GraphEdge[];
}

/** Our definitions by type. */
export type Definitions = readonly NodeDefinition[];

/** Reads one editor's file. Unknown node types and broken wires are refused by name. */
export type GraphReader = (file: unknown, definitions: Definitions) => Outcome<FlowGraph>;
