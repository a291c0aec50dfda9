import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { openStore } from '../../../runtime/openStore';
import type { InboxEntry, Store } from '../../../runtime/domain/ports';
import { N8nClient, type Workflow } from './client';
import { until } from './poll';
import { N8nProcess } from './process';

export const PACKAGE = '@bellwether/n8n-nodes-trading';

/** Limits out of the way and a market that is always open: what is left is the machinery. */
export const OPEN_ACCOUNT = {
  id: 'paper', capital: 1_000_000_000, marketHours: 'always',
  limits: { maxOrderQuantity: 1_000_000, maxOrderValuePercent: 10_000, priceCollarPercent: 100, maxPosition: 1_000_000_000, maxSymbolExposure: 1_000_000_000, maxOpenPositions: 100_000, maxDailyOrders: 1_000_000, maxDailyLossPercent: 100, cooldownSeconds: 0 },
} as const;
/** Another account with the default limits, open at any hour. */
export const DEMO_ACCOUNT = { id: 'careful', capital: 1_000_000, marketHours: 'always', limits: {} } as const;

export const KEY = 'a-key-of-the-tests';

const ShippedFlow = z.looseObject({ id: z.string(), name: z.string(), nodes: z.array(z.looseObject({ name: z.string(), type: z.string() })), connections: z.unknown() });
export type ShippedFlow = z.infer<typeof ShippedFlow>;

/** A workflow as we ship it; `prefix` renames its node keys, so that several tests can use one journal. */
export function shippedFlow(name: string, prefix?: string): ShippedFlow {
  const text = readFileSync(path.join('flows/n8n', `${name}.json`), 'utf8');
  return ShippedFlow.parse(JSON.parse(prefix === undefined ? text : text.replaceAll('"nodeKey": "tv-', `"nodeKey": "${prefix}-`)));
}

/** The built package: this project, or a copy of it that BELLWETHER_PACKAGE names. */
export function packageFolder(): string {
  return path.resolve(process.env['BELLWETHER_PACKAGE'] ?? '.');
}

/** A running n8n with our package, its owner signed in. */
export interface Session {
  readonly host: N8nProcess;
  readonly client: N8nClient;
}

export async function startN8n(options: { readonly packageFolder?: string; readonly env?: Readonly<Record<string, string>> } = {}): Promise<Session> {
  const host = await N8nProcess.create({ packageFolder: options.packageFolder ?? packageFolder(), ...(options.env === undefined ? {} : { env: options.env }) });
  await host.start();
  const client = new N8nClient(host.base);
  await client.signIn();
  return { host, client };
}

/** Imports a shipped flow as it is, adds credentials as a person would choose them, and publishes it. */
export async function deploy(session: Session, flow: ShippedFlow, credentials: { readonly account?: object; readonly key?: string; readonly channel?: string }): Promise<Workflow> {
  const { client } = session;
  const account = credentials.account === undefined ? undefined : await client.createCredential('Account', 'bellwetherAccountApi', { ...credentials.account });
  const key = credentials.key === undefined ? undefined : await client.createCredential('Key', 'bellwetherWebhookApi', { key: credentials.key });
  const channel = credentials.channel === undefined ? undefined : await client.createCredential('Channel', 'bellwetherAlertChannelApi', { kind: 'webhook', url: credentials.channel });
  const nodes = flow.nodes.map((node) => {
    const chosen = {
      ...(account !== undefined && /\.(riskGate|placeOrder|position|tradeLock|approval)$/.test(node.type) ? { bellwetherAccountApi: account } : {}),
      ...(key !== undefined && node.type.endsWith('.tradingViewTrigger') ? { bellwetherWebhookApi: key } : {}),
      ...(channel !== undefined && /\.(alert|approval)$/.test(node.type) ? { bellwetherAlertChannelApi: channel } : {}),
    };
    return Object.keys(chosen).length === 0 ? node : { ...node, credentials: chosen };
  });
  const workflow = await client.createWorkflow({ name: flow.name, nodes, connections: flow.connections });
  await client.activate(workflow.id);
  return workflow;
}

/** The address that the panel of a trigger shows, for production or for the editor's test. */
export function webhookUrl(session: Session, workflow: Workflow, nodeName: string, kind: 'webhook' | 'webhook-test' = 'webhook'): string {
  const node = workflow.nodes.find(({ name }) => name === nodeName);
  if (node?.webhookId === undefined) throw new Error(`${nodeName} has no webhook id.`);
  const token = readFileSync(path.join(session.host.stateFolder, 'n8n-webhook-token'), 'utf8').trim();
  return `${session.host.base}/${kind}/${node.webhookId}/${token}`;
}

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Sends an alert as TradingView does: an object as JSON, anything else as plain text. */
export async function send(url: string, alert: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const isText = typeof alert === 'string';
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': isText ? 'text/plain' : 'application/json', ...headers }, body: isText ? alert : JSON.stringify(alert) });
  const text = await response.text();
  const body = z.record(z.string(), z.unknown()).safeParse(text.startsWith('{') ? JSON.parse(text) : { text });
  return { status: response.status, body: body.success ? body.data : {} };
}

/** Looks into the state of the running host, as the command line does. */
export async function withStore<T>(session: Session, look: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(session.host.stateFolder);
  try {
    return await look(store);
  } finally {
    await store.close();
  }
}

/** A TradingView alert with an id of its own. */
export function alertOf(id: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { secret: KEY, id, exchange: 'NSE', symbol: 'SBIN', action: 'buy', quantity: '1', ...more };
}

/** All signals of a trigger, once each of them has come to its end. */
export function signalsDone(session: Session, nodeKey: string, count: number, timeoutMs = 120_000): Promise<readonly InboxEntry[]> {
  return until(`the end of ${count} signals`, () => withStore(session, async (store) => {
    const entries = await store.signals({ nodeKey, limit: 10_000 });
    return entries.length >= count && entries.every(({ status }) => status === 'DONE' || status === 'FAILED') ? entries : undefined;
  }), timeoutMs);
}
