import type { GraphNode } from '../../replay';
import { enters, isGate } from '../roles';
import type { FlowRule } from './rule';

/** Between the gate and the order nothing changes what was approved. */
export const changedAfterGate: FlowRule = {
  code: 'changed-after-gate',
  severity: 'warning',
  title: 'A node between Risk Gate and order can change what was approved',
  source: 'The gate sizes and judges the item as it is; the order takes it as it comes',
  remedy: 'Put it before the Risk Gate.',
  look(flow) {
    const gates = flow.nodes.filter(isGate);
    const orders = flow.nodes.filter(enters);
    return flow.nodes.filter(changes).flatMap((node) => {
      const onward = flow.reach(node.id, ({ to }) => !isGate(flow.node(to)));
      const order = orders.find(({ id }) => onward.has(id));
      const gate = gates.find(({ id }) => flow.reach(id, ({ from, port }) => from !== id || port === 'approved').has(node.id));
      return order === undefined || gate === undefined ? [] : [{ nodes: [node.name, gate.name, order.name], text: `"${node.name}" stands between "${gate.name}" and "${order.name}" and can change symbol, side or quantity after they were approved.` }];
    });
  },
};

function changes(node: GraphNode): boolean {
  return node.kind === 'foreign' || (node.kind === 'translated' && (node.doing.kind === 'change' || node.doing.kind === 'merge'));
}
