import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openSqliteStore } from '../../../runtime/adapters/store';
import { manualClock } from '../../../runtime/adapters/system/manual';
import { toMoney } from '../../../runtime/domain/money';
import type { Admission, AdmissionState } from '../../../runtime/domain/ports';
import { buy, denied, receipt, recordingLog, request, stateNow, T0, type OpenedStore } from './fixtures';
import { storeContract } from './suite';

const folder = mkdtempSync(path.join(tmpdir(), 'bellwether-store-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
const newFile = (): string => path.join(folder, `${++files}`, 'journal.db');

async function openFile(): Promise<OpenedStore> {
  const clock = manualClock(T0);
  const options = { path: newFile(), clock, log: recordingLog().log };
  const store = await openSqliteStore(options);
  return {
    store, clock,
    reopen: async () => {
      await store.close();
      return openSqliteStore(options);
    },
  };
}

async function openMemory(): Promise<OpenedStore> {
  const clock = manualClock(T0);
  return { clock, store: await openSqliteStore({ path: ':memory:', clock, log: recordingLog().log }) };
}

storeContract('SQLite file', openFile, { durable: true });
storeContract('SQLite in memory', openMemory, { durable: false });

describe('two handles on one file', () => {
  async function openTwo() {
    const options = { path: newFile(), clock: manualClock(T0), log: recordingLog().log };
    return Promise.all([openSqliteStore(options), openSqliteStore(options)]);
  }

  test('every key is admitted by one of them, and the limit holds over both', async () => {
    const stores = await openTwo();
    const LIMIT = 40;
    const decide = (state: AdmissionState): Admission => (state.pending.buy + 1 > LIMIT ? denied() : buy(1));
    const keys = Array.from({ length: 100 }, (_, index) => `k${index}`);
    const results = await Promise.all(keys.flatMap((key) => stores.map((store) => store.admit(request(key), decide))));
    expect(results.filter(({ duplicate }) => !duplicate)).toHaveLength(keys.length);
    const states = await Promise.all(stores.map((store) => stateNow(store)));
    expect(states.map(({ pending, ordersToday }) => [pending.buy, ordersToday])).toEqual([[LIMIT, LIMIT], [LIMIT, LIMIT]]);
    await Promise.all(stores.map((store) => store.close()));
  });

  test('what one has acknowledged the other sees', async () => {
    const [one, other] = await openTwo();
    await one.receive(receipt('r1', ['a']));
    expect(await other.receive(receipt('r2', ['a']))).toMatchObject([{ duplicate: true, receiptId: 'r1' }]);
    await one.setKillSwitch({ account: 'paper', on: true, happenedAt: T0 });
    expect((await stateNow(other)).killSwitch).toBe(true);
    await Promise.all([one.close(), other.close()]);
  });
});

test('an overfill and a second broker order id are shouted about', async () => {
  const { log, lines } = recordingLog();
  const store = await openSqliteStore({ path: ':memory:', clock: manualClock(T0), log });
  await store.admit(request('k'), () => buy(1));
  const fill = { orderId: 'ok', tradeId: 't', quantity: 3, price: toMoney(100), charges: toMoney(0), happenedAt: T0 };
  await store.applyUpdates({ orderId: 'ok', brokerOrderId: 'B1', updates: [{ kind: 'fill', fill }], tradingDay: '2025-06-02' });
  await store.applyUpdates({ orderId: 'ok', brokerOrderId: 'B2', updates: [], tradingDay: '2025-06-02' });
  expect(lines.filter(({ level }) => level === 'error').map(({ message }) => message)).toEqual(['more was filled than was ordered', 'one order has two broker order ids']);
  await store.close();
});

test('an alert that is given up is shouted about', async () => {
  const { log, lines } = recordingLog();
  const store = await openSqliteStore({ path: ':memory:', clock: manualClock(T0), log });
  await store.receive(receipt('r1', ['a']));
  const claim = (now: number) => store.claimSignals({ nodeKey: 'trigger', owner: 'host-1', limit: 1, maxAttempts: 1, now, leaseUntil: now + 1 });
  await claim(T0);
  await claim(T0 + 1);
  expect(lines).toMatchObject([{ level: 'error', message: expect.stringContaining('given up') as string }]);
  await store.close();
});

test('more writes than may wait are refused at once, and those that wait are done', async () => {
  const store = await openSqliteStore({ path: ':memory:', clock: manualClock(T0), log: recordingLog().log, maxQueued: 3 });
  const results = await Promise.allSettled(Array.from({ length: 5 }, (_, index) => store.receive(receipt(`r${index}`, [`k${index}`]))));
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected']);
  expect(results[4]).toMatchObject({ reason: { code: 'QUEUE_FULL' } });
  expect(await store.signals()).toHaveLength(3);
  await store.close();
});
