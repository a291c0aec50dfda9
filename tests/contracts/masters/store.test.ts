import { existsSync, mkdtempSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openMasterBook } from '../../../runtime/adapters/instruments/store/masterBook';
import { manualClock } from '../../../runtime/adapters/system/manual';
import { masterRow, type MasterBatch, type MasterBook, type MasterFacts, type MasterRow } from '../../../runtime/domain/instrument';
import { instrumentKey } from '../../../runtime/domain/market';
import type { Log } from '../../../runtime/domain/ports';
import { indiaTime } from '../../../runtime/domain/session/days';

const NIFTY = instrumentKey('NFO', 'NIFTY29DEC26FUT');
const clock = manualClock(indiaTime('2026-11-20', '09:00'));
const warnings: string[] = [];
const log: Log = { debug: () => undefined, info: () => undefined, warn: (_, message) => void warnings.push(message), error: () => undefined };
const open = (home: string): MasterBook => openMasterBook({ home, clock, log, lookAgainMs: 0 });
const newHome = (): string => mkdtempSync(path.join(tmpdir(), 'masters-'));

function row(facts: Partial<MasterFacts> = {}): MasterRow {
  const made = masterRow({ exchange: 'NFO', segment: 'future', base: 'NIFTY', expiry: '2026-12-29', lotSize: 65, ...facts });
  if (made.kind !== 'row') throw new Error(JSON.stringify(made));
  return made.row;
}

const share = (base: string): MasterRow => row({ exchange: 'NSE', segment: 'cash', base, lotSize: 1, name: `${base} LIMITED` });
const batch = (...rows: readonly MasterRow[]): MasterBatch => ({ rows, rejected: 0, samples: [], skipped: 0 });

function storedRows(home: string): unknown {
  const file = new DatabaseSync(path.join(home, 'instruments.db'), { readOnly: true });
  const { rows } = file.prepare('select count(*) rows from instruments').get() ?? {};
  file.close();
  return rows;
}

interface Stored { readonly source?: string; readonly rank?: number; readonly day?: string }

async function store(book: MasterBook, rows: readonly MasterRow[], { source = 'gateway', rank = 0, day = '2026-11-20' }: Stored = {}): Promise<void> {
  const asOf = indiaTime(day, '09:00');
  const draft = await book.begin({ source, rank, asOf, at: asOf });
  if (draft === undefined) throw new Error('busy');
  await draft.add(batch(...rows));
  await draft.commit(asOf);
}

test('what was stored is found again, also after the file was closed and opened', async () => {
  const home = newHome();
  const book = open(home);
  await store(book, [row({ tickSize: 0.05, freezeQuantity: 1_800 }), row({ segment: 'option', strike: 292.5, optionType: 'PE' }), share('SBIN')]);
  book.close();
  const again = open(home);
  expect(again.versions(NIFTY)).toEqual([{ instrument: { ...row({ tickSize: 0.05, freezeQuantity: 1_800 }) }, since: '2026-11-20', seen: '2026-11-20', listed: true }]);
  expect(again.versions(instrumentKey('NFO', 'NIFTY29DEC26292.5PE'))[0]?.instrument).toEqual(row({ segment: 'option', strike: 292.5, optionType: 'PE' }));
  expect(again.listings()).toEqual([
    { exchange: 'NFO', base: 'NIFTY', plain: false, futures: true, options: true }, { exchange: 'NSE', base: 'SBIN', name: 'SBIN LIMITED', plain: true, futures: false, options: false },
  ]);
  expect(again.snapshots()).toMatchObject([{ source: 'gateway', rows: 3 }]);
  again.close();
});

test('a master that is being stored is seen by nobody, and all at once when it counts', async () => {
  const home = newHome();
  const writer = open(home);
  const reader = open(home);
  await store(writer, [row()]);
  const revision = reader.revision();
  const asOf = indiaTime('2026-11-23', '09:00');
  const draft = await writer.begin({ source: 'gateway', rank: 0, asOf, at: asOf });
  await draft?.add(batch(row({ lotSize: 75 }), share('SBIN')));
  for (const book of [writer, reader]) {
    expect(book.versions(NIFTY).map(({ instrument }) => instrument.lotSize)).toEqual([65]);
    expect(book.startingWith('NSE:', 10)).toEqual([]);
    expect(book.listings()).toHaveLength(1);
  }
  expect(reader.revision()).toBe(revision);
  await draft?.commit(asOf);
  for (const book of [writer, reader]) {
    expect(book.versions(NIFTY).map(({ instrument, since }) => [instrument.lotSize, since])).toEqual([[75, '2026-11-23'], [65, '2026-11-20']]);
    expect(book.startingWith('NSE:', 10)).toEqual(['NSE:SBIN']);
  }
  expect(reader.revision()).not.toBe(revision);
  writer.close();
  reader.close();
});

test.each(['begun', 'half stored'])('a process that dies with a master %s leaves the old one, and the next refresh cleans up', async (step) => {
  const home = newHome();
  const dying = open(home);
  await store(dying, [row(), share('SBIN')]);
  const asOf = indiaTime('2026-11-23', '09:00');
  clock.set(asOf);
  const draft = await dying.begin({ source: 'gateway', rank: 0, asOf, at: asOf });
  if (step === 'half stored') await draft?.add(batch(row({ lotSize: 75 })));
  // A kill closes the file like this: whatever was not committed is gone, nothing else is told.
  dying.close();

  const next = open(home);
  expect(next.versions(NIFTY).map(({ instrument }) => instrument.lotSize)).toEqual([65]);
  expect(next.startingWith('NSE:', 10)).toEqual(['NSE:SBIN']);
  expect(await next.begin({ source: 'gateway', rank: 0, asOf, at: asOf + 60_000 })).toBeUndefined();
  clock.set(asOf + 300_000);
  const retry = await next.begin({ source: 'gateway', rank: 0, asOf: asOf + 300_000, at: asOf + 300_000 });
  await retry?.add(batch(row({ lotSize: 80 }), share('SBIN')));
  await retry?.commit(asOf + 300_000);
  expect(next.versions(NIFTY).map(({ instrument }) => instrument.lotSize)).toEqual([80, 65]);
  expect(next.attempts().map(({ outcome }) => outcome)).toEqual(['accepted', 'failed', 'accepted']);
  next.close();
});

test('an abandoned master leaves no trace but its reason', async () => {
  const home = newHome();
  const book = open(home);
  await store(book, [row()]);
  const at = indiaTime('2026-11-23', '09:00');
  const draft = await book.begin({ source: 'gateway', rank: 0, asOf: at, at });
  await draft?.add({ ...batch(row({ lotSize: 75 })), rejected: 7, samples: [{ line: 3, why: 'a lot of 0' }] });
  await draft?.abandon({ outcome: 'refused', reason: 'too small', at });
  expect(book.versions(NIFTY).map(({ instrument }) => instrument.lotSize)).toEqual([65]);
  expect(book.attempts()[0]).toEqual({ source: 'gateway', outcome: 'refused', at, rows: 1, rejected: 7, skipped: 0, duplicates: 0, reason: 'too small', samples: [{ line: 3, why: 'a lot of 0' }] });
  expect(storedRows(home)).toBe(1);
  book.close();
});

test('history keeps what changed and what is gone, not what stayed the same', async () => {
  const book = open(newHome());
  await store(book, [row(), share('SBIN'), share('GONE')], { day: '2026-11-18' });
  await store(book, [row(), share('SBIN')], { day: '2026-11-19' });
  await store(book, [row({ lotSize: 75 }), share('SBIN')], { day: '2026-11-20' });
  const versions = (key: string) => book.versions(instrumentKey('NSE', key)).map(({ since, seen, listed }) => [since, seen, listed]);
  expect(book.versions(NIFTY).map(({ instrument, since, seen, listed }) => [instrument.lotSize, since, seen, listed])).toEqual([[75, '2026-11-20', '2026-11-20', true], [65, '2026-11-18', '2026-11-19', false]]);
  expect(versions('SBIN')).toEqual([['2026-11-18', '2026-11-20', true]]);
  expect(versions('GONE')).toEqual([['2026-11-18', '2026-11-18', false]]);
  book.close();
});

test('contracts that expired more than 400 days ago are forgotten', async () => {
  const book = open(newHome());
  await store(book, [row({ expiry: '2025-10-28' }), row({ expiry: '2025-09-30' })], { day: '2025-09-01' });
  await store(book, [row()], { day: '2026-11-20' });
  expect(book.versions(instrumentKey('NFO', 'NIFTY28OCT25FUT'))).toHaveLength(1);
  expect(book.versions(instrumentKey('NFO', 'NIFTY30SEP25FUT'))).toHaveLength(0);
  book.close();
});

test('of two sources the preferred one speaks, and the other where it alone knows', async () => {
  const book = open(newHome());
  await store(book, [row({ lotSize: 75 }), share('ONLYHERE')], { source: 'second', rank: 1, day: '2026-11-20' });
  await store(book, [row()], { source: 'first', rank: 0, day: '2026-11-19' });
  expect(book.versions(NIFTY).map(({ instrument }) => instrument.lotSize)).toEqual([65]);
  expect(book.versions(instrumentKey('NSE', 'ONLYHERE'))).toHaveLength(1);
  expect(book.contracts({ exchange: 'NFO', base: 'NIFTY', from: '2026-11-20', limit: 10 })).toEqual([NIFTY]);
  book.close();
});

test('expiries, strikes and contracts are listed in order, expired and withdrawn ones not', async () => {
  const book = open(newHome());
  const option = (strike: number, optionType: 'CE' | 'PE', expiry = '2026-12-29') => row({ segment: 'option', strike, optionType, expiry });
  await store(book, [row({ expiry: '2026-11-10' }), option(1, 'CE', '2026-12-01')], { day: '2026-11-09' });
  await store(book, [option(26_000, 'PE'), option(100, 'CE'), option(26_000, 'CE'), row(), row({ expiry: '2026-11-23' }), row({ expiry: '2026-11-10' }), row({ base: 'NIFTYX' })]);
  const of = { exchange: 'NFO', base: 'NIFTY', from: '2026-11-20' } as const;
  expect(book.expiries(of)).toEqual(['2026-11-23', '2026-12-29']);
  expect(book.expiries({ ...of, segment: 'option' })).toEqual(['2026-12-29']);
  expect(book.strikes({ ...of, expiry: '2026-12-29' })).toEqual([1_000_000, 260_000_000]);
  expect(book.contracts({ ...of, limit: 3 })).toEqual(['NFO:NIFTY23NOV26FUT', 'NFO:NIFTY29DEC26FUT', 'NFO:NIFTY29DEC26100CE']);
  expect(book.contracts({ ...of, limit: 9, optionType: 'PE' })).toEqual(['NFO:NIFTY29DEC2626000PE']);
  expect(book.contracts({ ...of, limit: 9, month: '11' })).toEqual(['NFO:NIFTY23NOV26FUT']);
  book.close();
});

test('a line that is listed twice counts once, the first', async () => {
  const book = open(newHome());
  const draft = await book.begin({ source: 'gateway', rank: 0, asOf: clock.now(), at: clock.now() });
  await draft?.add(batch(row(), row({ lotSize: 75 })));
  expect(draft?.counts).toMatchObject({ rows: 1, duplicates: 1 });
  await draft?.commit(clock.now());
  expect(book.versions(NIFTY).map(({ instrument }) => instrument.lotSize)).toEqual([65]);
  book.close();
});

test.each([
  ['cut off', (file: string) => truncateSync(file, 5_000)],
  ['overwritten', (file: string) => writeFileSync(file, Buffer.alloc(20_000, 'no database'))],
])('a file that was %s is put aside with a warning, and an empty one serves', async (_, spoil) => {
  const home = newHome();
  const book = open(home);
  await store(book, Array.from({ length: 300 }, (_none, index) => share(`S${index}`)));
  book.close();
  spoil(path.join(home, 'instruments.db'));
  warnings.length = 0;
  const again = open(home);
  expect(again.snapshots()).toEqual([]);
  await store(again, [row()]);
  expect(again.versions(NIFTY)).toHaveLength(1);
  again.close();
  expect(warnings.join()).toContain('put aside');
  expect(existsSync(path.join(home, 'instruments.db.damaged'))).toBe(true);
  expect(readdirSync(home)).toContain('instruments.db');
});
