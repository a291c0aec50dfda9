import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '../../system/clock';
import { randomIds } from '../../system/ids';
import { fileOwners } from './owners';

let folder = '';
const children: ChildProcess[] = [];
beforeEach(() => { folder = mkdtempSync(path.join(tmpdir(), 'bellwether-owners-')); });
afterEach(async () => {
  await Promise.all(children.splice(0).map(killed));
  rmSync(folder, { recursive: true, force: true });
});

const open = () => fileOwners({ folder, ids: randomIds, clock: systemClock });

/** Another process that holds the lock of `name` the way an owner does, until it is killed. */
async function otherProcess(name: string): Promise<ChildProcess> {
  const script = `const { DatabaseSync } = require('node:sqlite'); globalThis.lock = new DatabaseSync(process.argv[1]); globalThis.lock.exec('pragma journal_mode = memory; begin exclusive'); console.log('locked'); setInterval(() => undefined, 1e6);`;
  const child = spawn(process.execPath, ['--no-warnings', '-e', script, path.join(folder, `${name}.lock`)], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child;
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await exited;
}

test('an owner is alive until it closes; one that was never heard of is not', () => {
  const [a, b] = [open(), open()];
  expect([a.isAlive(b.own), b.isAlive(a.own), a.isAlive(a.own), a.isAlive('nobody'), a.isAlone()]).toEqual([true, true, true, false, false]);
  b.close();
  expect([a.isAlive(b.own), a.isAlone()]).toEqual([false, true]);
  expect(readdirSync(folder)).toEqual([`${a.own}.lock`]);
  a.close();
});

test('looking does not take the lock away from its owner', () => {
  const [a, b] = [open(), open()];
  for (let look = 0; look < 3; look += 1) expect([a.isAlive(b.own), b.isAlive(a.own)]).toEqual([true, true]);
  a.close();
  b.close();
});

test('an owner in another process is alive until it is killed', async () => {
  const child = await otherProcess('other');
  const here = open();
  expect([here.isAlive('other'), here.isAlone()]).toEqual([true, false]);
  await killed(child);
  expect([here.isAlive('other'), here.isAlone()]).toEqual([false, true]);
  here.close();
});

test('files of the dead are taken away, those of the living and of the newborn are not', async () => {
  await otherProcess('living');
  for (const name of ['dead', 'newborn']) writeFileSync(path.join(folder, `${name}.lock`), '');
  const longAgo = Date.now() / 1_000 - 3_600;
  for (const name of ['dead', 'living']) utimesSync(path.join(folder, `${name}.lock`), longAgo, longAgo);
  const here = open();
  expect(readdirSync(folder).sort()).toEqual([`${here.own}.lock`, 'living.lock', 'newborn.lock'].sort());
  here.close();
});

test('a name from outside the folder is nobody', () => {
  const here = open();
  expect(here.isAlive('../../etc/passwd')).toBe(false);
  here.close();
});
