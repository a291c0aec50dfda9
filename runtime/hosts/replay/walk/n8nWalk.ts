import type { Carried, FlowState, GraphNode, OurNode, TranslatedNode } from '../graph';
import { fromMap, type Plan } from './plan';
import { asEnvelope, asked, MAX_STEPS, putOut, tooLong, type Turn, type Walk } from './turn';
import { explained, type Denial } from '../../../domain/denial';
import type { RunResult } from '../../run';

interface Visit {
  readonly node: GraphNode;
  readonly inputs: readonly (readonly Carried[])[];
}

/** By port, in no order. undefined: the execution ends with an error. */
type Put = ReadonlyMap<string, readonly Carried[]> | undefined;

/** n8n's way: a node takes all items of an output at once, and one error ends the execution. */
export function* walkN8n(plan: Plan, state: FlowState, first: { readonly from: string; readonly put: ReadonlyMap<string, readonly Carried[]> } | Visit): Walk {
  const stack: Visit[] = [];
  const waiting = new Map<string, (readonly Carried[] | undefined)[][]>();
  if ('put' in first) follow(plan, stack, waiting, first.from, first.put);
  else stack.push(first);
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const visit = (plan.graph.order === 'branchByBranch' ? stack.pop() : stack.shift()) ?? released(plan, waiting);
    if (visit === undefined) return;
    const put = yield* visitNode(visit, state);
    if (put === undefined) return;
    follow(plan, stack, waiting, visit.node.id, put);
  }
  throw tooLong();
}

/** Puts what came out before the nodes it leads to; the one that is to be visited first is taken first. */
function follow(plan: Plan, stack: Visit[], waiting: Map<string, (readonly Carried[] | undefined)[][]>, from: string, put: ReadonlyMap<string, readonly Carried[]>): void {
  const ready: Visit[] = [];
  // In the host's order of queueing: for branch by branch the last one queued is the first one visited.
  const edges = plan.graph.order === 'branchByBranch' ? plan.exits(from).toReversed() : plan.exits(from);
  for (const edge of edges) {
    const carried = put.get(edge.port);
    if (carried === undefined || carried.length === 0) continue;
    const node = fromMap(plan.graph.nodes, edge.to);
    const inputs = plan.inputsOf(edge.to);
    if (inputs === 1) ready.push({ node, inputs: [carried] });
    else ready.push(...joined(waiting, node, edge.input, inputs, carried));
  }
  stack.push(...ready);
}

/** A node with several inputs waits until something came to each of them. */
function joined(waiting: Map<string, (readonly Carried[] | undefined)[][]>, node: GraphNode, input: number, inputs: number, carried: readonly Carried[]): readonly Visit[] {
  const lots = waiting.get(node.id) ?? [];
  waiting.set(node.id, lots);
  let lot = lots.find((candidate) => candidate[input] === undefined);
  if (lot === undefined) {
    lot = Array.from({ length: inputs }, () => undefined);
    lots.push(lot);
  }
  lot[input] = carried;
  if (lot.includes(undefined)) return [];
  lots.splice(lots.indexOf(lot), 1);
  if (lots.length === 0) waiting.delete(node.id);
  return [{ node, inputs: lot.map((each) => each ?? []) }];
}

/** When nothing else is left to do, a node runs on what came, unless it needs all of it or one before it waits too. */
function released(plan: Plan, waiting: Map<string, (readonly Carried[] | undefined)[][]>): Visit | undefined {
  for (const [id, lots] of waiting) {
    const node = fromMap(plan.graph.nodes, id);
    if (needsAll(node) || [...waiting.keys()].some((other) => other !== id && plan.leadsTo(other, id))) continue;
    const lot = lots.shift();
    if (lots.length === 0) waiting.delete(id);
    if (lot !== undefined) return { node, inputs: lot.map((each) => each ?? []) };
  }
  return undefined;
}

function needsAll(node: GraphNode): boolean {
  return node.kind === 'translated' && node.doing.kind === 'await';
}

function* visitNode({ node, inputs }: Visit, state: FlowState): Generator<Turn, Put, RunResult | undefined> {
  if (node.kind === 'ours') return yield* runOurs(node, inputs[0] ?? [], state);
  if (node.kind === 'translated') return yield* runTranslated(node, inputs, state);
  yield { kind: 'failed', node, denial: node.denial };
  return undefined;
}

function* runTranslated(node: TranslatedNode, inputs: readonly (readonly Carried[])[], state: FlowState): Generator<Turn, Put, RunResult | undefined> {
  const put = new Map<string, Carried[]>();
  const ended = node.run({ inputs }, state);
  if (ended.ok) {
    for (const { port, carried } of ended.value) add(put, port, putOut(node.id, carried));
    return put;
  }
  yield { kind: 'failed', node, denial: ended.denial };
  if (node.onError === 'stop') return undefined;
  return new Map([[node.onError === 'errorPort' ? ERROR_PORT : node.outputs[0] ?? ERROR_PORT, (inputs[0] ?? []).map((carried) => putOut(node.id, carried))]]);
}

/** The output that a node has beside its own where errors are to leave by one. */
export const ERROR_PORT = 'error';

/** Every item has its turn; where one failed, the execution ends after the last. */
function* runOurs(node: OurNode, arrived: readonly Carried[], state: FlowState): Generator<Turn, Put, RunResult | undefined> {
  const put = new Map<string, Carried[]>();
  let failed = false;
  for (const carried of node.once ? arrived.slice(0, 1) : arrived) {
    const result = yield* runItem(node, carried, state);
    if (result.kind === 'emitted') for (const { port, item } of result.emissions) add(put, port, putOut(node.id, { data: item, trail: carried.trail }));
    else if (node.onError === 'stop') failed = true;
    else add(put, ...failure(node, carried, result.denial));
  }
  return failed ? undefined : put;
}

function* runItem(node: OurNode, carried: Carried, state: FlowState): Generator<Turn, RunResult, RunResult | undefined> {
  const item = asEnvelope(carried.data);
  if (node.valuesFor === undefined) return yield* asked({ kind: 'run', node, item });
  const values = node.valuesFor({ carried, state });
  if (values.ok) return yield* asked({ kind: 'run', node, item, values: values.value });
  yield { kind: 'failed', node, denial: values.denial };
  return { kind: 'raised', denial: values.denial };
}

/** A failed item must never look approved or placed: it leaves where refusals leave, or by the output for errors together with what it was. */
function failure(node: OurNode, carried: Carried, denial: Denial): [string, Carried] {
  const error = { error: explained(denial) };
  if (node.onError === 'errorPort') return [ERROR_PORT, putOut(node.id, { data: { ...carried.data, ...error }, trail: carried.trail })];
  const outputs: readonly { readonly port: string }[] = node.definition.outputs;
  const refusals = node.definition.kind === 'action' ? node.definition.refusalPort : undefined;
  return [refusals ?? outputs[0]?.port ?? ERROR_PORT, putOut(node.id, { data: error, trail: carried.trail })];
}

function add(put: Map<string, Carried[]>, port: string, carried: Carried): void {
  const known = put.get(port);
  if (known === undefined) put.set(port, [carried]);
  else known.push(carried);
}
