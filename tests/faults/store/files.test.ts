import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteStore } from '../../../runtime/adapters/store';
import { fileSystemOf, requireSqlite } from '../../../runtime/adapters/store/sqlite/file';
import { manualClock } from '../../../runtime/adapters/system/manual';
import { admitted, receipt, recordingLog, T0 } from '../../contracts/store/fixtures';

const folder = mkdtempSync(path.join(tmpdir(), 'bellwether-files-'));
afterAll(() => rmSync(folder, { recursive: true }));
jest.setTimeout(60_000);
let files = 0;
const newFile = (): string => path.join(folder, `${++files}.db`);
const open = (file: string) => openSqliteStore({ path: file, clock: manualClock(T0), log: recordingLog().log });

/** A closed journal with enough rows for many pages. */
async function written(): Promise<string> {
  const file = newFile();
  const store = await open(file);
  await Promise.all(Array.from({ length: 300 }, (_, index) => store.receive(receipt(`r${index}`, [`k${index}`]))));
  for (const key of ['a', 'b']) await admitted(store, key);
  await store.close();
  return file;
}

function changed(file: string, change: (bytes: Buffer) => void): void {
  const bytes = readFileSync(file);
  change(bytes);
  writeFileSync(file, bytes);
}

describe('a damaged file is refused and the message says how to restore', () => {
  test.each<[string, (file: string) => void]>([
    ['text instead of a database', (file) => writeFileSync(file, 'not a database at all, but long enough to be read as a header of one hundred bytes '.repeat(3))],
    ['cut off in the middle', (file) => truncateSync(file, Math.floor(statSync(file).size / 2 / 4096) * 4096)],
    ['cut off inside a page', (file) => truncateSync(file, statSync(file).size - 1_000)],
    ['one bit of a page header flipped', (file) => changed(file, (bytes) => { bytes[4096 * 3] = (bytes[4096 * 3] ?? 0) ^ 0b0000_0100; })],
    ['a page overwritten with zeros', (file) => changed(file, (bytes) => bytes.fill(0, 4096 * 2, 4096 * 3))],
  ])('%s', async (_name, damage) => {
    const file = await written();
    damage(file);
    await expect(open(file)).rejects.toMatchObject({ code: 'DAMAGED', message: expect.stringMatching(/copy the last backup/) as string });
  });
});

test('a flipped bit wherever it strikes is refused at open, seen at reading, or only changes a value', async () => {
  const file = await written();
  const sound = readFileSync(file);
  let refused = 0;
  for (let position = 4096; position < sound.length; position += 1_019) {
    writeFileSync(file, sound);
    changed(file, (bytes) => { bytes[position] = (bytes[position] ?? 0) ^ 1; });
    const failure = await open(file).then((store) => store.signals({ limit: 10_000 }).then(() => undefined, (error: unknown) => error).finally(() => store.close()), (error: unknown) => error);
    if (failure === undefined) continue;
    refused += 1;
    expect(failure).toMatchObject({ code: expect.stringMatching(/^DAMAGED/) as string });
  }
  expect(refused).toBeGreaterThan(0);
});

test('a stored row that lost its shape is an error that names the table, not a value', async () => {
  const file = await written();
  const raw = new DatabaseSync(file);
  raw.exec("update orders set status = 'MAYBE' where id = 'oa'");
  raw.close();
  const store = await open(file);
  await expect(store.order('oa')).rejects.toMatchObject({ code: 'DAMAGED_ROW', message: expect.stringContaining('"orders"') as string });
  await expect(store.order('ob')).resolves.toMatchObject({ id: 'ob' });
  await store.close();
});

test('a schema of a newer version is refused, with the remedy', async () => {
  const file = await written();
  const raw = new DatabaseSync(file);
  raw.exec("insert into schema_migrations (name, timestamp) values ('9999-future', '2030-01-01T00:00:00Z')");
  raw.close();
  await expect(open(file)).rejects.toMatchObject({ code: 'NEWER_SCHEMA', message: expect.stringMatching(/9999-future.*Update this installation/) as string });
});

test('the database of another program is refused and left as it was', async () => {
  const file = newFile();
  const raw = new DatabaseSync(file);
  raw.exec('create table workflows (id integer)');
  raw.close();
  const before = readFileSync(file);
  await expect(open(file)).rejects.toMatchObject({ code: 'NOT_A_STORE' });
  expect(readFileSync(file).equals(before)).toBe(true);
});

test('a path that can not be opened says so', async () => {
  const taken = path.join(folder, 'a-folder');
  mkdirSync(taken);
  await expect(open(taken)).rejects.toMatchObject({ code: 'IO', message: expect.stringContaining(taken) as string });
});

test('a Node without node:sqlite is told what to do', () => {
  expect(() => requireSqlite(() => undefined)).toThrow(/Node 22\.13 or newer/);
});

test.each([
  ['/home/me/state', 'ext4'], ['/mnt/share', 'nfs4'], ['/mnt/share/deep/folder', 'nfs4'], ['/mnt/shared', 'ext4'], ['/mnt/my disk/x', 'fuse.sshfs'],
])('%s is on %s', (folderPath, kind) => {
  const mountInfo = [
    '22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw',
    '40 22 0:50 / /mnt/share rw,relatime shared:2 master:3 - nfs4 server:/x rw',
    '41 22 0:51 / /mnt/my\\040disk rw - fuse.sshfs me@host: rw', '',
  ].join('\n');
  expect(fileSystemOf(mountInfo, folderPath)).toBe(kind);
});
