import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { GroupCommit, openCommits } from './groupCommit';

/** A disk whose flushes end when the test says so. `began` counts what had been committed when each flush began. */
class Disk {
  readonly began: number[] = [];
  closed = false;
  #ends: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
  #onFlush: (() => void) | undefined;

  flush(): Promise<void> {
    this.began.push(count());
    this.#onFlush?.();
    return new Promise((resolve, reject) => this.#ends.push({ resolve, reject }));
  }

  close(): void {
    this.closed = true;
  }

  /** Resolves when a flush begins from now on. */
  begins(): Promise<void> {
    return new Promise((resolve) => { this.#onFlush = resolve; });
  }

  end(error?: Error): void {
    const flush = this.#ends.shift();
    if (error === undefined) flush?.resolve();
    else flush?.reject(error);
  }
}

let folder: string;
let file: string;
let db: DatabaseSync;
let reader: DatabaseSync;
let disk: Disk;
let commits: GroupCommit;
let faults: unknown[];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'group-commit-'));
  file = path.join(folder, 'journal.db');
  db = new DatabaseSync(file);
  db.exec('pragma journal_mode = wal; pragma synchronous = normal; create table rows (body text)');
  reader = new DatabaseSync(file);
  disk = new Disk();
  faults = [];
  commits = new GroupCommit(db, { busyTimeoutMs: 100, log: disk, onFault: (error) => { faults.push(error); } });
});

afterEach(async () => {
  const closing = commits.close();
  disk.end();
  await closing;
  reader.close();
  rmSync(folder, { recursive: true });
});

const add = (body: string) => (): void => { db.prepare('insert into rows values (?)').run(body); };
const count = (): number => Number(reader.prepare('select count(*) n from rows').get()?.['n']);
/** Whether a promise has settled once everything that was ready has run. */
const hasSettled = async (promise: Promise<unknown>): Promise<boolean> => {
  let settled = false;
  const note = (): void => { settled = true; };
  promise.then(note, note);
  await new Promise((resolve) => setImmediate(resolve));
  return settled;
};

test('a step resolves after a flush that began when it was committed', async () => {
  const begins = disk.begins();
  const written = commits.write(add('one'));
  await begins;
  expect(disk.began).toEqual([1]);
  expect(await hasSettled(written)).toBe(false);
  disk.end();
  await written;
});

test('what is asked for while a flush is under way is one group, with a flush of its own', async () => {
  const first = commits.write(add('one'));
  await disk.begins();
  const next = [commits.write(add('two')), commits.write(add('three'))];
  expect(await hasSettled(Promise.all(next))).toBe(false);
  expect(count()).toBe(1);
  const begins = disk.begins();
  disk.end();
  await first;
  await begins;
  expect(disk.began).toEqual([1, 3]);
  disk.end();
  await Promise.all(next);
});

test('whoever wants to know is told after the commit, while the disk is still at work', async () => {
  const told: string[] = [];
  const written = commits.write(() => { add('one')(); return 'one'; }, 'flushed', (value) => { told.push(`${value} ${count()}`); });
  const failed = commits.write(() => { throw new Error('no'); }, 'flushed', () => { told.push('failed'); });
  await expect(failed).rejects.toThrow('no');
  if (disk.began.length === 0) await disk.begins();
  expect(told).toEqual(['one 1']);
  expect(await hasSettled(written)).toBe(false);
  disk.end();
  await written;
  expect(told).toEqual(['one 1']);
});

test('whoever is told and throws holds nothing up: the step stands, the others are told, and the next is written', async () => {
  const bug = new Error('a bug of the listener');
  const told: string[] = [];
  const written = Promise.all([
    commits.write(() => { add('one')(); return 1; }, 'flushed', () => { throw bug; }),
    commits.write(() => { add('two')(); return 2; }, 'flushed', () => { told.push('two'); }),
  ]);
  await disk.begins();
  disk.end();
  expect(await written).toEqual([1, 2]);
  expect([told, faults]).toEqual([['two'], [bug]]);
  expect(await commits.write(() => { add('three')(); return 3; }, 'unflushed')).toBe(3);
  expect(count()).toBe(3);
});

test('what is no error and can not even be written down holds nothing up when a step throws it', async () => {
  void commits.write(() => { throw Object.create(null) as Error; }, 'unflushed').catch(() => undefined);
  expect(await commits.write(() => 1, 'unflushed')).toBe(1);
  expect(faults).toHaveLength(1);
});

test('an unflushed step waits for no flush, not even in a group with others', async () => {
  await commits.write(add('one'), 'unflushed');
  expect(disk.began).toEqual([]);
  const [flushed, unflushed] = [commits.write(add('two')), commits.write(add('three'), 'unflushed')];
  await unflushed;
  expect(await hasSettled(flushed)).toBe(false);
  disk.end();
  await flushed;
});

test('a step that changed nothing waits too: what it saw may not be on the disk', async () => {
  const looked = commits.write(() => count());
  await disk.begins();
  expect(await hasSettled(looked)).toBe(false);
  disk.end();
  expect(await looked).toBe(0);
});

test('after a flush that failed nothing is written any more', async () => {
  const first = commits.write(add('one'));
  await disk.begins();
  const second = commits.write(add('two'));
  disk.end(new Error('EIO'));
  await expect(first).rejects.toThrow('restart');
  await expect(second).rejects.toMatchObject({ code: 'IO' });
  await expect(commits.write(add('three'))).rejects.toMatchObject({ code: 'IO' });
  await expect(commits.write(add('four'), 'unflushed')).rejects.toMatchObject({ code: 'IO' });
  expect(count()).toBe(1);
});

test('a step that throws is rolled back alone and needs no flush', async () => {
  await expect(commits.write(() => { add('lost')(); throw new Error('no'); })).rejects.toThrow('no');
  expect(disk.began).toEqual([]);
  expect(count()).toBe(0);
});

test('closing waits for the flush under way', async () => {
  const written = commits.write(add('one'));
  await disk.begins();
  const closing = commits.close();
  expect(await hasSettled(closing)).toBe(false);
  disk.end();
  await Promise.all([written, closing]);
  expect(disk.closed).toBe(true);
});

test('a database’s own log is flushed after each commit, and its commits leave that out', async () => {
  const ownFile = path.join(folder, 'own.db');
  const own = new DatabaseSync(ownFile);
  own.exec('pragma journal_mode = wal; create table rows (body text)');
  const real = openCommits(own, ownFile, { busyTimeoutMs: 100, onAlone: (reason) => { faults.push(reason); } });
  expect(own.prepare('pragma synchronous').get()).toMatchObject({ synchronous: 1 });
  await Promise.all([1, 2, 3].map((body) => real.write(() => own.prepare('insert into rows values (?)').run(String(body)))));
  expect(own.prepare('select count(*) n from rows').get()).toMatchObject({ n: 3 });
  await real.close();
});

describe('without a disk to wait for', () => {
  const memory = (options: Partial<ConstructorParameters<typeof GroupCommit>[1]> = {}): { readonly own: DatabaseSync; readonly group: GroupCommit } => {
    const own = new DatabaseSync(':memory:');
    own.exec('create table rows (body text)');
    return { own, group: new GroupCommit(own, { busyTimeoutMs: 100, ...options }) };
  };
  const write = (own: DatabaseSync, body: string): void => { own.prepare('insert into rows values (?)').run(body); };
  const bodies = (own: DatabaseSync): unknown[] => own.prepare('select body from rows').all().map((row) => row['body']);

  test('a step that fails alone leaves nothing, and the next is written', async () => {
    const { own, group } = memory();
    const failed = group.write(() => {
      write(own, 'half');
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    await group.write(() => { write(own, 'whole'); });
    expect(bodies(own)).toEqual(['whole']);
    await group.close();
  });

  test('whoever keeps the log short can not stop the journal', async () => {
    const bug = new Error('no thread');
    const seen: unknown[] = [];
    const { own, group } = memory({ checkpoints: { committed: () => { throw bug; }, close: () => Promise.resolve() }, onFault: (error) => { seen.push(error); } });
    await group.write(() => { write(own, 'one'); });
    await group.write(() => { write(own, 'two'); });
    expect([bodies(own), seen]).toEqual([['one', 'two'], [bug, bug]]);
    await group.close();
  });
});
