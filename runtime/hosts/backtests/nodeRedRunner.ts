import { fork, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { CandleColumns } from '../../domain/candle';
import type { Outcome } from '../../domain/denial';
import type { BacktestProgress } from '../replay';
import type { BacktestRunner, RunnerHooks } from './runner';
import type { BacktestSetup, BacktestTask, TaskDone } from './task';

/** What the child is told. */
export type ChildOrder =
  | { readonly kind: 'run'; readonly setup: BacktestSetup; readonly task: BacktestTask; readonly nodeRed: string }
  | { readonly kind: 'stop' };

/** What it tells. */
export type ChildNews =
  | { readonly kind: 'progress'; readonly progress: BacktestProgress }
  | { readonly kind: 'done'; readonly outcome: Outcome<TaskDone> }
  /** A bug, in words for its log. */
  | { readonly kind: 'broke'; readonly message: string };

export interface NodeRedRunnerOptions {
  /** The program of the child: `dist/cli/nodeRedWorker.js`. */
  readonly program: string;
  /** The main file of the `node-red` package; see findNodeRed. */
  readonly nodeRed: string;
}

const STOP_LOOK_MS = 100;
/** What the child says on its standard error is kept up to here. */
const SAID_LIMIT = 10_000;

/** Lane B: each task in a process of its own that runs the user's Node-RED without an editor, one after the other. */
export function nodeRedRunner({ program, nodeRed }: NodeRedRunnerOptions): BacktestRunner {
  if (!existsSync(program)) throw new Error(`${program} is missing: build Bellwether first (npm run build).`);
  return {
    async run(setup, tasks, hooks = {}) {
      const outcomes: (Outcome<TaskDone> | undefined)[] = tasks.map(() => undefined);
      for (const [index, task] of tasks.entries()) {
        if (hooks.shouldStop?.() === true) break;
        outcomes[index] = await inChild(program, { kind: 'run', setup, task, nodeRed }, index, hooks);
        hooks.onDone?.(index);
      }
      return outcomes;
    },
  };
}

function inChild(program: string, order: ChildOrder & { readonly kind: 'run' }, index: number, { onProgress, shouldStop }: RunnerHooks): Promise<Outcome<TaskDone>> {
  const child = fork(program, [], { serialization: 'advanced', stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: [] });
  const said = heard(child);
  const look = setInterval(() => { if (shouldStop?.() === true && child.connected) child.send({ kind: 'stop' } satisfies ChildOrder); }, STOP_LOOK_MS);
  return new Promise<Outcome<TaskDone>>((resolve, reject) => {
    child.on('message', (news: ChildNews) => {
      if (news.kind === 'progress') onProgress?.(index, news.progress);
      else if (news.kind === 'done') resolve(news.outcome);
      else reject(new Error(news.message));
    });
    child.on('error', reject);
    child.on('exit', (code) => { reject(new Error(`The headless Node-RED ended with ${String(code)}: ${said()}`)); });
    child.send(portable(order));
  }).finally(() => {
    clearInterval(look);
    child.kill();
  });
}

/** Memory that threads share does not go from process to process: it is copied. */
function portable(order: ChildOrder & { readonly kind: 'run' }): ChildOrder {
  const { setup } = order;
  const data = setup.terms.data.map((recorded) => ({ ...recorded, columns: copied(recorded.columns) }));
  return { ...order, setup: { ...setup, terms: { ...setup.terms, data } } };
}

function copied({ length, ...columns }: CandleColumns): CandleColumns {
  const { time, open, high, low, close, volume, session } = columns;
  const copy = (column: Float64Array): Float64Array => new Float64Array(column);
  return { length, time: copy(time), open: copy(open), high: copy(high), low: copy(low), close: copy(close), volume: copy(volume), session: copy(session) };
}

function heard(child: ChildProcess): () => string {
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => { said = `${said}${chunk.toString()}`.slice(-SAID_LIMIT); });
  return () => said;
}
