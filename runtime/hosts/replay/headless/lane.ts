import { deny, ok, type Denial } from '../../../domain/denial';
import { Envelope } from '../../../domain/envelope';
import { DenialError } from '../../nodeRed/denialError';
import { nodeRedType } from '../../nodeRed/nodeType';
import type { FlowMessage, InputHandler, NodeAPI, RedNode, SendMessages } from '../../nodeRed/red';
import type { RunResult } from '../../run';
import { compile, createFlow, type Lane, type ReadyNode, type TiedFlow } from '../compile';
import type { Definitions, FlowGraph, GraphNode } from '../graph';
import type { World } from '../world';
import { createBarrier, StillBusy, type Barrier } from './barrier';
import { embedNodeRed, type LoggedError } from './embedded';
import type { RedEntry } from './entries';
import { virtualDate, virtualTimers } from './virtualTime';

export interface HeadlessOptions {
  /** The main file of the `node-red` package. */
  readonly nodeRed: string;
  readonly entries: readonly RedEntry[];
  readonly definitions: Definitions;
}

export interface HeadlessLane extends Lane {
  close(): Promise<void>;
}

/**
 * Lane B: the flow in a real Node-RED within this process, one signal at a time; our nodes in it act on the virtual world, and Date and timers are the
 * world's. It takes the whole process: one flow, one walk.
 */
export function headlessLane({ nodeRed, entries, definitions }: HeadlessOptions): HeadlessLane {
  let close = (): Promise<void> => Promise.resolve();
  return {
    compile: compileForNodeRed,
    async createFlow(graph, ready, world) {
      const tied = createFlow(graph, ready, world);
      const shells = createShells(graph, tied);
      const onError = (error: LoggedError): void => { tellError(graph, tied, error); };
      const types = [...new Set([...definitions.map(({ type }) => nodeRedType(type)), ...entries.map(({ type }) => type).filter((type) => type.startsWith('bellwether-'))])];
      const giveBack = takeDate(world);
      const embedded = await embedNodeRed({ nodeRed, entries, types, onError, register: (red) => { shells.register(red, types); } });
      if (!embedded.ok) {
        giveBack();
        return embedded;
      }
      const barrier = createBarrier(embedded.value.hooks);
      shells.use(barrier);
      const stopTimers = takeTimers(world, () => barrier.rest());
      close = async () => {
        stopTimers();
        giveBack();
        await embedded.value.close();
      };
      return ok({ ...tied, ...oneByOne(tied, shells, barrier) });
    },
    close: () => close(),
  };
}

/** Every node runs in Node-RED; ours are read up front all the same: a bad parameter is refused before the walk. */
function compileForNodeRed(graph: FlowGraph): ReturnType<typeof compile> {
  const readable = new Map([...graph.nodes].filter(([, node]) => node.kind !== 'foreign'));
  const compiled = compile({ ...graph, nodes: readable, edges: [] });
  if (!compiled.ok) return compiled;
  const lanes = [...graph.nodes.values()].map((node) => ({ node: node.name, type: node.type, lane: node.kind === 'translated' && node.doing.kind === 'look' ? 'ignored' as const : 'node-red' as const }));
  return ok({ ready: compiled.value.ready, lanes });
}

interface Shells {
  register(red: NodeAPI, types: readonly string[]): void;
  use(barrier: Barrier): void;
  node(id: string): RedNode;
}

/** Our nodes as that Node-RED has them: what comes in is run on the world, one after the other, in the order in which it came. */
function createShells(graph: FlowGraph, tied: TiedFlow): Shells {
  const nodes = new Map<string, RedNode>();
  let barrier: Barrier | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const inOrder = (work: () => Promise<RunResult>): Promise<RunResult> => {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  };

  async function run(id: string, message: FlowMessage): Promise<RunResult> {
    const node = graph.nodes.get(id);
    if (node?.kind !== 'ours') throw new Error(`${id} is no node of this flow.`);
    const item = Envelope.safeParse(message.payload);
    if (item.success) return inOrder(() => tied.run({ kind: 'run', node, item: item.data }, item.data.signal?.id ?? message._msgid ?? ''));
    const denial = noItem(item.error.issues[0]);
    return inOrder(async () => {
      await tied.unread({ kind: 'failed', node, denial, payload: message.payload }, message._msgid ?? '');
      return { kind: 'raised', denial };
    });
  }

  function take(red: NodeAPI, self: RedNode, message: FlowMessage, send: SendMessages, done: (error?: Error) => void): void {
    const end = barrier?.begin();
    run(self.id, message).then((result) => {
      if (result.kind === 'raised') done(new DenialError(result.denial));
      else {
        send(messagesOf(red, graph.nodes.get(self.id), message, result));
        done();
      }
    }).catch((error: unknown) => { done(error instanceof Error ? error : new Error(String(error))); }).finally(end);
  }

  const handlerOf = (red: NodeAPI, self: RedNode): InputHandler => (message, send, done) => { take(red, self, message, send, done); };
  return {
    use: (given) => { barrier = given; },
    register(red, types) {
      for (const type of types) {
        red.nodes.registerType(type, function (config) {
          red.nodes.createNode(this, config);
          nodes.set(this.id, this);
          this.on('input', handlerOf(red, this));
        });
      }
    },
    node(id) {
      const shell = nodes.get(id);
      if (shell === undefined) throw new Error(`Node-RED has no node ${id}.`);
      return shell;
    },
  };
}

/** As if a wire led into it. */
function receive(node: RedNode, message: FlowMessage): void {
  if (!('receive' in node) || typeof node.receive !== 'function') throw new Error('A node of Node-RED takes messages.');
  Reflect.apply(node.receive, node, [message]);
}

function noItem(issue: { readonly path: readonly PropertyKey[]; readonly message: string } | undefined): Denial {
  const name = ['msg.payload', ...(issue?.path ?? [])].map(String).join('.');
  return deny('INVALID_FIELD', `${name}: ${issue?.message ?? 'not valid'}.`, { field: name, remedy: 'Pass on the item of a trigger, or set msg.payload to an object such as {"symbol": "SBIN", "action": "BUY"}.' }).denial;
}

function messagesOf(red: NodeAPI, node: GraphNode | undefined, message: FlowMessage, result: Extract<RunResult, { kind: 'emitted' }>): (FlowMessage[] | null)[] {
  if (node?.kind !== 'ours') return [];
  const outputs: readonly { readonly port: string }[] = node.definition.outputs;
  return outputs.map(({ port }) => {
    const items = result.emissions.filter((emission) => emission.port === port).map(({ item }) => item);
    return items.length === 0 ? null : items.map((item) => ({ ...red.util.cloneMessage(message), payload: item }));
  });
}

/** One signal after the other; each ends when Node-RED is at rest. */
function oneByOne(tied: TiedFlow, shells: Shells, barrier: Barrier): Pick<TiedFlow, 'fire' | 'put'> {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (work: () => void): Promise<void> => {
    const next = last.then(() => {
      work();
      return barrier.rest();
    });
    last = next.catch(() => undefined);
    return next;
  };
  const messageOf = (item: Envelope, signalId: string): FlowMessage => ({ _msgid: signalId, ...(item.signal === undefined ? {} : { topic: item.signal.source }), payload: structuredClone(item) });
  return {
    fire({ node }: ReadyNode, item, signalId) {
      tied.began(signalId, node.name, item);
      return inTurn(() => { shells.node(node.id).send(messageOf(item, signalId)); });
    },
    put({ node }: ReadyNode, item, signalId) {
      tied.began(signalId, 'by hand');
      return inTurn(() => { receive(shells.node(node.id), messageOf(item, signalId)); });
    },
  };
}

/** Refusals of our own nodes are known already. */
function tellError(graph: FlowGraph, tied: TiedFlow, { id, type, message }: LoggedError): void {
  if (type?.startsWith('bellwether-') === true) return;
  const known = graph.nodes.get(id ?? '');
  const denial = deny('NOT_SUPPORTED', message).denial;
  tied.failed(known ?? { kind: 'foreign', id: id ?? '', name: type ?? 'Node-RED', type: type ?? '', denial }, denial);
}

function takeDate(world: World): () => void {
  const real = globalThis.Date;
  globalThis.Date = virtualDate(() => world.now());
  return () => { globalThis.Date = real; };
}

/** From the start of the flows on: what Node-RED itself needs to start lives in real time. */
function takeTimers(world: World, rest: () => Promise<void>): () => void {
  const real = { setTimeout: globalThis.setTimeout, setInterval: globalThis.setInterval, clearTimeout: globalThis.clearTimeout, clearInterval: globalThis.clearInterval };
  const settle = (): Promise<void> => rest().catch((error: unknown) => {
    // The signal that waits for the same rest tells it.
    if (!(error instanceof StillBusy)) throw error;
  });
  const { setTimeout, setInterval, clear } = virtualTimers(world, settle);
  Object.assign(globalThis, { setTimeout, setInterval, clearTimeout: clear, clearInterval: clear });
  return () => { Object.assign(globalThis, real); };
}

