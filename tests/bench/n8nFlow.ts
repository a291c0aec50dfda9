import { PACKAGE } from '../hosts/n8n/session';

/** Paths of n8n's own webhook nodes that stand beside ours. */
export const BARE_PATHS = { immediate: 'bench-bare', lastNode: 'bench-bare-flow', withCredentials: 'bench-bare-credentials' };

interface Workflow {
  readonly name: string;
  readonly nodes: readonly object[];
  readonly connections: object;
  readonly settings: object;
}

type Credential = { readonly id: string; readonly name: string };

/** n8n's own webhook: answers at once, with nothing behind it. */
export function bareWorkflow(): Workflow {
  return workflow('Bare', [core('Webhook', 'webhook', 2, { httpMethod: 'POST', path: BARE_PATHS.immediate, responseMode: 'onReceived', options: {} })]);
}

/** n8n's own webhook and as many nodes as ours has behind it, answered at the end. */
export function bareFlow(): Workflow {
  return workflow('Bare flow', [answeredAtTheEnd(BARE_PATHS.lastNode), core('First', 'noOp', 1, {}), core('Second', 'noOp', 1, {})]);
}

/** The same with nodes that read a credential each, as ours do; what they compute is a hash of the time. */
export function credentialFlow(totp: Credential): Workflow {
  const node = (name: string): NamedNode => core(name, 'totp', 1, { operation: 'generateSecret', options: {} }, { totpApi: totp });
  return workflow('Bare flow with credentials', [answeredAtTheEnd(BARE_PATHS.withCredentials), node('First'), node('Second')]);
}

function answeredAtTheEnd(path: string): NamedNode {
  return core('Webhook', 'webhook', 2, { httpMethod: 'POST', path, responseMode: 'lastNode', options: {} });
}

/** Our trigger with nothing behind it. */
export function durableWorkflow(key: Credential): Workflow {
  return workflow('Durable', [ours('Trigger', 'tradingViewTrigger', 'idle', { bellwetherWebhookApi: key })]);
}

export function orderFlow(key: Credential, account: Credential): Workflow {
  return workflow('Order', [
    ours('Trigger', 'tradingViewTrigger', 'trigger', { bellwetherWebhookApi: key }),
    ours('Gate', 'riskGate', 'gate', { bellwetherAccountApi: account }),
    ours('Order', 'placeOrder', 'order', { bellwetherAccountApi: account }),
  ]);
}

interface NamedNode {
  readonly name: string;
}

function core(name: string, type: string, typeVersion: number, parameters: object, credentials: object = {}): NamedNode {
  return node(name, `n8n-nodes-base.${type}`, typeVersion, parameters, credentials);
}

function ours(name: string, type: string, nodeKey: string, credentials: object): NamedNode {
  return node(name, `${PACKAGE}.${type}`, type.endsWith('Trigger') ? 2 : 1, { nodeKey, options: { strategyId: 'bench' } }, credentials);
}

function node(name: string, type: string, typeVersion: number, parameters: object, credentials: object): NamedNode {
  const saved = { id: `bench-${name}-${type}`, name, type, typeVersion, position: [0, 0], parameters, credentials };
  return saved;
}

/** The nodes in a line. */
function workflow(name: string, nodes: readonly NamedNode[]): Workflow {
  const links = nodes.slice(1).map((next, index) => [nodes[index]?.name ?? '', { main: [[{ node: next.name, type: 'main', index: 0 }]] }] as const);
  return { name, nodes, connections: Object.fromEntries(links), settings: { executionOrder: 'v1' } };
}
