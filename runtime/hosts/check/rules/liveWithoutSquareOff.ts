import { z } from 'zod';
import type { CheckedFlow } from '../checkedFlow';
import { closesAll, enters } from '../roles';
import { isSet } from '../values';
import type { FlowRule } from './rule';

const Account = z.looseObject({ id: z.string(), broker: z.string().catch('paper'), squareOffMinutes: z.union([z.string(), z.number()]).nullish() });

/** With real money a day's end is planned. */
export const liveWithoutSquareOff: FlowRule = {
  code: 'live-without-square-off',
  severity: 'warning',
  title: 'A live account and no end of the day in the flow',
  source: 'Intraday positions that nobody closes are squared off by the broker, for a fee and at any price',
  remedy: 'Add Cron Market Hours (before the close) with Position (Close All), or Exit At in the order.',
  look(flow) {
    if (flow.nodes.some(closesAll)) return [];
    return flow.nodes.filter(enters).filter((order) => !isSet(order, 'exitAt')).flatMap((order) => {
      const broker = brokerOf(flow, order.id);
      return broker === undefined ? [] : [{ nodes: [order.name], text: `"${order.name}" orders at ${broker}, and nothing in the flow closes what is held before the session ends.` }];
    });
  },
};

/** The broker of a node's account where it is not the paper one. n8n saves it with the node; Node-RED in the account that the node points to. */
function brokerOf({ document }: CheckedFlow, id: string): string | undefined {
  const node = document?.nodes.find((each) => each.id === id);
  if (document === undefined || node === undefined) return undefined;
  const broker = document.host === 'n8n' ? z.looseObject({ parameters: z.looseObject({ broker: z.string().catch('paper') }) }).safeParse(node.saved).data?.parameters.broker : accountOf(document.configurations, node.saved['account']);
  return broker === undefined || broker === 'paper' ? undefined : broker;
}

function accountOf(configurations: readonly unknown[], id: unknown): string | undefined {
  return configurations.map((each) => Account.safeParse(each).data).find((account) => account?.id === id)?.broker;
}
