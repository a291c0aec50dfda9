import { copyFileSync, mkdtempSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Checkpointer } from './checkpointer';

/** More than it waits for. */
const COMMITS = 100;

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

/** What the database holds without its log. */
function copiedBack(): number {
  const copy = path.join(folder, 'copy.db');
  copyFileSync(file, copy);
  const alone = new DatabaseSync(copy);
  try {
    return Number(alone.prepare('select count(*) as total from rows').get()?.['total']);
  } finally {
    alone.close();
  }
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
    db.prepare('insert into rows (body) values (?)').run('x'.repeat(500));
    checkpoints.committed();
  }
}

test('the log is copied back in a thread, without a commit that does it', async () => {
  const allowed: number[] = [];
  const checkpoints = new Checkpointer(file, (pages) => {
    allowed.push(pages);
    db.exec('pragma wal_autocheckpoint = 0');
  });
  commit(checkpoints);
  expect(copiedBack()).toBe(0);
  await until(() => copiedBack() >= COMMITS / 2);
  await checkpoints.close();
  expect(allowed[0]).toBeGreaterThan(allowed[1] ?? Infinity);
});

test('without a thread the commits do it as they always did', async () => {
  const told = new Promise<number>((resolve) => {
    let isFirst = true;
    const checkpoints = new Checkpointer(path.join(folder, 'nowhere', 'journal.db'), (pages) => {
      if (!isFirst) resolve(pages);
      isFirst = false;
    });
    commit(checkpoints);
  });
  expect(await told).toBe(1_000);
});
