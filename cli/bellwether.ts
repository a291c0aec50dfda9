import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { systemClock } from '../runtime/adapters/system/clock';
import type { Log } from '../runtime/domain/ports';
import { openStore } from '../runtime/index';
import { main } from './main';

/** A reader that has seen enough (`| head`) is no failure. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

/** Standard output belongs to the answer; what a person must know goes beside it. */
const log: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: (_, message) => process.stderr.write(`bellwether: ${message}\n`),
  error: (_, message) => process.stderr.write(`bellwether: ${message}\n`),
};

void main(process.argv.slice(2), {
  env: process.env,
  workingDirectory: process.cwd(),
  userFolder: homedir(),
  now: () => systemClock.now(),
  openStore: (home) => openStore(home, { log }),
  readText: (file) => readFileSync(file === '-' ? process.stdin.fd : file, 'utf8'),
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
}).then((code) => {
  process.exitCode = code;
});
