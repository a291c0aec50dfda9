import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteStore } from '../../../runtime/adapters/store';
import { GroupCommit } from '../../../runtime/adapters/store/sqlite/groupCommit';
import { Statements } from '../../../runtime/adapters/store/sqlite/statements';
import { composeStore } from '../../../runtime/adapters/store/sqlite/store';
import { manualClock } from '../../../runtime/adapters/system/manual';
import { buy, receipt, recordingLog, request, stateNow, T0 } from '../../contracts/store/fixtures';

const folder = mkdtempSync(path.join(tmpdir(), 'bellwether-pressure-'));
afterAll(() => rmSync(folder, { recursive: true }));
const ports = { clock: manualClock(T0), log: recordingLog().log };
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a database that another process keeps busy', () => {
  async function openBusy(name: string, busyTimeoutMs: number) {
    const file = path.join(folder, name);
    const store = await openSqliteStore({ path: file, ...ports, busyTimeoutMs });
    const other = new DatabaseSync(file);
    other.exec('begin immediate');
    return { store, other };
  }

  test('is waited for a bounded time; then the write is refused and nothing of it remains', async () => {
    const { store, other } = await openBusy('bounded.db', 120);
    const began = performance.now();
    await expect(store.admit(request('k'), () => buy(1))).rejects.toMatchObject({ code: 'BUSY' });
    expect(performance.now() - began).toBeLessThan(5_000);
    other.close();
    expect(await store.intents()).toEqual([]);
    await expect(store.admit(request('k'), () => buy(1))).resolves.toMatchObject({ duplicate: false });
    await store.close();
  });

  test('is waited for while the event loop runs, and the write then happens once', async () => {
    const { store, other } = await openBusy('released.db', 30_000);
    const decide = jest.fn(() => buy(1));
    let settled = false;
    const write = store.admit(request('k'), decide).finally(() => { settled = true; });
    for (let turns = 0; turns < 50; turns += 1) await turn();
    expect(settled).toBe(false);
    expect(await store.intents()).toEqual([]);
    other.exec('rollback');
    other.close();
    await expect(write).resolves.toMatchObject({ duplicate: false });
    expect([decide.mock.calls.length, (await store.intents()).length]).toEqual([1, 1]);
    await store.close();
  });
});

describe('a new file that another process is just setting up', () => {
  test('is opened when that is done, or refused after a bounded time', async () => {
    const file = path.join(folder, 'new.db');
    const other = new DatabaseSync(file);
    other.exec('begin immediate');
    await expect(openSqliteStore({ path: file, ...ports, busyTimeoutMs: 60 })).rejects.toMatchObject({ code: 'BUSY' });
    const opening = openSqliteStore({ path: file, ...ports, busyTimeoutMs: 30_000 });
    for (let turns = 0; turns < 50; turns += 1) await turn();
    other.exec('rollback');
    other.close();
    const store = await opening;
    expect(await store.intents()).toEqual([]);
    await store.close();
  });
});

describe('a full disk', () => {
  test('refuses the write as a whole; with space again everything goes on', async () => {
    const file = path.join(folder, 'full.db');
    await (await openSqliteStore({ path: file, ...ports })).close();
    const db = new DatabaseSync(file);
    db.exec('pragma journal_mode = wal; pragma foreign_keys = on');
    const store = composeStore({ statements: new Statements(db), commits: new GroupCommit(db, { busyTimeoutMs: 1_000 }), ...ports });
    await store.receive(receipt('r0', ['first']));
    const pages = Number(db.prepare('pragma page_count').get()?.['page_count']);
    db.exec(`pragma max_page_count = ${pages + 2}`);

    const large = { note: 'x'.repeat(3_000) };
    const signals = (receiptId: string) => Array.from({ length: 10 }, (_, index) => ({ signalId: `${receiptId}-${index}`, dedupeKey: `${receiptId}-${index}`, item: large }));
    const results = await Promise.allSettled([store.admit(request('k'), () => buy(1)), store.receive(receipt('r1', [], { signals: signals('r1') })), store.admit(request('l'), () => buy(1))]);
    expect(results[1]).toMatchObject({ status: 'rejected', reason: { code: 'DISK_FULL' } });
    const admittedKeys = ['k', 'l'].filter((_key, index) => results[index * 2]?.status === 'fulfilled');
    expect((await store.intents()).map(({ key }) => key).reverse()).toEqual(admittedKeys);
    expect((await stateNow(store)).ordersToday).toBe(admittedKeys.length);
    expect((await store.signals()).map(({ signalId }) => signalId)).toEqual(['first@r0']);

    db.exec(`pragma max_page_count = ${pages + 1_000}`);
    await expect(store.receive(receipt('r1', [], { signals: signals('r1') }))).resolves.toHaveLength(10);
    for (const key of ['k', 'l']) await store.admit(request(key), () => buy(1));
    expect((await store.orders()).length).toBe(2);
    await store.close();
  });
});
