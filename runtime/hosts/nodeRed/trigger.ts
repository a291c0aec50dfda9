import type { InboxEntry } from '../../domain/ports';
import type { WebhookTriggerDefinition } from '../definition';
import type { TriggerBinding } from '../../runtime';
import { deny } from '../../domain/denial';
import { asError } from './asError';
import { deploy, type Deployed } from './deployed';
import { DenialError } from './denialError';
import { FlowInterrupted, type FlowEnd } from './flowEnds';
import type { HookTarget } from './hook';
import { hostOf, type Host } from './host';
import { nodeRedType } from './nodeType';
import type { NodeAPI, RedNode, SavedConfig } from './red';
import type { StatusLine } from './statusLine';
import { statusOfError } from './statusTexts';

/** Signals of one trigger that its flow may work on at one time. The rest waits in the inbox. */
const CONCURRENCY = 1_000;
/** How long a closing trigger waits for deliveries to take notice; Node-RED itself gives up after 15 s. */
const CLOSE_PATIENCE_MS = 1_000;
/** Deploys that one entry outlives within one life of its trigger. */
const INTERRUPTIONS_LIMIT = 1_000;
const SHORTEST_TOKEN = 32;

/** Makes a webhook trigger a Node-RED node: alerts come in through the one route, are durable in the inbox, and leave as messages. */
export function registerTrigger(red: NodeAPI, definition: WebhookTriggerDefinition): void {
  const host = hostOf(red);
  const credentials = definition.connections.includes('webhookSecret') ? { credentials: { secret: { type: 'password' } as const } } : {};
  red.nodes.registerType(nodeRedType(definition.type), function (config) {
    red.nodes.createNode(this, config);
    startTrigger(host, this, definition, config);
  }, credentials);
}

function startTrigger(host: Host, node: RedNode, definition: WebhookTriggerDefinition, config: SavedConfig): void {
  const { status, deployed } = deploy(host, node, definition, config);
  if (!deployed.ok) return;
  const token = config['token'];
  if (typeof token !== 'string' || token.length < SHORTEST_TOKEN) { complain(node, status, 'This trigger has no address yet. Open it, press Done and deploy.'); return; }
  const binding = bindingOf(node, definition, deployed.value);
  const lease = host.lease();
  const target: HookTarget = {
    async receive(request) {
      const { runtime } = await lease;
      const answer = await runtime.ingress.receive(binding, { ...request, receivedAt: runtime.now() }, 'attached');
      if (answer.status === 202) status.show({ fill: 'green', shape: 'dot', text: `received ${answer.entries.length}` });
      else if (answer.status !== 200) status.show({ fill: 'yellow', shape: 'ring', text: `refused (${answer.status})` });
      return answer;
    },
  };
  if (!host.hooks.bind(token, target)) {
    lease.then((held) => held.release()).catch(() => undefined);
    complain(node, status, 'Another trigger has the same address. Open this one, make a new address and deploy.');
    return;
  }
  status.show({ fill: 'grey', shape: 'ring', text: 'listening' });
  const stop = attach(host, node, status, deployed.value.nodeKey, lease);
  node.on('close', (_removed, done) => {
    host.hooks.unbind(token, target);
    void stop().finally(done);
  });
}

/** Delivers the inbox's entries for as long as the node lives. The returned function ends that, quickly. */
function attach(host: Host, node: RedNode, status: StatusLine, nodeKey: string, lease: ReturnType<Host['lease']>): () => Promise<void> {
  const closing = new AbortController();
  const attached = lease.then(({ runtime }) => runtime.ingress.attach(nodeKey, (entry) => deliver(host, node, entry, closing.signal), { concurrency: CONCURRENCY }));
  attached.catch((error: unknown) => complain(node, status, asError(error).message));
  return async () => {
    closing.abort();
    const detach = await attached.catch(() => undefined);
    await detach?.(CLOSE_PATIENCE_MS);
    const held = await lease.catch(() => undefined);
    held?.release();
  };
}

/**
 * Resolves when the flow has ended with this entry. A deploy that leaves the trigger alone stops its flow all the same:
 * then the entry is sent again as soon as flows run. Rejects when the trigger itself is closed; the next one takes the entry over.
 */
async function deliver(host: Host, node: RedNode, entry: InboxEntry, closing: AbortSignal): Promise<void> {
  for (let interruptions = 0; interruptions < INTERRUPTIONS_LIMIT; interruptions += 1) {
    if (!(await host.flows.untilRunning(closing))) break;
    const end = await send(host, node, entry, closing);
    if (end === 'timeout') node.warn(`The flow was still busy with signal ${entry.signalId} after a minute; it counts as done.`);
    if (end !== 'interrupted') return;
  }
  throw new FlowInterrupted(entry.signalId);
}

async function send(host: Host, node: RedNode, entry: InboxEntry, closing: AbortSignal): Promise<FlowEnd | 'interrupted'> {
  const ended = host.ends.follow(entry.signalId);
  const interrupt = (): void => host.ends.interrupt(entry.signalId);
  closing.addEventListener('abort', interrupt);
  try {
    node.send({ _msgid: host.red.util.generateId(), topic: entry.source, payload: structuredClone(entry.item) });
    return await ended;
  } catch (error) {
    if (error instanceof FlowInterrupted) return 'interrupted';
    throw error;
  } finally {
    closing.removeEventListener('abort', interrupt);
  }
}

function bindingOf(node: RedNode, definition: WebhookTriggerDefinition, { params, nodeKey, strategyId }: Deployed<Readonly<Record<string, unknown>>>): TriggerBinding {
  const secret = node.credentials?.['secret'];
  return { definition, params, nodeKey, strategyId, ...(typeof secret === 'string' && secret !== '' ? { secret } : {}) };
}

function complain(node: RedNode, status: StatusLine, message: string): void {
  const error = new DenialError(deny('NOT_READY', message).denial);
  status.show(statusOfError(error));
  node.error(error.message);
}
