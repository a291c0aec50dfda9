import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { playedIn } from '../../doubles/playedFlow';
import { describeWithRealMonths, ENTER, FLOW, marketFile, PLAYED, type MarketFile } from '../market';
import { until } from './poll';
import { deploy, shippedFlow, startN8n, withStore, type Session, type ShippedFlow } from './session';

jest.setTimeout(240_000);

describeWithRealMonths('n8n over recorded days', () => {
  let market: MarketFile;
  let session: Session;

  beforeAll(() => { market = marketFile(); });
  beforeEach(async () => { session = await startN8n({ env: market.env }); });
  afterEach(() => session.host.dispose());
  afterAll(() => market.remove());

  /** The shipped flow with a pause between the trigger and the gate, so that it can be cut in two. */
  function slowFlow(): ShippedFlow {
    const flow = shippedFlow(FLOW);
    const link = (node: string) => ({ main: [[{ node, type: 'main', index: 0 }]] });
    const pause = { id: 'b6a4f3a2-4f0e-4a41-9d0c-5a3c2f1e0d9c', name: 'Pause', type: 'n8n-nodes-base.wait', typeVersion: 1.1, position: [120, 200], parameters: { resume: 'timeInterval', amount: 1, unit: 'seconds' } };
    return { ...flow, nodes: [...flow.nodes, pause], connections: { ...z.record(z.string(), z.unknown()).parse(flow.connections), Enter: link('Pause'), Pause: link('Risk Gate') } };
  }

  const untilPlayed = () => until('the end of the recording', () => (PLAYED.test(session.host.log) ? true : undefined), 120_000);

  test('the shipped flow does what it does in this process: the same intents byte for byte, the same orders at the same times and prices', async () => {
    const expected = await market.played('n8n');
    expect(expected.orders.length).toBeGreaterThanOrEqual(8);
    await deploy(session, shippedFlow(FLOW), {});
    await untilPlayed();
    expect(await withStore(session, playedIn)).toEqual(expected);
  });

  test('killed between a signal and its order, then started again: the file plays from its beginning, and no order is lost, doubled, or placed at another time', async () => {
    const expected = await market.played('n8n');
    await deploy(session, slowFlow(), {});
    const signals = () => withStore(session, (store) => store.signals({ nodeKey: ENTER }));
    await until('the third signal', async () => ((await signals()).length === 3 ? true : undefined));
    await session.host.kill();
    expect((await signals())[0]?.status).toBe('DELIVERED');
    expect(await withStore(session, (store) => store.orders())).toHaveLength(4);
    await session.host.start();
    await untilPlayed();
    expect(await withStore(session, playedIn)).toEqual(expected);
  });

  /** Looks into n8n's own database, or changes it. */
  function inN8n<T>(look: (database: DatabaseSync) => T): T {
    const database = new DatabaseSync(path.join(session.host.home, '.n8n/database.sqlite'), { timeout: 5_000 });
    try {
      return look(database);
    } finally {
      database.close();
    }
  }

  // The unit test beside the node shows the same in a second.
  if (process.env['BELLWETHER_LONG'] === '1') test('killed when n8n has written an execution down and not begun it: n8n begins it by itself, past the inbox, and the signal’s flow runs in its own time all the same', async () => {
    const expected = await market.played('n8n');
    // Two entries and two exits are begun; the third signal's execution stays as it was written down.
    inN8n((database) => database.exec(`CREATE TRIGGER never_begun BEFORE UPDATE ON execution_entity WHEN NEW.status = 'running' AND OLD.id > 4 BEGIN SELECT RAISE(ABORT, 'held by the test'); END`));
    await deploy(session, slowFlow(), {});
    const stand = () => inN8n((database) => database.prepare('SELECT status FROM execution_entity WHERE id = 5').get()?.['status']);
    await until('the third signal’s execution', () => (stand() === 'new' ? true : undefined));
    await session.host.kill();
    inN8n((database) => database.exec('DROP TRIGGER never_begun'));
    expect([stand(), (await withStore(session, (store) => store.signals({ nodeKey: ENTER }))).length]).toEqual(['new', 3]);
    await session.host.start();
    await untilPlayed();
    expect(await withStore(session, playedIn)).toEqual(expected);
    // It was n8n that began it, and its first node of ours refused it.
    expect(stand()).toBe('error');
  });
});
