import { leaves, placesOrders } from '../roles';
import { savedText } from '../values';
import type { FlowRule } from './rule';

/** Orders and exits say whose they are: else the flow's own id stands in, and a copy of the flow has another one. */
export const strategyMissing: FlowRule = {
  code: 'strategy-missing',
  severity: 'warning',
  title: 'Orders or exits without Strategy or Node Key, or of different strategies in one flow',
  source: 'Decision 9: hidden identity in the hosts. Positions are counted by strategy',
  remedy: 'Write the same Strategy into every node that orders or closes (Options), and let each have a Node Key.',
  look(flow) {
    const acting = flow.ours.filter((node) => placesOrders(node) || leaves(node));
    const placing = new Set(acting.filter(placesOrders).map(({ id }) => id));
    const without = acting.filter((node) => savedText(node, 'strategyId') === undefined || (placing.has(node.id) && savedText(node, 'nodeKey') === undefined));
    if (without.length > 0) return [{ nodes: without.map(({ name }) => name), text: `${without.map(({ name }) => `"${name}"`).join(', ')}: Strategy or Node Key is empty, so the editor's ids stand in. After a copy or a move to the other editor positions and orders are not recognised.` }];
    const strategies = new Set(acting.filter(({ id }) => placing.has(id)).map((node) => savedText(node, 'strategyId')));
    const strangers = acting.filter((node) => !placing.has(node.id) && placing.size > 0 && !strategies.has(savedText(node, 'strategyId')));
    return strangers.map((node) => ({ nodes: [node.name], text: `"${node.name}" works for the strategy "${savedText(node, 'strategyId') ?? ''}", for which nothing in this flow enters.` }));
  },
};
