import { mkdtempSync, rmSync, statSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Checkpointer } from './checkpointer';

/** More than it waits for. */
const COMMITS = 100;
const ROW_BYTES = 500;

let folder: string;
let file: string;
let db: DatabaseSync;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'checkpointer-'));
  file = path.join(folder, 'journal.db');
  db = new DatabaseSync(file);
  db.exec('pragma journal_mode = wal; pragma synchronous = normal; create table rows (body text); pragma wal_checkpoint(truncate)');
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

/** Bytes of the database without its log, which holds all of it until it is copied back. */
function copiedBack(): number {
  return statSync(file).size;
}

/** Looks at every change of the file, until it is as `isWanted` says. */
async function until(isWanted: () => boolean): Promise<void> {
  const watcher = watch(file, { persistent: false });
  try {
    await new Promise<void>((resolve) => {
      const look = (): void => { if (isWanted()) resolve(); };
      watcher.on('change', look);
      look();
    });
  } finally {
    watcher.close();
  }
}

function commit(checkpoints: Checkpointer): void {
  for (let index = 0; index < COMMITS; index += 1) {
    db.prepare('insert into rows (body) values (?)').run('x'.repeat(ROW_BYTES));
    checkpoints.committed();
  }
}

test('the log is copied back in a thread, without a commit that does it', async () => {
  const checkpoints = new Checkpointer(file, { allow: () => { db.exec('pragma wal_autocheckpoint = 0'); }, onAlone: () => undefined });
  const before = copiedBack();
  commit(checkpoints);
  await until(() => copiedBack() > before + (COMMITS / 2) * ROW_BYTES);
  await checkpoints.close();
});

test('without a thread the commits do it as SQLite has them, and it is told why', async () => {
  const allowed: number[] = [];
  const reason = await new Promise<unknown>((resolve) => {
    commit(new Checkpointer(path.join(folder, 'nowhere', 'journal.db'), { allow: (pages) => { allowed.push(pages); }, onAlone: resolve }));
  });
  expect(reason).toMatchObject({ message: expect.stringMatching(/unable to open/) as string });
  expect(allowed).toEqual([32_000, 1_000]);
});
