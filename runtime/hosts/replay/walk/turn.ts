import type { Denial } from '../../../domain/denial';
import type { Envelope } from '../../../domain/envelope';
import type { RunResult } from '../../run';
import type { Carried, GraphNode, OurNode } from '../graph';

/** What a walk asks of whoever drives it. */
export type Turn =
  /** Run this node on this item and answer with the result. `values` are there where its parameters hold expressions: read them anew. */
  | { readonly kind: 'run'; readonly node: OurNode; readonly item: Envelope; readonly values?: Readonly<Record<string, unknown>> }
  /** This node failed before it could run, or is a foreign one. For the record; the answer is not looked at. `payload` is there where one of ours was given no item. */
  | { readonly kind: 'failed'; readonly node: GraphNode; readonly denial: Denial; readonly payload?: unknown };

/** One signal on its way through the flow, synchronous or not as its driver is: `next` takes the answer to the turn before. */
export type Walk = Generator<Turn, void, RunResult | undefined>;

/** Nodes one signal may pass; a flow that goes round in circles is stopped there. */
export const MAX_STEPS = 10_000;

export function tooLong(): Error {
  return new Error(`The flow did not end within ${MAX_STEPS} steps: look for a circle.`);
}

/** Runs one node of ours by way of the driver. */
export function* asked(turn: Turn): Generator<Turn, RunResult, RunResult | undefined> {
  const result = yield turn;
  if (result === undefined) throw new Error('Whoever drives a walk answers a turn with its result.');
  return result;
}

/** What a node put out; it has gone through that node. */
export function putOut(node: string, { data, trail }: Carried): Carried {
  return { data, trail: { node, data, before: trail } };
}

/** n8n's item as the envelope: an object; every node checks the fields it reads itself. */
export function asEnvelope(value: unknown): Envelope {
  if (isObject(value)) return value;
  throw new TypeError('An item must be an object.');
}

function isObject(value: unknown): value is Envelope {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
