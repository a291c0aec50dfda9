import { z } from 'zod';
import { describeControls, type Control } from './controls';
import type { NodeDefinition } from './definition';
import { field } from './field';

/**
 * Who a node is, for ever: saved with it, kept by import, conversion to the other host and redeploy, part of every intent key.
 * Hosts generate a nodeKey when the node is placed and fall back to their own ids where a field is empty.
 */
export const Identity = z.object({
  strategyId: z.string().max(80).optional().register(field, {
    label: 'Strategy',
    help: 'Name of the strategy that owns the orders and positions. Nodes with the same name share one ledger; empty uses the flow.',
    placeholder: 'ema-crossover',
    section: 'Options',
  }),
  nodeKey: z.string().max(80).optional().register(field, {
    label: 'Node Key',
    help: 'Stable name of this node in the order journal. Generated; copy it along when you move the node to the other editor.',
    technical: true,
  }),
});
export type Identity = z.infer<typeof Identity>;

/** Every control of a node, its own first, then those of its identity. */
export function nodeControls(definition: NodeDefinition): readonly Control[] {
  return [...describeControls(definition.params), ...describeControls(Identity)];
}
