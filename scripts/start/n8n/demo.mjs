import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { demoAccountWords, DEMO_LIMITS } from '../demoAccount.mjs';

const DEMO_FLOW = 'TradingView alert to order';
const WAIT_LIMIT_MS = 30_000;
/** A paper account that a person can order on at any hour and as often as they like. */
const { capital, ...limits } = DEMO_LIMITS;
const ACCOUNT = { id: 'paper', capital, marketHours: 'always', limits };
/** Beside the flow's own note. */
const LIMITS_NOTE = {
  id: 'bellwether-demo-limits', name: 'Wide Limits', type: 'n8n-nodes-base.stickyNote', typeVersion: 1, position: [600, -420],
  parameters: { content: `## Wide limits, for a demo\n${demoAccountWords(DEMO_LIMITS)}\n\n[What a new account has](https://github.com/bellwether-trading/bellwether/blob/main/docs/guide/risk-limits.md)`, height: 240, width: 420 },
};
const WITH_ACCOUNT = /\.(riskGate|placeOrder|position|tradeLock)$/;

/**
 * Imports and publishes the prebuilt workflows with the demo account, once: `record` remembers it, so that what a person changes or deletes stays so.
 * Returns the address for the demo's alert, or undefined where its workflow is gone or not published.
 */
export async function setUpDemo({ base, owner, home, flowsFolder, record }) {
  const rest = await signIn(base, owner);
  if (!existsSync(record)) writeFileSync(record, JSON.stringify(await importFlows(rest, flowsFolder)));
  const { demo } = JSON.parse(readFileSync(record, 'utf8'));
  const workflow = await rest('GET', `/workflows/${demo}`).catch(() => undefined);
  const webhookId = workflow?.nodes.find(({ type }) => type.endsWith('.tradingViewTrigger'))?.webhookId;
  if (webhookId === undefined || workflow.activeVersionId === null) return undefined;
  // The node's address: its webhook id and this installation's token.
  const address = `${base}/webhook/${webhookId}/${readFileSync(path.join(home, 'n8n-webhook-token'), 'utf8').trim()}`;
  return (await registered(address)) ? address : undefined;
}

async function importFlows(rest, folder) {
  const { id, name } = await rest('POST', '/credentials', { name: 'Demo paper account (wide limits)', type: 'bellwetherAccountApi', data: ACCOUNT });
  const ids = {};
  for (const file of readdirSync(folder).filter((entry) => entry.endsWith('.json'))) {
    const flow = JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
    const nodes = [...(flow.name === DEMO_FLOW ? [LIMITS_NOTE] : []), ...flow.nodes].map((node) => (WITH_ACCOUNT.test(node.type) ? { ...node, credentials: { bellwetherAccountApi: { id, name } } } : node));
    const workflow = await rest('POST', '/workflows', { name: flow.name, nodes, connections: flow.connections, settings: flow.settings });
    ids[flow.name] = workflow.id;
    // Those that answer alerts. One that is started by hand has nothing to publish, one that trades by itself waits for a person.
    if (nodes.some(({ type }) => /\.(tradingView|chartInk)Trigger$/.test(type))) await rest('POST', `/workflows/${workflow.id}/activate`, { versionId: workflow.versionId });
  }
  return { demo: ids[DEMO_FLOW] };
}

/** n8n registers webhooks a moment after it has started: asks with GET, which runs nothing, until the demo's trigger is there. */
async function registered(address) {
  const deadline = Date.now() + WAIT_LIMIT_MS;
  while (Date.now() < deadline) {
    if ((await (await fetch(address)).text()).includes('not registered for GET requests')) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

/** The editor's own interface, as the owner. */
async function signIn(base, { email, password }) {
  let cookie = '';
  const rest = async (method, route, body) => {
    const response = await fetch(`${base}/rest${route}`, { method, headers: { 'content-type': 'application/json', 'browser-id': 'bellwether-demo', cookie }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    if (!response.ok) throw new Error(`n8n answered ${response.status} to ${method} ${route}: ${(await response.text()).slice(0, 300)}`);
    cookie = response.headers.getSetCookie().find((entry) => entry.startsWith('n8n-auth='))?.split(';')[0] ?? cookie;
    return (await response.json()).data;
  };
  await rest('POST', '/login', { emailOrLdapLoginId: email, password });
  return rest;
}
