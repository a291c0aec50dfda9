import path from 'node:path';
import { nodeRedRunner } from '../../../runtime/hosts/backtests';
import { findNodeRed } from '../../../runtime/hosts/replay';
import { openStore } from '../../../runtime/openStore';
import { valueOf } from '../../doubles/shippedFlow';
import { describeWithRealMonths, PLAYED } from '../market';
import { backtested, CAPITAL, compiled, countOf, decided, declare, environmentOf, FEWEST_INTENTS, FLOW_NAMES, LIMITS, MONTHS_OF_THIS_RUN, redFlow, type Decisions, type FlowName, type Month } from '../marketMonth';
import { NodeRed, ROOT, type FlowNode } from './host';

jest.setTimeout(600_000);

const PLAY_LIMIT_MS = 500_000;

async function inNodeRed(month: Month): Promise<Decisions> {
  const host = new NodeRed({ env: environmentOf(month) });
  const stateFolder = path.join(host.userDir, 'bellwether');
  declare(stateFolder, month);
  try {
    await host.start();
    const limits = Object.fromEntries(Object.entries(LIMITS).map(([name, value]) => [name, String(value)]));
    const account: FlowNode = { id: 'account', type: 'bellwether-account', accountId: 'paper', capital: String(CAPITAL), marketHours: 'exchange', cooldownSeconds: '0', ...limits };
    const nodes = FLOW_NAMES.flatMap((name) => redFlow(name, month)).map((node) => ({ ...node, ...('account' in node ? { account: 'account' } : {}) }));
    const since = host.log.length;
    await host.deploy([account, ...nodes]);
    await host.waitForLog(PLAYED, since, PLAY_LIMIT_MS);
    const store = await openStore(stateFolder);
    const decisions = await decided(store);
    await store.close();
    return decisions;
  } finally {
    await host.dispose();
  }
}

describeWithRealMonths('Node-RED, and both lanes of the backtest, over a month of an index with orders on a stand-in future', () => {
  test.each(MONTHS_OF_THIS_RUN)('decide the same, byte for byte: $file', async (month) => {
    const file = (name: FlowName) => redFlow(name, month);
    const expected = await compiled(month, file);
    expect(countOf(expected).all).toBeGreaterThanOrEqual(FEWEST_INTENTS);
    expect(expected['EMA crossover']).toContain(`"instrument":"NFO:${month.future}"`);
    const laneB = nodeRedRunner({ program: path.join(ROOT, 'dist/cli/nodeRedWorker.js'), nodeRed: valueOf(findNodeRed([ROOT])) });
    expect(await backtested(month, laneB, file)).toEqual(expected);
    expect(await inNodeRed(month)).toEqual(expected);
  });
});
