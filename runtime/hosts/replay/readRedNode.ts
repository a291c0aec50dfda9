import { deny } from '../../domain/denial';
import { nodeRedType } from '../nodeRed/nodeType';
import { translateNodeRed } from './foreign/nodeRed';
import type { Surroundings } from './foreign/nodeRed/saved';
import type { Definitions, ForeignNode, GraphNode } from './graph';
import { nameOf, type RedEntry } from './readNodeRed';

/** A saved node by its definition or its translator; one that neither knows is foreign, with the reason. `own` are the entries of its flow. */
export function readRedNode(saved: RedEntry, own: readonly RedEntry[], definitions: Definitions): GraphNode {
  const name = nameOf(saved);
  const facts = { id: saved.id, name, type: saved.type };
  const env = environmentOf(saved, own);
  const filled = fill(saved, env);
  if (typeof filled === 'string') return foreign(facts, deny('NOT_SUPPORTED', `The environment variable ${filled} is not set in its tab.`, { remedy: 'Set it in the tab\'s environment, or write the value.' }).denial);
  const definition = definitions.find((candidate) => nodeRedType(candidate.type) === saved.type);
  if (definition !== undefined) return { kind: 'ours', ...facts, definition, values: filled, numbersAsText: true, onError: 'stop', once: false, fallback: { strategyId: saved.z ?? 'flow', nodeKey: saved.id } };
  if (saved.type.startsWith('bellwether-')) return foreign(facts, deny('NOT_SUPPORTED', 'this version of Bellwether has no such node.', { remedy: 'Update Bellwether, or use another node.' }).denial);
  const translation = translateNodeRed({ ...filled, id: saved.id, type: saved.type }, surroundingsOf(saved, own, env));
  return translation.ok ? { kind: 'translated', ...facts, onError: 'stop', ...translation.value } : foreign(facts, translation.denial);
}

function foreign(facts: { readonly id: string; readonly name: string; readonly type: string }, denial: ForeignNode['denial']): ForeignNode {
  return { kind: 'foreign', ...facts, denial: { ...denial, message: `"${facts.name}" (${facts.type}): ${denial.message}`, field: facts.name } };
}

const CONVERT: Readonly<Record<string, (text: string) => unknown>> = { str: (text) => text, num: Number, bool: (text) => /^true$/i.test(text) };

/** What the tab sets itself, where its kind is known here. */
function environmentOf({ z: tab }: RedEntry, own: readonly RedEntry[]): ReadonlyMap<string, unknown> {
  const env = own.find(({ id, type }) => type === 'tab' && id === tab)?.env ?? [];
  return new Map(env.flatMap(({ name, value, type }) => {
    const convert = Object.hasOwn(CONVERT, type) ? CONVERT[type] : undefined;
    return convert === undefined || typeof value !== 'string' ? [] : [[name, convert(value)] as const];
  }));
}

/** Node-RED puts the environment's value in the place of a property that is `${NAME}`. Gives the name of one that is not known. */
function fill(saved: RedEntry, env: ReadonlyMap<string, unknown>): Readonly<Record<string, unknown>> | string {
  const filled: Record<string, unknown> = { ...saved };
  for (const [property, value] of Object.entries(saved)) {
    const name = typeof value === 'string' && property !== 'info' ? /^\$\{(\S+)\}$/.exec(value)?.[1] : undefined;
    if (name === undefined) continue;
    if (!env.has(name)) return name;
    filled[property] = env.get(name);
  }
  return filled;
}

function surroundingsOf(saved: RedEntry, own: readonly RedEntry[], env: ReadonlyMap<string, unknown>): Surroundings {
  const tab = own.filter((entry) => entry.z === saved.z).map(({ id }) => id);
  const groups = new Map(own.filter(({ type }) => type === 'group').map((group) => [group.id, group]));
  const isWithin = (entry: RedEntry, group: string): boolean => {
    const seen = new Set<string>();
    for (let outer = entry.g; outer !== undefined && !seen.has(outer); outer = groups.get(outer)?.g) {
      if (outer === group) return true;
      seen.add(outer);
    }
    return false;
  };
  const { g } = saved;
  return { env, tab, group: g === undefined ? undefined : own.filter((entry) => isWithin(entry, g)).map(({ id }) => id) };
}
