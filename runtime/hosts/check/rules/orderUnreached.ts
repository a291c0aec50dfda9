import { leaves, placesOrders } from '../roles';
import type { FlowRule } from './rule';

/** An order or exit that no trigger leads to never happens. */
export const orderUnreached: FlowRule = {
  code: 'order-unreached',
  severity: 'warning',
  title: 'Nothing leads to an order or exit',
  source: 'A wire was forgotten, or the trigger is disabled',
  remedy: 'Wire it to a trigger, or delete it.',
  look(flow) {
    const reached = new Set(flow.starts.flatMap(({ id }) => [...flow.reach(id)]));
    return flow.ours.filter((node) => (placesOrders(node) || leaves(node)) && !reached.has(node.id)).map(({ name }) => ({ nodes: [name], text: `No trigger leads to "${name}": it never happens.` }));
  },
};
