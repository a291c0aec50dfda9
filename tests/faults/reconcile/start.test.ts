import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { manualClock } from '../../../runtime/adapters/system/manual';
import { instrumentKey } from '../../../runtime/domain/market';
import { NOW } from '../../doubles/ingressWorld';
import { listingBroker } from '../../doubles/listingBroker';
import { reconcileWorld, type ReconcileWorld } from '../../doubles/reconcileWorld';
import { orderFor, origin } from '../../doubles/routerWorld';
import { DAY_MS } from '../../../runtime/domain/time';

const folder = mkdtempSync(path.join(tmpdir(), 'bellwether-reconcile-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
const newFile = (): string => {
  const own = path.join(folder, `${++files}`);
  mkdirSync(own);
  return path.join(own, 'bellwether.db');
};

const clock = () => manualClock(NOW);

describe('at the start, before anything is sent', () => {
  test('what a person did meanwhile is adopted, and what the broker filled meanwhile is booked', async () => {
    const [own, file] = [clock(), newFile()];
    const broker = listingBroker(own);
    const before = await reconcileWorld({ path: file, clock: own, broker });
    await before.start();
    await before.place('s1');
    await before.close();
    broker.fill(broker.sent[0] ?? '', 10, { tell: false });
    broker.byHand({ action: 'BUY', quantity: 3 });

    const after = await reconcileWorld({ path: file, clock: own, broker, owner: 'runtime-2' });
    await after.start();
    expect([await after.held(), await after.open(), broker.sent.length]).toEqual([{ demo: 10, external: 3 }, [], 1]);
    await after.close();
  });

  test('what does not add up is looked at twice, and keeps entries of the first flow out', async () => {
    const world = await reconcileWorld();
    world.broker.move(7);
    await world.start();
    expect(await world.open()).toMatchObject([{ kind: 'position', gap: 7 }]);
    expect(await world.place('s1')).toMatchObject({ kind: 'refused', denial: { code: 'UNEXPLAINED_STATE', remedy: expect.stringContaining('bellwether status') as string } });
    expect(world.broker.sent).toEqual([]);
    await world.close();
  });

  test('lists of a live account that can not be read keep entries out until they can', async () => {
    const world = await reconcileWorld();
    world.broker.lists = 'refused';
    await world.start();
    expect(await world.place('s1')).toMatchObject({ kind: 'refused', denial: { code: 'UNEXPLAINED_STATE' } });
    world.broker.lists = 'fine';
    await world.round();
    expect(await world.place('s2')).toMatchObject({ kind: 'placed' });
    await world.close();
  });

  test('a fresh entry that was never sent is not sent while something is unexplained', async () => {
    const [own, file] = [clock(), newFile()];
    const broker = listingBroker(own);
    const dead = await reconcileWorld({ path: file, clock: own, broker });
    await dead.start();
    await unsent(dead);
    broker.move(7, instrumentKey('NSE', 'TCS'));
    const after = await reconcileWorld({ path: file, clock: own, broker, owner: 'runtime-2' });
    await after.start();
    expect([broker.sent, (await after.store.orders())[0]?.status]).toEqual([[], 'EXPIRED']);
    await after.close();
    await dead.store.close();
  });

  test('of two processes the one with the lease compares; the lease of a dead one holds nobody up', async () => {
    const [own, file] = [clock(), newFile()];
    const broker = listingBroker(own);
    const living = new Set(['runtime-1', 'runtime-2']);
    const isAlive = (name: string): boolean => living.has(name);
    const one = await reconcileWorld({ path: file, clock: own, broker, isAlive });
    const other = await reconcileWorld({ path: file, clock: own, broker, owner: 'runtime-2', isAlive });
    await one.start();
    await other.start();
    expect(await one.store.leases.list()).toMatchObject([{ name: 'reconcile:live', owner: 'runtime-1' }]);
    broker.byHand({ action: 'BUY', quantity: 3 });
    await other.round(1_000);
    expect(await other.held()).toEqual({});
    living.delete('runtime-1');
    await other.round(1_000);
    expect(await other.held()).toEqual({ external: 3 });
    await one.close();
    await other.close();
  });
});

/** An order that is journalled, and whose process dies before it is sent. */
async function unsent(world: ReconcileWorld, signalId = 's-unsent'): Promise<void> {
  const place = world.broker.place.bind(world.broker);
  const reached = Promise.withResolvers<undefined>();
  world.broker.place = () => { reached.resolve(undefined); return new Promise(() => undefined); };
  void world.desk.use('live', (account) => world.router.place(account, origin(signalId, { account: 'live' }), orderFor()));
  await reached.promise;
  world.broker.place = place;
}

describe('fault 52: a day-old backup is restored', () => {
  test('the broker’s truth wins, and intents of the backup never fire again', async () => {
    const [own, file] = [clock(), newFile()];
    const broker = listingBroker(own);
    const monday = await reconcileWorld({ path: file, clock: own, broker });
    await monday.start();
    await monday.holding('momentum', 10);
    await monday.place('rests');
    await unsent(monday);
    // The backup is what stood in the files at that moment.
    const backup = path.join(path.dirname(file), 'backup');
    mkdirSync(backup);
    for (const end of ['', '-wal', '-shm']) cpSync(`${file}${end}`, path.join(backup, `bellwether.db${end}`));
    const sentByThen = broker.sent.length;

    // A day goes on without it: the strategy sells and buys something else, and yesterday's orders leave the list.
    own.advance(DAY_MS);
    for (const id of ['B1', 'B2']) broker.hide(id);
    await monday.place('exit', { kind: 'exit' }, 'momentum');
    broker.fill(broker.sent.at(-1) ?? '', 10);
    await monday.place('again', { kind: 'fixed', action: 'BUY', quantity: 6 }, 'momentum');
    broker.fill(broker.sent.at(-1) ?? '', 6);
    await monday.store.close();
    const sentThatDay = broker.sent.length;
    expect(sentThatDay - sentByThen).toBe(2);

    const restored = await reconcileWorld({ path: path.join(backup, 'bellwether.db'), clock: own, broker, owner: 'runtime-2' });
    await restored.start();
    await restored.round();
    await restored.round();
    expect(broker.sent).toHaveLength(sentThatDay);
    // What the strategy sold is gone from its share, and what it bought after the backup is nobody's: external.
    expect(await restored.held()).toEqual({ external: 6 });
    expect(await restored.open()).toEqual([]);
    expect(await restored.store.openOrders('live')).toEqual([]);
    expect((await restored.store.orders()).map(({ status }) => status).sort()).toEqual(['EXPIRED', 'EXPIRED', 'FILLED']);
    // The signals of the backup meet their old intents; an exit finds nothing that it could turn into a short position.
    await restored.place('rests');
    await restored.place('s-unsent');
    expect(await restored.place('exit', { kind: 'exit' }, 'momentum')).toMatchObject({ kind: 'satisfied' });
    expect(broker.sent).toHaveLength(sentThatDay);
    await restored.close();
  });

  test('what can not be explained by the day’s orders is a difference, not a guess', async () => {
    const [own, file] = [clock(), newFile()];
    const broker = listingBroker(own);
    const monday = await reconcileWorld({ path: file, clock: own, broker });
    await monday.start();
    await monday.holding('momentum', 10);
    await monday.close();
    own.advance(DAY_MS);
    broker.hide('B1');
    broker.move(-10);
    const restored = await reconcileWorld({ path: file, clock: own, broker, owner: 'runtime-2' });
    await restored.start();
    expect(await restored.open()).toMatchObject([{ kind: 'position', gap: -10, brokerSays: 'no position', journalSays: '10' }]);
    expect(await restored.held()).toEqual({ momentum: 10 });
    expect(await restored.place('s1')).toMatchObject({ kind: 'refused', denial: { code: 'UNEXPLAINED_STATE' } });
    await restored.close();
  });
});
