import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openMasterBook } from './masterBook';
import { MASTERS_FILE } from './openFile';
import { readMasters } from './readMasters';

let home = '';
beforeEach(() => { home = mkdtempSync(path.join(tmpdir(), 'masters-')); });
afterEach(() => { rmSync(home, { recursive: true, force: true }); });

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

test('where there is no file none is made', () => {
  expect(readMasters(home)).toBeUndefined();
  expect(readdirSync(home)).toEqual([]);
});

test('what a book holds is seen, and can not be changed; a file of another version is left alone', async () => {
  const book = openMasterBook({ home, clock: { now: () => 1 }, log });
  await book.note({ source: 'test', outcome: 'failed', at: 1, rows: 0, rejected: 0, skipped: 0, duplicates: 0, reason: 'nobody answered', samples: [] });
  book.close();
  const read = readMasters(home);
  expect(read?.attempts()).toMatchObject([{ source: 'test', outcome: 'failed', reason: 'nobody answered' }]);
  read?.close();
  const other = new DatabaseSync(path.join(home, MASTERS_FILE));
  other.exec('pragma user_version = 999');
  other.close();
  expect(readMasters(home)).toBeUndefined();
  expect(readdirSync(home)).not.toContain(`${MASTERS_FILE}.damaged`);
});
