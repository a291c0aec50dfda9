import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { Store } from '../../../runtime/domain/ports';
import { openStore } from '../../../runtime/openStore';
import { playedIn } from '../../doubles/playedFlow';
import { describeWithRealMonths, ENTER, FLOW, marketFile, PLAYED, type MarketFile } from '../market';
import { until } from '../n8n/poll';
import { NodeRed, ROOT, type FlowNode } from './host';

jest.setTimeout(120_000);

const flow: readonly FlowNode[] = z.array(z.looseObject({ id: z.string(), type: z.string() })).parse(JSON.parse(readFileSync(path.join(ROOT, 'flows/node-red', `${FLOW}.json`), 'utf8')));
/** The same with a pause between the trigger and the gate, so that it can be cut in two. */
const slowFlow: readonly FlowNode[] = [
  ...flow.map((node) => (node['nodeKey'] === ENTER ? { ...node, wires: [['pause']] } : node)),
  { id: 'pause', type: 'delay', z: flow[0]?.id, pauseType: 'delay', timeout: '800', timeoutUnits: 'milliseconds', outputs: 1, x: 300, y: 200, wires: [flow.filter(({ type }) => type === 'bellwether-risk-gate').map(({ id }) => id)] },
];

describeWithRealMonths('Node-RED over recorded days', () => {
  let market: MarketFile;
  let host: NodeRed;

  beforeAll(() => { market = marketFile(); });
  beforeEach(async () => { host = await new NodeRed({ env: market.env }).start(); });
  afterEach(() => host.dispose());
  afterAll(() => market.remove());

  async function inJournal<T>(look: (store: Store) => Promise<T>): Promise<T> {
    const store = await openStore(path.join(host.userDir, 'bellwether'));
    try {
      return await look(store);
    } finally {
      await store.close();
    }
  }

  test('the shipped flow does what it does in this process: the same intents byte for byte, the same orders at the same times and prices', async () => {
    const expected = await market.played('node-red');
    expect(expected.orders.length).toBeGreaterThanOrEqual(8);
    const since = host.log.length;
    await host.deploy(flow);
    await host.waitForLog(PLAYED, since);
    expect(await inJournal(playedIn)).toEqual(expected);
  });

  test('killed between a signal and its order, then started again: the file plays from its beginning, and no order is lost, doubled, or placed at another time', async () => {
    const expected = await market.played('node-red');
    await host.deploy(slowFlow);
    const signals = () => inJournal((store) => store.signals({ nodeKey: ENTER }));
    await until('the third signal', async () => ((await signals()).length === 3 ? true : undefined));
    await host.kill();
    expect((await signals())[0]?.status).toBe('DELIVERED');
    expect(await inJournal((store) => store.orders())).toHaveLength(4);
    const since = host.log.length;
    await host.start();
    await host.waitForLog(PLAYED, since);
    expect(await inJournal(playedIn)).toEqual(expected);
  });
});
