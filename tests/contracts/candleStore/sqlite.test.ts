import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openCandleStore } from '../../../runtime/adapters/candles';
import { openSqliteStore } from '../../../runtime/adapters/store';
import { requireSqlite } from '../../../runtime/adapters/store/sqlite/file';
import { manualClock } from '../../../runtime/adapters/system/manual';
import { recordingLog } from '../store/fixtures';
import { candle, candles, candleStoreContract, SBIN, T0 } from './suite';

const folder = mkdtempSync(path.join(tmpdir(), 'bellwether-candles-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
const newFile = (): string => path.join(folder, `${++files}`, 'candles.db');
const whole = { instrument: SBIN, timeframe: '1m', from: 0, until: Infinity, limit: 100_000 } as const;

candleStoreContract('SQLite file', () => openCandleStore({ path: newFile() }));
candleStoreContract('SQLite in memory', () => openCandleStore({ path: ':memory:' }));

test('what was put is there after the file is opened again', async () => {
  const file = newFile();
  const store = await openCandleStore({ path: file });
  const waiting = store.put(SBIN, '1m', candles(12_000), 'file');
  await store.close();
  await waiting;
  const again = await openCandleStore({ path: file });
  expect(await again.candles(whole)).toEqual({ ok: true, value: candles(12_000) });
  await again.close();
});

test('several may write to one file at once', async () => {
  const file = newFile();
  const stores = await Promise.all(Array.from({ length: 3 }, () => openCandleStore({ path: file })));
  await Promise.all(stores.map((store, index) => store.put(SBIN, '1m', candles(8_000, index * 8_000), `process ${index}`)));
  expect((await stores[0]?.list())?.map((held) => [held.source, held.candles])).toEqual([['process 0', 8_000], ['process 1', 8_000], ['process 2', 8_000]]);
  await Promise.all(stores.map((store) => store.close()));
});

test('a file that another one keeps busy is waited for, not for ever, and holds its old candles', async () => {
  const file = newFile();
  const store = await openCandleStore({ path: file, busyTimeoutMs: 60 });
  await store.put(SBIN, '1m', [candle(0)], 'file');
  const { DatabaseSync } = requireSqlite();
  const other = new DatabaseSync(file);
  other.exec('begin immediate');
  await expect(store.put(SBIN, '1m', [candle(0, 55)], 'file')).rejects.toMatchObject({ code: 'BUSY' });
  expect(await store.candles(whole)).toEqual({ ok: true, value: [candle(0)] });
  other.exec('rollback');
  other.close();
  await store.put(SBIN, '1m', [candle(0, 55)], 'file');
  expect(await store.candles(whole)).toEqual({ ok: true, value: [candle(0, 55)] });
  await store.close();
});

test('a file of the first version is taken over with its candles', async () => {
  const file = newFile();
  const first = await openCandleStore({ path: file });
  await first.put(SBIN, '1m', [candle(0)], 'file');
  await first.close();
  const { DatabaseSync } = requireSqlite();
  const db = new DatabaseSync(file);
  db.exec('drop table asked; pragma user_version = 1');
  db.close();
  const store = await openCandleStore({ path: file });
  await store.markAsked(SBIN, '1m', ['2025-06-16']);
  expect([await store.asked(SBIN, '1m'), await store.candles(whole)]).toEqual([['2025-06-16'], { ok: true, value: [candle(0)] }]);
  await store.close();
});

describe('files that are refused', () => {
  test('the journal', async () => {
    const file = newFile();
    await (await openSqliteStore({ path: file, clock: manualClock(T0), log: recordingLog().log })).close();
    await expect(openCandleStore({ path: file })).rejects.toMatchObject({ code: 'NOT_A_STORE' });
  });

  test('one of a newer version', async () => {
    const file = newFile();
    await (await openCandleStore({ path: file })).close();
    const { DatabaseSync } = requireSqlite();
    const db = new DatabaseSync(file);
    db.exec('pragma user_version = 99');
    db.close();
    await expect(openCandleStore({ path: file })).rejects.toMatchObject({ code: 'NEWER_SCHEMA' });
  });

  test('bytes that are no database, with the way out', async () => {
    const file = newFile();
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, 'no database at all, but long enough to look like one. '.repeat(40));
    await expect(openCandleStore({ path: file })).rejects.toThrow(/Move it/);
  });
});
