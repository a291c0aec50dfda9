import type { GraphNode, OurNode } from '../../replay';
import { enters, operationOf } from '../roles';
import { isOn, textOf } from '../values';
import type { FlowRule } from './rule';

/** Decisions on a candle that is not closed use a price that the closed candle may not have. */
export const formingCandle: FlowRule = {
  code: 'forming-candle',
  severity: 'warning',
  title: 'A condition reads a candle that is not closed, with an order behind it',
  source: 'Look-ahead and repainting: over closed candles such a flow looks better than it was',
  remedy: 'Fire on closed candles, or let a Condition with candle.closed stand before the order.',
  look(flow) {
    const orders = flow.nodes.filter(enters);
    return flow.ours.filter(seesForming).flatMap((trigger) => {
      const reached = flow.reach(trigger.id, ({ from }) => !asksForClosed(flow.node(from)));
      const deciding = flow.ours.find((node) => reached.has(node.id) && READS_CANDLES.has(node.definition.type) && !asksForClosed(node) && orders.some((order) => flow.reach(node.id).has(order.id)));
      const order = orders.find(({ id }) => reached.has(id) && deciding !== undefined && flow.reach(deciding.id).has(id));
      if (deciding === undefined || order === undefined) return [];
      return [{ nodes: [trigger.name, deciding.name, order.name], text: `"${trigger.name}" gives a candle before it is closed, "${deciding.name}" decides on it, and "${order.name}" orders: when the candle closes it may never have been true.` }];
    });
  },
};

const READS_CANDLES: ReadonlySet<string> = new Set(['condition', 'indicator']);

function seesForming(trigger: OurNode): boolean {
  if (operationOf(trigger) === 'marketData.candles') return isOn(trigger, 'forming');
  if (trigger.definition.type !== 'marketTrigger') return false;
  const fires = textOf(trigger, 'fires');
  return fires === 'tick' || (fires === 'candle' && isOn(trigger, 'forming'));
}

/** A condition that looks at `candle.closed` lets only closed ones through, or knows what it does. */
function asksForClosed(node: GraphNode): boolean {
  return node.kind === 'ours' && node.definition.type === 'condition' && JSON.stringify([node.values['text'], node.values['rows']]).includes('candle.closed');
}
