import path from 'node:path';
import { isAnyOwnerAlive, isOwnerAlive } from '../runtime/adapters/store';
import type { Store } from '../runtime/domain/ports';
import type { EpochMs } from '../runtime/domain/time';
import type { OpenHistoryPorts } from '../runtime/openHistory';
import { act } from './actions';
import { ACTIONS, readArguments, USAGE, UsageError, type ActionName, type Arguments } from './arguments';
import { withFileWords } from './files';
import { findHome, type Surroundings } from './home';
import { readList, type Listing } from './lists';
import type { BacktestWorld } from './backtestWorld';
import type { GuardWorld } from './guard';
import type { OutputWorld } from './output';
import type { Prompt } from './prompt';
import { TOOLS } from './tools';

/** Everything the command needs of its process; tests bring their own. */
export interface World extends Surroundings {
  now(): EpochMs;
  openStore(home: string): Store | Promise<Store>;
  /** The text of a file, relative to the working directory; `-` is standard input. Throws where it can not be read. */
  readText(file: string): string;
  out(text: string): void;
  err(text: string): void;
  /** Absent where nothing can be guarded. */
  readonly guard?: GuardWorld;
  /** Absent where there is nobody to ask. */
  readonly prompt?: Prompt;
  /** Absent: backtests run in this thread, draw nothing, and their reports can not be written. */
  readonly backtest?: BacktestWorld;
  /** For answers of any length; absent: they are held as a whole, and no file can be written. */
  readonly output?: OutputWorld;
  /** How fetches of candles wait, and where Upstox is; absent: really, and where it is. */
  readonly brokers?: Partial<Pick<OpenHistoryPorts, 'pause' | 'upstox'>>;
}

/** Exit codes: 0 done, 1 it could not be done, 2 the command line makes no sense, 130 broken off by Ctrl+C (what was done until then stands). */
export type ExitCode = 0 | 1 | 2 | 130;

/** Runs one command line (the words after `bellwether`). Never throws. */
export async function main(words: readonly string[], surroundings: World): Promise<ExitCode> {
  const world = withFileWords(surroundings);
  if (words.length === 0 || words.includes('--help') || words.includes('-h') || words[0] === 'help') {
    world.out(USAGE);
    return words.length === 0 ? 2 : 0;
  }
  try {
    const [command = '', ...rest] = words;
    const tool = Object.hasOwn(TOOLS, command) ? TOOLS[command] : undefined;
    if (tool !== undefined) {
      const answer = await tool.run(rest, world);
      const { text, code } = typeof answer === 'string' ? { text: answer, code: 0 as const } : answer;
      world.out(text);
      return code;
    }
    const given = readArguments(words);
    const { rows, table } = await withStore(world, given);
    world.out(given.json ? `${JSON.stringify(rows, null, 2)}\n` : `${table}\n`);
    return 0;
  } catch (error) {
    const usage = error instanceof UsageError;
    world.err(`bellwether: ${error instanceof Error ? error.message : String(error)}\n${usage ? 'Try "bellwether --help".\n' : ''}`);
    return usage ? 2 : 1;
  }
}

async function withStore(world: World, given: Arguments): Promise<Listing> {
  const { command } = given;
  const request = { ...given, now: world.now() };
  const home = findHome(given.home, world);
  const runtimes = path.join(home, 'runtimes');
  const store = await world.openStore(home);
  try {
    return isAction(command) ? await act(store, command, { ...request, processes: { isAlive: (owner) => isOwnerAlive(runtimes, owner), isAnyAlive: () => isAnyOwnerAlive(runtimes) } }) : await readList(store, command, request);
  } finally {
    await store.close();
  }
}

function isAction(command: Arguments['command']): command is ActionName {
  return ACTIONS.some((action) => action === command);
}
