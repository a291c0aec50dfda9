import { enters, isGate, startsByHand } from '../roles';
import type { FlowRule } from './rule';

/** Every way from a start to an order goes through a gate's Approved output. */
export const orderWithoutGate: FlowRule = {
  code: 'order-without-gate',
  severity: 'error',
  title: 'An order can be reached without a Risk Gate before it',
  source: 'Pre-trade controls (SEBI, algorithmic trading by retail investors); the account\'s own limits hold in any case',
  remedy: 'Put a Risk Gate (Check an Order) before it, wired from its Approved output.',
  look(flow) {
    const ungated = flow.starts.map((start) => ({ start, reached: flow.reach(start.id, ({ from, port }) => !isGate(flow.node(from)) || port !== 'approved') }));
    return flow.nodes.filter(enters).flatMap((order) => {
      const from = ungated.filter(({ reached }) => reached.has(order.id)).map(({ start }) => start);
      const [first] = from.toSorted((left, right) => Number(startsByHand(left)) - Number(startsByHand(right)));
      if (first === undefined) return [];
      const byHand = startsByHand(first);
      return [{
        nodes: [order.name, first.name],
        text: `"${order.name}" is reached from "${first.name}" without a Risk Gate that approved it. The account's limits still hold, this flow has none of its own.`,
        // A person who presses a button looks at what it does.
        ...(byHand ? { severity: 'warning' as const } : {}),
      }];
    });
  },
};
