import { deny, type Denial } from '../domain/denial';
import type { Envelope } from '../domain/envelope';
import type { NodeContext } from '../domain/nodeContext';
import type { ActionDefinition, Emission } from './definition';

/** What one item came to: emissions by port, or a refusal that the host raises as its own error. */
export type RunResult = { readonly kind: 'emitted'; readonly emissions: readonly Emission[] } | { readonly kind: 'raised'; readonly denial: Denial };

/**
 * Runs one action node on one item; the same few lines stand behind n8n, Node-RED and replay.
 * Unknown keys of the item pass through; a refusal leaves through the definition's refusal port with `denial` set, or is raised where there is none.
 */
export async function runNode(definition: ActionDefinition, params: Readonly<Record<string, unknown>>, item: Envelope, context: NodeContext): Promise<RunResult> {
  const read = definition.reads.safeParse(item);
  if (!read.success) {
    const issue = read.error.issues[0];
    const name = issue?.path.join('.') ?? '';
    return refuse(definition, item, deny('INVALID_FIELD', `The item's ${name}: ${issue?.message ?? 'not valid'}`, { field: name, remedy: `Set ${name} before ${definition.title}, or fill it in the node.` }).denial);
  }
  const merged = { ...item, ...read.data };
  const data = await context.fetch(definition.needs(params, merged));
  const step = definition.decide(params, merged, data);
  const end = step.kind === 'perform' ? definition.conclude(params, merged, await context.perform(step.commands), data) : step;
  return end.kind === 'refuse' ? refuse(definition, item, end.denial) : { kind: 'emitted', emissions: end.emissions };
}

function refuse(definition: ActionDefinition, item: Envelope, denial: Denial): RunResult {
  if (definition.refusalPort === undefined) return { kind: 'raised', denial };
  return { kind: 'emitted', emissions: [{ port: definition.refusalPort, item: { ...item, denial } }] };
}
