import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Outcome } from '../../domain/denial';
import type { BacktestProgress, Definitions } from '../replay';
import { runTask, type BacktestSetup, type BacktestTask, type TaskDone } from './task';
import type { WishedSetup } from './wish';

/** What whoever waits for backtests hears and may say meanwhile. */
export interface RunnerHooks {
  /** `task` is its number in the list. Some times a second. */
  readonly onProgress?: (task: number, progress: BacktestProgress) => void;
  readonly onDone?: (task: number) => void;
  /** Asked some times a second; true ends what runs (its result stands, up to there) and begins nothing more. */
  readonly shouldStop?: () => boolean;
}

/** Runs backtests of one setup, in this thread or in others. Outcomes stand in the order of the tasks, whatever the order of work was; a task that was not begun is undefined. */
export interface BacktestRunner<S = BacktestSetup> {
  run(setup: S, tasks: readonly BacktestTask[], hooks?: RunnerHooks): Promise<readonly (Outcome<TaskDone> | undefined)[]>;
}

/** In this thread, one after the other; the event loop gets a turn every few milliseconds. */
export function inlineRunner(definitions: Definitions): BacktestRunner<BacktestSetup | WishedSetup> {
  return {
    async run(setup, tasks, { onProgress, onDone, shouldStop = () => false } = {}) {
      const outcomes: (Outcome<TaskDone> | undefined)[] = tasks.map(() => undefined);
      for (const [index, task] of tasks.entries()) {
        if (shouldStop()) break;
        outcomes[index] = await runTask(setup, task, definitions, { shouldStop, pause: () => nextTurn(), ...(onProgress === undefined ? {} : { onProgress: (progress) => onProgress(index, progress) }) });
        onDone?.(index);
      }
      return outcomes;
    },
  };
}
