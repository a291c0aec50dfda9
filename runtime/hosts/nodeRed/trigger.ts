import type { WebhookTriggerDefinition } from '../definition';
import type { TriggerBinding } from '../../runtime';
import { asError } from './asError';
import { Closing } from './closing';
import { CLOSE_PATIENCE_MS, complain, CONCURRENCY, deliver } from './deliver';
import { deploy, type Deployed } from './deployed';
import type { HookTarget } from './hook';
import { hostOf, type Host } from './host';
import { nodeRedType } from './nodeType';
import type { NodeAPI, RedNode, SavedConfig } from './red';
import type { StatusLine } from './statusLine';

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
  const { answersQuestions } = definition;
  const target: HookTarget = {
    async receive(request) {
      const { runtime } = await lease;
      const answer = await runtime.ingress.receive(binding, { ...request, receivedAt: runtime.now() }, 'attached');
      if (answer.status === 202) status.show({ fill: 'green', shape: 'dot', text: `received ${answer.entries.length}` });
      else if (answer.status !== 200) status.show({ fill: 'yellow', shape: 'ring', text: `refused (${answer.status})` });
      return answer;
    },
    ...(answersQuestions === true ? { page: async (address: string) => (await lease).runtime.ingress.page(binding, address) } : {}),
  };
  if (!host.hooks.bind(token, target)) {
    lease.then((held) => held.release()).catch(() => undefined);
    complain(node, status, 'Another trigger has the same address. Open this one, make a new address and deploy.');
    return;
  }
  status.show({ fill: 'grey', shape: 'ring', text: 'listening' });
  const stop = attach(host, node, status, binding, lease);
  node.on('close', (_removed, done) => {
    host.hooks.unbind(token, target);
    void stop().finally(done);
  });
}

/** Delivers the inbox's entries for as long as the node lives. The returned function ends that, quickly. */
function attach(host: Host, node: RedNode, status: StatusLine, { nodeKey, strategyId, definition }: TriggerBinding, lease: ReturnType<Host['lease']>): () => Promise<void> {
  const closing = new Closing();
  const options = { concurrency: CONCURRENCY, ...(definition.answersQuestions === true ? { questionsOf: { strategyId, source: definition.type } } : {}) };
  const attached = lease.then(({ runtime }) => runtime.ingress.attach(nodeKey, (entry) => deliver(host, node, entry, closing), options));
  attached.catch((error: unknown) => complain(node, status, asError(error).message));
  return async () => {
    closing.close();
    const detach = await attached.catch(() => undefined);
    await detach?.(CLOSE_PATIENCE_MS);
    const held = await lease.catch(() => undefined);
    held?.release();
  };
}

function bindingOf(node: RedNode, definition: WebhookTriggerDefinition, { params, nodeKey, strategyId }: Deployed<Readonly<Record<string, unknown>>>): TriggerBinding {
  const secret = node.credentials?.['secret'];
  return { definition, params, nodeKey, strategyId, ...(typeof secret === 'string' && secret !== '' ? { secret } : {}) };
}
