import { deny, explained, type Denial } from '../../../domain/denial';
import { Envelope } from '../../../domain/envelope';
import type { RunResult } from '../../run';
import type { Carried, Emitted, FlowState, GraphNode, OurNode, TranslatedNode } from '../graph';
import { fromMap, type Plan } from './plan';
import { asked, MAX_STEPS, putOut, tooLong, type Turn, type Walk } from './turn';

interface Visit {
  readonly node: GraphNode;
  readonly carried: Carried;
}

/** A node passes on an error that came back to it so often; then Node-RED gives up on it. */
const MAX_ERROR_ROUNDS = 10;

/** Node-RED's way: message by message, all branches by turns; an error ends its branch, and goes to the Catch nodes. */
export function* walkNodeRed(plan: Plan, state: FlowState, first: { readonly from: string; readonly put: readonly Emitted[] } | Visit): Walk {
  const items = new WeakMap<object, Envelope>();
  const queue: Visit[] = [];
  if ('put' in first) queue.push(...sent(plan, first.from, first.put));
  else queue.push(first);
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const visit = queue.shift();
    if (visit === undefined) return;
    queue.push(...yield* visitNode(plan, items, visit, state));
  }
  throw tooLong();
}

/** For each output every wire, for each wire every message. */
function sent(plan: Plan, from: string, put: readonly Emitted[]): readonly Visit[] {
  return plan.exits(from).flatMap(({ port, to }) => put.filter((each) => each.port === port).map(({ carried }) => ({ node: fromMap(plan.graph.nodes, to), carried: putOut(from, carried) })));
}

function* visitNode(plan: Plan, items: WeakMap<object, Envelope>, { node, carried }: Visit, state: FlowState): Generator<Turn, readonly Visit[], RunResult | undefined> {
  if (node.kind === 'ours') return yield* runOurs(plan, items, node, carried);
  const ended = node.kind === 'foreign' ? { ok: false as const, denial: node.denial } : node.run({ inputs: [[carried]] }, state);
  if (ended.ok) return sent(plan, node.id, ended.value);
  yield { kind: 'failed', node, denial: ended.denial };
  return caught(plan, node, carried, ended.denial);
}

function* runOurs(plan: Plan, items: WeakMap<object, Envelope>, node: OurNode, carried: Carried): Generator<Turn, readonly Visit[], RunResult | undefined> {
  const item = itemOf(items, carried.data['payload']);
  if (!item.ok) {
    yield { kind: 'failed', node, denial: item.denial, payload: carried.data['payload'] };
    return caught(plan, node, carried, item.denial);
  }
  const result = yield* asked({ kind: 'run', node, item: item.value });
  if (result.kind === 'raised') return caught(plan, node, carried, result.denial);
  return sent(plan, node.id, result.emissions.map((emission) => {
    items.set(emission.item, emission.item);
    return { port: emission.port, carried: { data: { ...carried.data, payload: emission.item }, trail: carried.trail } };
  }));
}

/** What one of our nodes put out is an item; what a foreign node made of it is looked at. */
function itemOf(items: WeakMap<object, Envelope>, payload: unknown): { readonly ok: true; readonly value: Envelope } | { readonly ok: false; readonly denial: Denial } {
  const known = typeof payload === 'object' && payload !== null ? items.get(payload) : undefined;
  if (known !== undefined) return { ok: true, value: known };
  const read = Envelope.safeParse(payload);
  if (read.success) return { ok: true, value: read.data };
  const issue = read.error.issues[0];
  const name = ['msg.payload', ...(issue?.path ?? [])].map(String).join('.');
  return deny('INVALID_FIELD', `${name}: ${issue?.message ?? 'not valid'}.`, { field: name, remedy: 'Pass on the item of a trigger, or set msg.payload to an object such as {"symbol": "SBIN", "action": "BUY"}.' });
}

/** The Catch nodes that take an error of this node, with the message it failed on; one for what nobody else took comes last. */
function caught(plan: Plan, node: GraphNode, { data, trail }: Carried, denial: Denial): readonly Visit[] {
  const count = errorRounds(data['error'], node.id);
  if (count >= MAX_ERROR_ROUNDS) return [];
  const catchers = [...plan.graph.nodes.values()].filter((other): other is CatchNode => isCatch(other) && (other.doing.nodes?.includes(node.id) ?? true));
  const outright = catchers.filter(({ doing }) => !doing.uncaughtOnly);
  const error = { message: explained(denial), source: { id: node.id, type: node.type, name: node.name, count }, code: denial.code, cause: denial };
  const message = { ...data, ...('error' in data ? { _error: data['error'] } : {}), error };
  return (outright.length > 0 ? outright : catchers).map((catcher) => ({ node: catcher, carried: { data: message, trail } }));
}

type CatchNode = TranslatedNode & { readonly doing: { readonly kind: 'errors' } };

function isCatch(node: GraphNode): node is CatchNode {
  return node.kind === 'translated' && node.doing.kind === 'errors';
}

function errorRounds(error: unknown, id: string): number {
  if (typeof error !== 'object' || error === null || !('source' in error)) return 1;
  const { source } = error;
  if (typeof source !== 'object' || source === null || !('id' in source) || !('count' in source)) return 1;
  return source.id === id && typeof source.count === 'number' ? source.count + 1 : 1;
}
