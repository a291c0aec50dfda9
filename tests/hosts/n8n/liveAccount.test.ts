import { filesBelow } from '../../faults/secrets/canaries';
import { ACCOUNT, bellwether, CAPITAL, describeLiveAccount, LIVE_LIMITS, tradeAroundNow, VAULT_KEY, type LiveHost } from '../liveAccount';
import { liveOpenAlgo, type LiveBroker } from '../liveBrokers';
import { N8nClient } from './client';
import { N8nProcess } from './process';
import { alertOf, deploy, KEY, packageFolder, send, shippedFlow, webhookUrl, type Session, type ShippedFlow } from './session';

jest.setTimeout(240_000);

const ON_ACCOUNT = /\.(riskGate|placeOrder)$/;

/** The shipped flow, its gate and its order on the live account. */
function onBroker(flow: ShippedFlow, credential: { readonly id: string; readonly name: string }): ShippedFlow {
  const nodes = flow.nodes.map((node) => (ON_ACCOUNT.test(node.type) ? { ...node, parameters: { ...Object(node['parameters']), broker: 'openalgo' }, credentials: { bellwetherOpenAlgoApi: credential } } : node));
  return { ...flow, nodes };
}

/** What the executions of the workflow hold, over all restarts. */
async function executionsOf({ client }: Session, workflowId: string): Promise<string> {
  await client.signIn();
  return JSON.stringify(await client.executions(workflowId));
}

async function open(gateway: LiveBroker): Promise<LiveHost> {
  const env = { BELLWETHER_VAULT_KEY: VAULT_KEY };
  const host = await N8nProcess.create({ packageFolder: packageFolder(), env });
  tradeAroundNow(host.stateFolder);
  await host.start();
  const session = { host, client: new N8nClient(host.base) };
  await session.client.signIn();
  const account = await session.client.createCredential('Live', 'bellwetherOpenAlgoApi', { id: ACCOUNT, url: gateway.url, apiKey: gateway.key, openAlgoMode: 'live', capital: CAPITAL, limits: LIVE_LIMITS });
  const workflow = await deploy(session, onBroker(shippedFlow('TradingView alert to order', 'live'), account), { key: KEY });
  const url = webhookUrl(session, workflow, 'TradingView Trigger');
  await session.client.webhookReady(url);
  // What is open is settled by the start itself, before any flow has brought the key.
  await bellwether(host.stateFolder, ['vault', 'set', ACCOUNT, '--broker', 'openalgo'], { input: `${gateway.key}\n`, env });
  return {
    stateFolder: host.stateFolder,
    async alert(id, symbol) {
      const answer = await send(url, alertOf(id, { symbol })).catch(() => undefined);
      return answer === undefined ? undefined : { status: answer.status, receipt: answer.body['receipt'] };
    },
    kill: () => host.kill(),
    async start() {
      await host.start();
      await session.client.webhookReady(url);
    },
    async places() {
      const files = Object.entries(filesBelow(host.home)).filter(([file]) => !file.includes('node_modules'));
      return { ...Object.fromEntries(files), 'the executions': await executionsOf(session, workflow.id) };
    },
    dispose: () => host.dispose(),
  };
}

describeLiveAccount('a live account in n8n', liveOpenAlgo, open);
