import type { FlowGraph, GraphEdge } from '../graph';

/** A graph, looked up as often as a walk needs it. */
export interface Plan {
  readonly graph: FlowGraph;
  /** Wires out of a node, in the host's order. */
  exits(node: string): readonly GraphEdge[];
  /** Inputs that wires lead into: the highest number and all below it. */
  inputsOf(node: string): number;
  /** Whether a wire, or a chain of them, leads from one node to another. */
  leadsTo(from: string, to: string): boolean;
}

const NONE: readonly GraphEdge[] = [];

export function planOf(graph: FlowGraph): Plan {
  const exits = Map.groupBy(graph.edges, ({ from }) => from);
  const inputs = new Map<string, number>();
  for (const { to, input } of graph.edges) inputs.set(to, Math.max(inputs.get(to) ?? 1, input + 1));
  const reach = new Map<string, ReadonlySet<string>>();
  return {
    graph,
    exits: (node) => exits.get(node) ?? NONE,
    inputsOf: (node) => inputs.get(node) ?? 1,
    leadsTo: (from, to) => {
      const known = reach.get(from) ?? reached(exits, from);
      reach.set(from, known);
      return known.has(to);
    },
  };
}

function reached(exits: ReadonlyMap<string, readonly GraphEdge[]>, from: string): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [from];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const { to } of exits.get(node) ?? NONE) {
      if (found.has(to)) continue;
      found.add(to);
      open.push(to);
    }
  }
  return found;
}

/** What must be there: a graph's wires lead to its own nodes. */
export function fromMap<K, V>(map: ReadonlyMap<K, V>, key: K): V {
  const value = map.get(key);
  if (value === undefined) throw new Error(`Nothing is known as ${String(key)}.`);
  return value;
}
