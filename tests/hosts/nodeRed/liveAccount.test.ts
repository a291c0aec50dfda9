import path from 'node:path';
import { filesBelow } from '../../faults/secrets/canaries';
import type { OpenAlgoServer } from '../../doubles/openalgoServer';
import { ACCOUNT, API_KEY, CAPITAL, describeLiveAccount, LIVE_LIMITS, tradeAroundNow, type LiveHost } from '../liveAccount';
import { alertBody, pipeline, post } from './flow';
import { NodeRed, type FlowNode } from './host';

jest.setTimeout(120_000);

const TEXT_LIMITS = Object.fromEntries(Object.entries({ capital: CAPITAL, ...LIVE_LIMITS }).map(([name, value]) => [name, String(value)]));

/** The example flow on a live account behind the gateway; its key comes from Node-RED's own credential store. */
function flow(gateway: OpenAlgoServer): FlowNode[] {
  const account = { id: 'account', type: 'bellwether-account', accountId: ACCOUNT, broker: 'openalgo', url: gateway.url, openAlgoMode: 'live', ...TEXT_LIMITS, credentials: { apiKey: API_KEY } };
  return pipeline().map((node) => (node.id === 'account' ? account : node));
}

async function open(gateway: OpenAlgoServer): Promise<LiveHost> {
  const host = new NodeRed();
  const stateFolder = path.join(host.userDir, 'bellwether');
  tradeAroundNow(stateFolder);
  await host.start();
  await host.deploy(flow(gateway));
  return {
    stateFolder,
    async alert(id, symbol) {
      const answer = await post(host, alertBody(id, { symbol })).catch(() => undefined);
      return answer === undefined ? undefined : { status: answer.status, receipt: answer.body['receipt'] };
    },
    kill: () => host.kill(),
    start: async () => { await host.start(); },
    places() {
      // Node-RED's own store of secrets is sealed with its own key; node_modules is this project.
      const files = Object.entries(filesBelow(host.userDir)).filter(([file]) => !/^(flows_cred\.json|node_modules)/.test(file));
      return Promise.resolve({ ...Object.fromEntries(files), 'the log': host.log });
    },
    dispose: () => host.dispose(),
  };
}

describeLiveAccount('a live account in Node-RED', open);
