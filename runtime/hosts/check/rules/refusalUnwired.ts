import { isGate, placesOrders } from '../roles';
import type { FlowRule } from './rule';

/** What is refused is told to somebody. */
export const refusalUnwired: FlowRule = {
  code: 'refusal-unwired',
  severity: 'warning',
  title: 'A refusal goes nowhere',
  source: 'A flow that trades nothing looks like one that waits',
  remedy: 'Wire the output to an Alert.',
  look(flow) {
    return flow.ours.filter((node) => isGate(node) || placesOrders(node)).flatMap(({ id, name, definition }) => {
      if (definition.kind !== 'action') return [];
      const port = definition.refusalPort;
      const label = definition.outputs.find((output) => output.port === port)?.label;
      if (port === undefined || label === undefined || flow.out(id).some((edge) => edge.port === port)) return [];
      return [{ nodes: [name], text: `"${label}" of "${name}" leads nowhere: nobody hears of what is refused.` }];
    });
  },
};
