import type { FlowDocument, FlowGraph, GraphEdge, GraphNode, OurNode } from '../replay';
import { catchesErrors, isTrigger, startsByHand } from './roles';

/** A flow as rules look at it. Rules are pure and see nothing else. */
export interface CheckedFlow {
  readonly graph: FlowGraph;
  /** All of the file, where it is known: configuration nodes and credentials are in it. */
  readonly document: FlowDocument | undefined;
  readonly nodes: readonly GraphNode[];
  readonly ours: readonly OurNode[];
  /** Where items come into the flow: triggers, starts by hand, caught errors, and foreign nodes that nothing leads into. */
  readonly starts: readonly GraphNode[];
  readonly isListed: ((exchange: string, symbol: string) => boolean) | undefined;
  node(id: string): GraphNode;
  out(id: string): readonly GraphEdge[];
  into(id: string): readonly GraphEdge[];
  /** Ids of all that can be reached from there along edges that `follow` lets through, itself included. */
  reach(from: string, follow?: (edge: GraphEdge) => boolean): ReadonlySet<string>;
}

export interface CheckOptions {
  readonly document?: FlowDocument;
  /** Whether an instrument is known; without it symbols are judged by their spelling. */
  readonly isListed?: (exchange: string, symbol: string) => boolean;
}

export function checkedFlow(graph: FlowGraph, { document, isListed }: CheckOptions = {}): CheckedFlow {
  const nodes = [...graph.nodes.values()];
  const outs = Map.groupBy(graph.edges, ({ from }) => from);
  const ins = Map.groupBy(graph.edges, ({ to }) => to);
  const into = (id: string): readonly GraphEdge[] => ins.get(id) ?? [];
  const out = (id: string): readonly GraphEdge[] => outs.get(id) ?? [];
  return {
    graph, document, nodes, isListed, out, into,
    ours: nodes.filter((node) => node.kind === 'ours'),
    starts: nodes.filter((node) => isTrigger(node) || startsByHand(node) || catchesErrors(node) || (node.kind === 'foreign' && into(node.id).length === 0)),
    node(id) {
      const node = graph.nodes.get(id);
      if (node === undefined) throw new Error(`The graph has no node ${id}.`);
      return node;
    },
    reach(from, follow = () => true) {
      const seen = new Set([from]);
      const waiting = [from];
      for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
        for (const edge of out(id)) {
          if (seen.has(edge.to) || !follow(edge)) continue;
          seen.add(edge.to);
          waiting.push(edge.to);
        }
      }
      return seen;
    },
  };
}
