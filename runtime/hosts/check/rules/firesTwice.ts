import type { GraphEdge, GraphNode } from '../../replay';
import type { CheckedFlow } from '../checkedFlow';
import { placesOrders } from '../roles';
import type { FlowRule } from './rule';

/** One signal reaches an order once. Ways that exclude each other (the outputs of a condition) are one way. */
export const firesTwice: FlowRule = {
  code: 'fires-twice',
  severity: 'error',
  title: 'One signal reaches the same order by two ways (a diamond)',
  source: 'Both editors copy an item for each wire of an output; what comes together again is not joined',
  remedy: 'Let only one of the wires lead to the order, or join them with Merge (by position) before it.',
  look(flow) {
    return flow.nodes.filter(placesOrders).flatMap((order) => {
      const count = arrivals(flow, order.id);
      const start = flow.starts.find(({ id }) => count(id) > 1);
      if (start === undefined) return [];
      const fork = [...flow.reach(start.id)].map((id) => flow.node(id)).find((node) => count(node.id) > 1 && flow.out(node.id).every(({ to }) => count(to) <= 1)) ?? start;
      return [{ nodes: [order.name, fork.name], text: `A signal of "${start.name}" comes to "${order.name}" ${count(start.id)} times: the ways part at "${fork.name}".` }];
    });
  },
};

/** Items that arrive at a node for one item at another. Circles count once. */
function arrivals(flow: CheckedFlow, target: string): (id: string) => number {
  const known = new Map<string, number>();
  const count = (id: string): number => {
    if (id === target) return 1;
    const before = known.get(id);
    if (before !== undefined) return before;
    known.set(id, 0);
    const node = flow.node(id);
    const byPort = [...Map.groupBy(flow.out(id), ({ port }) => port).values()].map((edges) => edges.filter((edge) => !waits(flow, edge)).reduce((sum, { to }) => sum + count(to), 0));
    const total = excludes(node) ? Math.max(0, ...byPort) : byPort.reduce((sum, each) => sum + each, 0);
    const bounded = Math.min(total, MANY);
    known.set(id, bounded);
    return bounded;
  };
  return count;
}

/** More ways than this are as bad as this many. */
const MANY = 1_000;

/** An input of a Merge that only completes what comes by its first one. */
function waits(flow: CheckedFlow, { to, input }: GraphEdge): boolean {
  const node = flow.node(to);
  if (node.kind !== 'translated') return false;
  if (node.doing.kind === 'await') return input !== node.doing.input;
  return node.doing.kind === 'merge' && node.doing.mode === 'byPosition' && input > 0;
}

/** Whether an item leaves by one output only. */
function excludes(node: GraphNode): boolean {
  if (node.kind === 'ours') return true;
  return node.kind === 'translated' && node.doing.kind === 'choose' && (node.doing.first || node.doing.branches.length === 1);
}
