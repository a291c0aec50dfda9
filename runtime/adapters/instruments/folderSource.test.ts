import { mkdirSync, mkdtempSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { LISTS, OPENALGO_COLUMNS } from '../../../tests/contracts/masters/lists';
import { folderSource } from './folderSource';

const HOUR = 3_600_000;
const T0 = 1_795_149_000_000;

function home(files: Readonly<Record<string, { readonly content: string | Buffer; readonly writtenAt: number }>>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'lists-'));
  mkdirSync(path.join(folder, 'masters'));
  for (const [name, { content, writtenAt }] of Object.entries(files)) {
    const file = path.join(folder, 'masters', name);
    writeFileSync(file, content);
    utimesSync(file, writtenAt / 1_000, writtenAt / 1_000);
  }
  return folder;
}

async function read(folder: string, readAt?: number) {
  const download = await folderSource(folder).fetch(readAt);
  if (download === undefined) return undefined;
  const keys: string[] = [];
  for await (const { rows } of download.batches) keys.push(...rows.map(({ key }) => key));
  return { asOf: download.asOf, keys };
}

test('no folder, and no list in it, is nothing to fetch', async () => {
  expect(await read(mkdtempSync(path.join(tmpdir(), 'lists-')))).toBeUndefined();
  expect(await read(home({ 'readme.txt': { content: 'x', writtenAt: T0 } }))).toBeUndefined();
});

test('lists of any broker, packed or not, are one master as old as the oldest', async () => {
  const folder = home({
    'a.csv': { content: `${OPENALGO_COLUMNS}\nSBIN,x,x,NSE,NSE,1,,0,1,EQ,0.05`, writtenAt: T0 },
    'b.json.gz': { content: gzipSync(LISTS['Upstox'] ?? ''), writtenAt: T0 - HOUR },
  });
  const found = await read(folder);
  expect(found?.asOf).toBe(T0 - HOUR);
  expect(found?.keys).toEqual(expect.arrayContaining(['NSE:SBIN', 'NFO:NIFTY29DEC26FUT', 'MCX:CRUDEOIL16DEC26FUT']));
});

test('what was read already is not read again until a file is newer', async () => {
  const folder = home({ 'a.csv': { content: LISTS['Kite'] ?? '', writtenAt: T0 } });
  expect(await read(folder, T0 + 1)).toBeUndefined();
  expect(await read(folder, T0 - 1)).toBeDefined();
});

test('a file that is no list is named', async () => {
  await expect(read(home({ 'candles.csv': { content: 'date,open,high,low,close\n1,2,3,4,5', writtenAt: T0 } }))).rejects.toThrow(/^candles\.csv: The list has the columns date, open/);
});
