import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { filesBelow } from '../../faults/secrets/canaries';
import { ACCOUNT, CAPITAL, describeLiveAccount, LIVE_LIMITS, SHARES, tradeAroundNow, type LiveHost } from '../liveAccount';
import { liveUpstox, upstoxInPlace, type LiveBroker } from '../liveBrokers';
import { alertBody, pipeline, post } from './flow';
import { NodeRed, type FlowNode } from './host';

jest.setTimeout(120_000);

const TEXT_LIMITS = Object.fromEntries(Object.entries({ capital: CAPITAL, ...LIVE_LIMITS }).map(([name, value]) => [name, String(value)]));

/** The example flow on a live account at Upstox; its token comes from Node-RED's own credential store. */
function flow({ key }: LiveBroker): FlowNode[] {
  const account = { id: 'account', type: 'bellwether-account', accountId: ACCOUNT, broker: 'upstox', upstoxMode: 'live', ...TEXT_LIMITS, credentials: { accessToken: key } };
  return pipeline().map((node) => (node.id === 'account' ? account : node));
}

async function open(broker: LiveBroker): Promise<LiveHost> {
  const place = mkdtempSync(path.join(os.tmpdir(), 'bellwether-upstox-'));
  const host = new NodeRed({ env: upstoxInPlace(place, broker.url) });
  const stateFolder = path.join(host.userDir, 'bellwether');
  tradeAroundNow(stateFolder);
  await host.start();
  await host.deploy(flow(broker));
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
    async dispose() {
      await host.dispose();
      rmSync(place, { recursive: true, force: true });
    },
  };
}

describeLiveAccount('a live account at Upstox in Node-RED', () => liveUpstox(SHARES), open);
