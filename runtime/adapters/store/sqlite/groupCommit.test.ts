import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { GroupCommit } from './groupCommit';

const NORMAL = { synchronous: 1 };
const FULL = { synchronous: 2 };

let folder: string;
let db: DatabaseSync;
let commits: GroupCommit;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'group-commit-'));
  db = new DatabaseSync(path.join(folder, 'journal.db'));
  db.exec('pragma journal_mode = wal; pragma synchronous = full');
  commits = new GroupCommit(db, { busyTimeoutMs: 100 });
});

afterEach(async () => {
  await commits.close();
  rmSync(folder, { recursive: true });
});

/** How the transaction that it runs in will be committed. */
const setting = (): unknown => ({ ...db.prepare('pragma synchronous').get() });

test('a step is flushed unless it says otherwise', async () => {
  expect(await commits.write(setting)).toEqual(FULL);
  expect(await commits.write(setting, 'unflushed')).toEqual(NORMAL);
  expect(await commits.write(setting)).toEqual(FULL);
});

test('one flushed step has its whole group flushed', async () => {
  const group = [commits.write(setting, 'unflushed'), commits.write(setting), commits.write(setting, 'unflushed')];
  expect(await Promise.all(group)).toEqual([FULL, FULL, FULL]);
});

test('the flush is back after an unflushed step that failed', async () => {
  await expect(commits.write(() => { throw new Error('no'); }, 'unflushed')).rejects.toThrow('no');
  expect(await commits.write(setting)).toEqual(FULL);
});
