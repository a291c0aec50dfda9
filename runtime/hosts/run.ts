import { deny, ok, type Denial, type Outcome } from '../domain/denial';
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
  const read = readItem(definition, params, item);
  if (!read.ok) {
    await recordUnread(definition, params, item, read.denial, context);
    return refuse(definition, item, read.denial);
  }
  const merged = read.value;
  const data = await context.fetch(definition.needs(params, merged));
  const step = definition.decide(params, merged, data);
  const end = step.kind === 'perform' ? definition.conclude(params, merged, await context.perform(step.commands), data) : step;
  return end.kind === 'refuse' ? refuse(definition, item, end.denial) : { kind: 'emitted', emissions: end.emissions };
}

/** Has the node journal that what came is no item it can read; a payload that is none at all says nothing of what was wanted. */
export async function recordUnread(definition: ActionDefinition, params: Readonly<Record<string, unknown>>, payload: unknown, denial: Denial, context: NodeContext): Promise<void> {
  const said: Envelope = typeof payload === 'object' && payload !== null ? { ...payload } : {};
  const command = definition.unreadable?.(params, said, denial);
  if (command !== undefined) await context.perform([command]);
}

/** The item as the node may look at it. What the node does not look at is left out where it is not valid: it can not stop the node. */
function readItem(definition: ActionDefinition, params: Readonly<Record<string, unknown>>, item: Envelope): Outcome<Envelope> {
  const first = definition.reads.safeParse(item);
  if (first.success) return ok({ ...item, ...first.data });
  const ignoresAll = definition.ignoresItem?.(params) ?? false;
  const blocking = first.error.issues.find(({ path: [name] }) => !ignoresAll && params[String(name)] === undefined);
  if (blocking !== undefined) return invalid(definition, blocking);
  const unread = new Set(first.error.issues.map(({ path: [name] }) => String(name)));
  const rest: Envelope = Object.fromEntries(Object.entries(item).filter(([name]) => !unread.has(name)));
  const second = definition.reads.safeParse(rest);
  if (second.success) return ok({ ...rest, ...second.data });
  return invalid(definition, second.error.issues[0]);
}

function invalid(definition: ActionDefinition, issue: { readonly path: readonly PropertyKey[]; readonly message: string } | undefined): Outcome<never> {
  const name = issue?.path.map(String).join('.') ?? '';
  return deny('INVALID_FIELD', `The item's ${name}: ${issue?.message ?? 'not valid'}`, { field: name, remedy: `Set ${name} before ${definition.title}, or fill it in the node.` });
}

function refuse(definition: ActionDefinition, item: Envelope, denial: Denial): RunResult {
  if (definition.refusalPort === undefined) return { kind: 'raised', denial };
  return { kind: 'emitted', emissions: [{ port: definition.refusalPort, item: { ...item, denial } }] };
}
