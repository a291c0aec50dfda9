import type { Denial, Outcome } from '../../domain/denial';
import { deny, ok } from '../../domain/denial';
import { Envelope } from '../../domain/envelope';
import type { NodeLane, Refusal } from '../../domain/backtest';
import type { InstrumentKey } from '../../domain/market';
import type { EpochMs } from '../../domain/time';
import { Identity } from '../identity';
import { signalIdOf } from '../nodeRed/signalId';
import { readParameters } from '../parameters';
import { recordUnread, runNode, type RunResult } from '../run';
import { whyForeign, type FlowGraph, type GraphNode, type OurNode } from './graph';
import { createReasons, type Because } from './reasons';
import { createWalker, type Turn } from './walk';
import type { World } from './world';

/** One of our nodes with its parameters parsed: nothing is read twice. */
export interface ReadyNode {
  readonly node: OurNode;
  readonly params: Readonly<Record<string, unknown>>;
  readonly strategyId: string;
  readonly nodeKey: string;
}

/** A flow that can be walked: nodes read, wires known. */
export interface Compiled {
  readonly ready: ReadonlyMap<string, ReadyNode>;
  readonly lanes: readonly NodeLane[];
  /** Sends an item on from a trigger; resolves when the flow has ended with it. */
  fire(trigger: ReadyNode, item: Envelope, signalId: string): Promise<void>;
  /** Puts an item into a node by hand. */
  put(node: ReadyNode, item: Envelope, signalId: string): Promise<void>;
  /** One turn of a walk, for lanes that walk otherwise: the node's result. */
  run(turn: Extract<Turn, { kind: 'run' }>, signalId: string): Promise<RunResult>;
  /** Remembers what began a signal: a trigger's name with its item, `by hand`. */
  began(signalId: string, by: string, item?: Envelope): void;
  /** Remembers a node that could not run. */
  failed(node: GraphNode, denial: Denial): void;
  /** Of a node that was given no item. */
  unread(turn: Extract<Turn, { kind: 'failed' }>, signalId: string): Promise<void>;
  readonly refusals: readonly Refusal[];
  /** Why a node acted on a signal. */
  because(nodeKey: string, signalId: string): Because;
}

/** Reads every node up front: a bad parameter is refused before the walk, and what only another lane can run is refused by its name. */
export function compile(graph: FlowGraph): Outcome<{ readonly ready: ReadonlyMap<string, ReadyNode>; readonly lanes: readonly NodeLane[] }> {
  const ready = new Map<string, ReadyNode>();
  const lanes: NodeLane[] = [];
  const foreign = whyForeign(graph);
  if (foreign !== undefined) return { ok: false, denial: foreign };
  for (const node of graph.nodes.values()) {
    if (node.kind === 'ours') {
      const read = readNode(node);
      if (!read.ok) return read;
      ready.set(node.id, read.value);
    }
    lanes.push({ node: node.name, type: node.type, lane: laneOf(node) });
  }
  return ok({ ready, lanes });
}

/** What is wired to nothing, or only looks, decides nothing. */
function laneOf(node: GraphNode): NodeLane['lane'] {
  if (node.kind === 'ours') return 'compiled';
  return node.kind === 'foreign' || node.doing.kind === 'look' ? 'ignored' : 'translated';
}

function readNode(node: OurNode): Outcome<ReadyNode> {
  const form = { numbersAsText: node.numbersAsText };
  // With expressions in them they are read anew for each item.
  const params = node.valuesFor === undefined ? readParameters(node.definition.params, node.values, form) : ok({});
  if (!params.ok) return named(node, params.denial);
  const identity = readParameters(Identity, node.values, form);
  if (!identity.ok) return named(node, identity.denial);
  return ok({ node, params: params.value, strategyId: identity.value.strategyId ?? node.fallback.strategyId, nodeKey: identity.value.nodeKey ?? node.fallback.nodeKey });
}

function named(node: GraphNode, denial: Denial): Outcome<never> {
  return { ok: false, denial: { ...denial, message: `${node.name}: ${denial.message}` } };
}

/** A flow that is tied to a world. */
export type TiedFlow = Omit<Compiled, 'ready' | 'lanes'>;

/** How a flow is made ready and walked: lane A's way, or another's. */
export interface Lane {
  compile(graph: FlowGraph): ReturnType<typeof compile>;
  createFlow(graph: FlowGraph, ready: ReadonlyMap<string, ReadyNode>, world: World): TiedFlow | Promise<Outcome<TiedFlow>>;
}

/** Ties a flow to a world. */
export function createFlow(graph: FlowGraph, ready: ReadonlyMap<string, ReadyNode>, world: World): TiedFlow {
  const walker = createWalker(graph);
  const refusals: Refusal[] = [];
  const reasons = createReasons();

  const refuse = (node: string, denial: Denial, item: Envelope): void => {
    const instrument = item.exchange === undefined || item.symbol === undefined ? undefined : `${item.exchange}:${item.symbol}`;
    refusals.push({ at: world.now(), node, code: denial.code, message: denial.message, ...(instrument === undefined ? {} : { instrument: instrument as InstrumentKey }), ...(item.action === undefined ? {} : { action: item.action }) });
  };

  async function run(turn: Extract<Turn, { kind: 'run' }>, signalId: string): Promise<RunResult> {
    const { node, item, values } = turn;
    const own = ready.get(node.id);
    if (own === undefined || node.definition.kind !== 'action') throw new Error(`${node.name} takes no items.`);
    const params = values === undefined ? ok(own.params) : readParameters(node.definition.params, values, { numbersAsText: node.numbersAsText });
    if (!params.ok) return { kind: 'raised', denial: params.denial };
    const origin = { account: world.account.config.id, strategyId: own.strategyId, nodeKey: own.nodeKey, signalId: item.signal?.id ?? signalId };
    reasons.took(origin.signalId, origin.nodeKey, item);
    const result = await runNode(node.definition, params.value, item, world.context(origin));
    if (result.kind === 'raised') refuse(node.name, result.denial, item);
    else {
      const { refusalPort } = node.definition;
      for (const emission of result.emissions) reasons.gave(origin.signalId, item, emission.item);
      for (const emission of result.emissions) if (emission.port === refusalPort && emission.item.denial !== undefined && emission.item.denial !== item.denial) refuse(node.name, emission.item.denial, emission.item);
    }
    return result;
  }

  const failed = (node: GraphNode, { code, message }: Denial): void => { refusals.push({ at: world.now(), node: node.name, code, message }); };

  /** A signal that the payload still names goes before that of the walk, as in the hosts. */
  async function unread(turn: Extract<Turn, { kind: 'failed' }>, walked: string): Promise<void> {
    const { node, denial, payload } = turn;
    failed(node, denial);
    if (!('payload' in turn)) return;
    const own = ready.get(node.id);
    if (own === undefined || node.kind !== 'ours' || node.definition.kind !== 'action') return;
    const signalId = signalIdOf({ payload }) ?? walked;
    await recordUnread(node.definition, own.params, payload, denial, world.context({ account: world.account.config.id, strategyId: own.strategyId, nodeKey: own.nodeKey, signalId }));
  }

  async function drive(walk: ReturnType<typeof walker.after>, signalId: string): Promise<void> {
    let next = walk.next();
    while (next.done !== true) {
      const turn = next.value;
      if (turn.kind === 'failed') {
        await unread(turn, signalId);
        next = walk.next(undefined);
      } else next = walk.next(await run(turn, signalId));
    }
  }

  return {
    refusals, run, failed, unread,
    began: (signalId, by, item) => { reasons.began(signalId, by, item); },
    because: (nodeKey, signalId) => reasons.because(nodeKey, signalId),
    async fire(trigger, item, signalId) {
      reasons.began(signalId, trigger.node.name, item);
      await drive(walker.after(trigger.node.id, item, signalId), signalId);
    },
    async put(node, item, signalId) {
      reasons.began(signalId, 'by hand');
      await drive(walker.into(node.node.id, item, signalId), signalId);
    },
  };
}

/** What a webhook trigger was sent, as its reader understands it. */
export function readAlert(trigger: ReadyNode, body: string, at: EpochMs, resolve: Parameters<typeof interpretWith>[0]): Outcome<readonly { readonly dedupeKey: string; readonly item: Envelope }[]> {
  const { definition } = trigger.node;
  if (definition.kind !== 'webhookTrigger') return deny('NOT_FOUND', `${trigger.node.name} takes no alerts.`, { field: 'alerts' });
  const read = interpretWith(resolve)(definition, trigger, body, at);
  return read.ok ? ok(read.value.signals) : read;
}

function interpretWith(resolve: Parameters<Extract<OurNode['definition'], { kind: 'webhookTrigger' }>['interpret']>[2]['resolve']) {
  return (definition: Extract<OurNode['definition'], { kind: 'webhookTrigger' }>, { params, nodeKey }: ReadyNode, body: string, receivedAt: EpochMs) => {
    const json = jsonOf(body);
    return definition.interpret(params, json === undefined ? { kind: 'text', text: body } : { kind: 'json', value: json }, { receivedAt, nodeKey, resolve });
  };
}

function jsonOf(text: string): Readonly<Record<string, unknown>> | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  const read = Envelope.safeParse(JSON.parse(text));
  return read.success ? read.data : undefined;
}
