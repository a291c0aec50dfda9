import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import type { Outcome } from '../../domain/denial';
import type { BacktestProgress } from '../replay';
import type { BacktestRunner, RunnerHooks } from './runner';
import type { BacktestSetup, BacktestTask, TaskDone } from './task';
import type { WishedSetup } from './wish';

/** What a thread is given once. */
export interface ThreadData {
  readonly setup: BacktestSetup | WishedSetup;
  /** One number, shared by all threads: not 0 ends them. */
  readonly stop: Int32Array;
}

/** What a thread is told, one task at a time. */
export interface ThreadOrder {
  readonly number: number;
  readonly task: BacktestTask;
}

/** What a thread tells. */
export type ThreadNews =
  | { readonly kind: 'progress'; readonly number: number; readonly progress: BacktestProgress }
  | { readonly kind: 'done'; readonly number: number; readonly outcome: Outcome<TaskDone> };

export interface ThreadOptions {
  /** The program of a thread: `dist/cli/backtestWorker.js`. */
  readonly program: string;
  /** Most threads at once. Default: as many as the machine has cores. */
  readonly threads?: number;
  /** Memory of one thread in megabytes; a backtest that needs more fails by itself instead of taking the process along. Default 4,096. */
  readonly memoryMb?: number;
}

const STOP_LOOK_MS = 100;
const HowMany = z.int().min(1).max(256);

/** In worker threads: the event loop of this one stays free, and several tasks run at the same time. Each has its own flow, broker and clock: results are those of one thread. */
export function threadRunner({ program, threads = availableParallelism(), memoryMb = 4_096 }: ThreadOptions): BacktestRunner<BacktestSetup | WishedSetup> {
  if (!existsSync(program)) throw new Error(`${program} is missing: build Bellwether first (npm run build).`);
  const most = HowMany.parse(threads);
  return {
    async run(setup, tasks, hooks = {}) {
      const stop = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
      const look = setInterval(() => { if (hooks.shouldStop?.() === true) Atomics.store(stop, 0, 1); }, STOP_LOOK_MS);
      const course = new Course(tasks, hooks, () => Atomics.load(stop, 0) !== 0);
      try {
        const count = Math.min(most, tasks.length);
        await Promise.all(Array.from({ length: count }, () => work({ program, memoryMb, data: { setup, stop } }, course)));
        return course.outcomes;
      } finally {
        clearInterval(look);
        // Where one broke, the others end as well.
        Atomics.store(stop, 0, 1);
      }
    },
  };
}

/** The tasks and how far they are. */
class Course {
  readonly outcomes: (Outcome<TaskDone> | undefined)[];
  #next = 0;

  constructor(readonly tasks: readonly BacktestTask[], readonly hooks: RunnerHooks, readonly isStopped: () => boolean) {
    this.outcomes = tasks.map(() => undefined);
  }

  take(): ThreadOrder | undefined {
    const number = this.#next;
    const task = this.isStopped() ? undefined : this.tasks[number];
    if (task !== undefined) this.#next += 1;
    return task === undefined ? undefined : { number, task };
  }

  hear(news: ThreadNews): void {
    if (news.kind === 'progress') this.hooks.onProgress?.(news.number, news.progress);
    else {
      this.outcomes[news.number] = news.outcome;
      this.hooks.onDone?.(news.number);
    }
  }
}

/** One thread, until there is nothing left to take. Rejects where it breaks: that is a bug, or too little memory. */
function work({ program, memoryMb, data }: { readonly program: string; readonly memoryMb: number; readonly data: ThreadData }, course: Course): Promise<void> {
  const first = course.take();
  if (first === undefined) return Promise.resolve();
  const worker = new Worker(program, { workerData: data, resourceLimits: { maxOldGenerationSizeMb: memoryMb } });
  return new Promise<void>((resolve, reject) => {
    const goOn = (order: ThreadOrder | undefined): void => {
      if (order === undefined) void worker.terminate().then(() => { resolve(); });
      else worker.postMessage(order);
    };
    worker.on('message', (news: ThreadNews) => {
      course.hear(news);
      if (news.kind === 'done') goOn(course.take());
    });
    worker.on('error', (error: unknown) => { reject(error instanceof Error ? error : new Error(String(error))); });
    worker.on('exit', () => { resolve(); });
    goOn(first);
  });
}
