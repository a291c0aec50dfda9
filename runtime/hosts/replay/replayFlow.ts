import type { AccountConfig } from '../../domain/account';
import { deny, ok, type Denial, type Outcome } from '../../domain/denial';
import { Envelope } from '../../domain/envelope';
import type { AlertChannel, InboxEntry } from '../../domain/ports';
import type { Firing } from '../../domain/trigger';
import type { Runtime, WebhookAnswer } from '../../runtime';
import type { WebhookTriggerDefinition } from '../definition';
import { Identity } from '../identity';
import { readParameters } from '../parameters';
import { runNode, type RunResult } from '../run';
import { ourNodes, whyForeign, type FlowGraph, type OurNode } from './graph';
import { startSources } from './sources';
import { createWalker, type Turn, type Walk, type Walker } from './walk';

export { MAX_STEPS } from './walk';

export interface ReplayOptions {
  readonly graph: FlowGraph;
  readonly runtime: Runtime;
  readonly account: AccountConfig;
  /** The key that webhook calls must carry, where their source can. */
  readonly secret?: string;
  /** Whether triggers that act by themselves do so on the runtime's ticks and clock, or wait for `fire`. Default 'injected'. */
  readonly sources?: 'injected' | 'live';
  /** Where alerts of the flow go; default: into the journal alone. */
  readonly channels?: readonly AlertChannel[];
}

/** A flow running in this process, without an editor. */
export interface ReplayedFlow {
  /** A webhook call to the trigger with this node key; resolves when the flow has ended for every signal of it. */
  post(nodeKey: string, body: string): Promise<Outcome<WebhookAnswer>>;
  /** Has a trigger that acts by itself say something; resolves when the flow has ended with it, or will never see it. For `sources: 'injected'`. */
  fire(nodeKey: string, firing: Firing): Promise<Outcome<'done' | 'duplicate' | 'expired' | 'failed'>>;
  /** Resolves when no flow is at work that one of its own triggers started by itself: whoever moves the clock waits for it. For `sources: 'live'`. */
  idle(): Promise<void>;
  /** Puts an item into an action node, as a manual start would. */
  inject(nodeKey: string, item: Envelope, signalId: string): Promise<void>;
  /** Detaches the triggers; the runtime stays open. */
  close(): Promise<void>;
}

/** A graph node with its parameters parsed: nothing is read twice. */
export interface Ready {
  readonly node: OurNode;
  readonly params: Readonly<Record<string, unknown>>;
  readonly strategyId: string;
  readonly nodeKey: string;
}

/** Prepares a flow and attaches its triggers. Every parameter is read once, up front: a bad one is refused before the first signal. */
export async function replayFlow(options: ReplayOptions): Promise<Outcome<ReplayedFlow>> {
  const ready = new Map<string, Ready>();
  const foreign = whyForeign(options.graph);
  if (foreign !== undefined) return { ok: false, denial: foreign };
  for (const node of ourNodes(options.graph)) {
    const read = readNode(node, node.values);
    if (!read.ok) return read;
    ready.set(node.id, read.value);
  }
  await options.runtime.declareAccount(options.account);
  const walker = createWalker(options.graph);
  const ends = new Ends();
  const webhooks = [...ready.values()].filter(({ node }) => node.definition.kind === 'webhookTrigger');
  const detach = webhooks.map((trigger) => attach(options, ready, walker, trigger, ends));
  const sources = await startSources(options, ready, (trigger, signal) => drive(options, ready, after(walker, trigger, signal), signal.signalId));
  if (!sources.ok) {
    await Promise.all(detach.map((stop) => stop()));
    return sources;
  }
  const find = (nodeKey: string): Ready | undefined => [...ready.values()].find((candidate) => candidate.nodeKey === nodeKey);
  return ok({
    post: async (nodeKey, body) => {
      const trigger = find(nodeKey);
      if (trigger?.node.definition.kind !== 'webhookTrigger') return deny('NOT_FOUND', `No webhook trigger has the node key ${nodeKey}.`);
      const answer = await receive(options, trigger, trigger.node.definition, body);
      for (const { signalId } of answer.entries) await ends.of(signalId);
      return ok(answer);
    },
    fire: async (nodeKey, firing) => {
      const emit = sources.value.emit(nodeKey);
      return emit === undefined ? deny('NOT_FOUND', `No trigger that waits for "fire" has the node key ${nodeKey}.`) : ok(await emit(firing));
    },
    idle: () => sources.value.idle(),
    inject: async (nodeKey, item, signalId) => {
      const target = find(nodeKey);
      if (target === undefined) throw new Error(`No node has the key ${nodeKey}.`);
      if (target.node.definition.kind !== 'action') throw new Error(`A wire leads into ${target.node.id}, which takes no items.`);
      await drive(options, ready, walker.into(target.node.id, item, signalId), signalId);
    },
    close: async () => {
      await Promise.all([sources.value.stop(), ...detach.map((stop) => stop())]);
    },
  });
}

/** When the flow has ended, or failed, for a signal; whichever is first, the asking or the ending. */
class Ends {
  readonly #known = new Map<string, PromiseWithResolvers<undefined>>();

  of(signalId: string): Promise<undefined> {
    return this.#get(signalId).promise.finally(() => this.#known.delete(signalId));
  }

  ended(signalId: string): void {
    this.#get(signalId).resolve(undefined);
  }

  failed(signalId: string, reason: unknown): void {
    this.#get(signalId).reject(reason);
  }

  #get(signalId: string): PromiseWithResolvers<undefined> {
    const known = this.#known.get(signalId) ?? Promise.withResolvers<undefined>();
    this.#known.set(signalId, known);
    return known;
  }
}

/** One signal at a time, in the order of arrival: a replay is the same every time. */
function attach(options: ReplayOptions, ready: ReadonlyMap<string, Ready>, walker: Walker, trigger: Ready, ends: Ends): (graceMs?: number) => Promise<void> {
  const deliver = async (entry: InboxEntry): Promise<void> => {
    try {
      await drive(options, ready, after(walker, trigger, entry), entry.signalId);
      ends.ended(entry.signalId);
    } catch (error) {
      ends.failed(entry.signalId, error);
      throw error;
    }
  };
  const { definition } = trigger.node;
  const questions = definition.kind === 'webhookTrigger' && definition.answersQuestions === true ? { questionsOf: { strategyId: trigger.strategyId, source: definition.type } } : {};
  return options.runtime.ingress.attach(trigger.nodeKey, deliver, { concurrency: 1, ...questions });
}

/** Where parameters hold expressions, their values are known with each item only: until then nothing is read of them. */
function readNode(node: OurNode, values: Readonly<Record<string, unknown>>): Outcome<Ready> {
  const form = { numbersAsText: node.numbersAsText };
  const isLater = node.valuesFor !== undefined && values === node.values;
  const params = isLater ? ok({}) : readParameters(node.definition.params, values, form);
  if (!params.ok) return named(node, params.denial);
  const identity = readParameters(Identity, values, form);
  if (!identity.ok) return named(node, identity.denial);
  return ok({ node, params: params.value, strategyId: identity.value.strategyId ?? node.fallback.strategyId, nodeKey: identity.value.nodeKey ?? node.fallback.nodeKey });
}

function named(node: OurNode, denial: Denial): Outcome<never> {
  return { ok: false, denial: { ...denial, message: `${node.name}: ${denial.message}` } };
}

async function receive({ runtime, secret }: ReplayOptions, trigger: Ready, definition: WebhookTriggerDefinition, body: string): Promise<WebhookAnswer> {
  const { params, nodeKey, strategyId } = trigger;
  const binding = { definition, params, nodeKey, strategyId, ...(secret === undefined ? {} : { secret }) };
  const request = { raw: Buffer.from(body), headers: {}, remoteAddress: '127.0.0.1', receivedAt: runtime.now() };
  return runtime.ingress.receive(binding, request, 'attached');
}

function after(walker: Walker, trigger: Ready, { item, signalId }: Pick<InboxEntry, 'item' | 'signalId'>): Walk {
  return walker.after(trigger.node.id, Envelope.parse(item), signalId);
}

/** Answers every turn of a walk by running the node on the runtime. */
async function drive(options: Pick<ReplayOptions, 'runtime' | 'account'>, ready: ReadonlyMap<string, Ready>, walk: Walk, signalId: string): Promise<void> {
  let turn = walk.next();
  while (turn.done !== true) turn = walk.next(turn.value.kind === 'run' ? await run(options, ready, turn.value, signalId) : undefined);
}

/** A raised refusal ends its branch in Node-RED and the execution in n8n, as an uncaught error does there. */
async function run({ runtime, account, channels = [] }: Pick<ReplayOptions, 'runtime' | 'account' | 'channels'>, ready: ReadonlyMap<string, Ready>, { node, item, values }: Turn & { readonly kind: 'run' }, signalId: string): Promise<RunResult> {
  const { definition } = node;
  if (definition.kind !== 'action') throw new Error(`A wire leads into ${node.id}, which takes no items.`);
  const known = ready.get(node.id);
  const target = values === undefined && known !== undefined ? ok(known) : readNode(node, values ?? node.values);
  if (!target.ok) return { kind: 'raised', denial: target.denial };
  const { params, strategyId, nodeKey } = target.value;
  const context = runtime.context({ account: account.id, strategyId, nodeKey, signalId: item.signal?.id ?? signalId }, { channels });
  return runNode(definition, params, item, context);
}
