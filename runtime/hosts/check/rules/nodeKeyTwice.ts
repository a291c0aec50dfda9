import { savedText } from '../values';
import type { FlowRule } from './rule';

/** Node keys are part of every order's key: two nodes with one key take each other's orders for their own. */
export const nodeKeyTwice: FlowRule = {
  code: 'node-key-twice',
  severity: 'error',
  title: 'Two nodes have the same Node Key',
  source: 'Decision 9: hidden identity in the hosts. Copied nodes keep the key of the original',
  remedy: 'Give one of them a Node Key of its own (Options); the one with the history keeps the key.',
  look(flow) {
    const byKey = Map.groupBy(flow.ours.flatMap((node) => (savedText(node, 'nodeKey') === undefined ? [] : [{ key: savedText(node, 'nodeKey') ?? '', name: node.name }])), ({ key }) => key);
    return [...byKey].filter(([, nodes]) => nodes.length > 1).map(([key, nodes]) => ({
      nodes: nodes.map(({ name }) => name), text: `${nodes.map(({ name }) => `"${name}"`).join(' and ')} have the Node Key "${key}": the second order of a signal would silently be taken for the first.`,
    }));
  },
};
