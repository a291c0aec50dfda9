import { placesOrders } from '../roles';
import type { FlowRule } from './rule';

/** A wire that leads back runs a flow for ever, or until its limit. */
export const cycle: FlowRule = {
  code: 'cycle',
  severity: 'warning',
  title: 'Wires lead in a circle',
  source: 'Nodes of Bellwether work on all items by themselves; a replay ends a flow after 10,000 steps',
  remedy: 'Remove the wire that leads back.',
  look(flow) {
    const inCircle = flow.nodes.filter(({ id }) => flow.out(id).some(({ to }) => flow.reach(to).has(id)));
    if (inCircle.length === 0) return [];
    const names = inCircle.map(({ name }) => name);
    const orders = inCircle.filter(placesOrders);
    return [{ nodes: names, text: `${names.map((name) => `"${name}"`).join(', ')} lead in a circle.`, ...(orders.length > 0 ? { severity: 'error' as const, text: `${names.map((name) => `"${name}"`).join(', ')} lead in a circle, with an order in it.` } : {}) }];
  },
};
