import { readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { systemClock } from '../runtime/adapters/system/clock';
import type { Log } from '../runtime/domain/ports';
import { ok } from '../runtime/domain/denial';
import { nodeRedRunner, threadRunner } from '../runtime/hosts/backtests';
import { findNodeRed } from '../runtime/hosts/replay';
import { chosenFeed, openRuntime, openStore } from '../runtime/index';
import { main } from './main';
import { streamedOutput } from './output';
import { streamPrompt } from './prompt';

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

/** Opened with the first question only: a command that asks nothing does not wait for its input. */
let asking: ReturnType<typeof streamPrompt> | undefined;
const prompt = (): ReturnType<typeof streamPrompt> => (asking ??= streamPrompt(process.stdin, (text) => process.stderr.write(text)));

/** Ctrl+C and an orderly end of the service. */
let stopping: Promise<void> | undefined;
const stopped = (): Promise<void> => (stopping ??= new Promise((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => { resolve(); });
}));

async function stoppedWithin(ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<boolean>((resolve) => { timer = setTimeout(() => { resolve(false); }, ms); });
  const isStopped = await Promise.race([stopped().then(() => true), passed]);
  clearTimeout(timer);
  return isStopped;
}

/** Ctrl+C ends a backtest in good order; pressed again it ends the process. */
const interruption: { heard: boolean; requested: boolean } = { heard: false, requested: false };
function interrupted(): boolean {
  if (!interruption.heard) void stopped().then(() => { interruption.requested = true; });
  interruption.heard = true;
  return interruption.requested;
}

/** Waits between requests keep no process alive, and a command is not over before its answer is. */
const alive = setInterval(() => undefined, 60_000);

void main(process.argv.slice(2), {
  env: process.env,
  workingDirectory: process.cwd(),
  userFolder: homedir(),
  now: () => systemClock.now(),
  openStore: (home) => openStore(home, { log }),
  readText: (file) => readFileSync(file === '-' ? process.stdin.fd : file, 'utf8'),
  guard: { open: (home) => openRuntime({ home, log, feed: chosenFeed() }), stoppedWithin },
  backtest: {
    isTerminal: process.stderr.isTTY, interrupted, writeText: (file, text) => { writeFileSync(file, text); },
    runner: (threads) => threadRunner({ program: path.join(__dirname, 'backtestWorker.js'), ...(threads === undefined ? {} : { threads }) }),
    nodeRed: (folder) => {
      const found = findNodeRed(folder === undefined ? [process.cwd(), path.join(homedir(), '.node-red'), __dirname] : [path.resolve(folder)]);
      return found.ok ? ok(nodeRedRunner({ program: path.join(__dirname, 'nodeRedWorker.js'), nodeRed: found.value })) : found;
    },
  },
  prompt: { plain: (question) => prompt().plain(question), hidden: (question) => prompt().hidden(question) },
  out: (text) => process.stdout.write(text),
  output: streamedOutput(process.stdout),
  err: (text) => process.stderr.write(text),
}).then((code) => {
  clearInterval(alive);
  asking?.close();
  process.exitCode = code;
});
