import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { MessagePort } from 'node:worker_threads';
import { z } from 'zod';
import type { Definitions } from '../replay';
import { runTask, type BacktestSetup } from './task';
import type { WishedSetup } from './wish';
import type { ThreadData, ThreadNews, ThreadOrder } from './threads';

/** The setup comes from `threadRunner` as it was handed in: the copy between threads keeps its shape. */
const Given: z.ZodType<ThreadData> = z.object({ setup: z.custom<BacktestSetup | WishedSetup>((value) => typeof value === 'object' && value !== null), stop: z.instanceof(Int32Array) });

/** Progress is told so often, whatever the pace. */
const TELL_EVERY_MS = 100;

/** The life of one worker thread: task after task, until it is ended from outside. */
export function liveAsThread(port: MessagePort, given: unknown, definitions: Definitions): void {
  const { setup, stop } = Given.parse(given);
  const shouldStop = (): boolean => Atomics.load(stop, 0) !== 0;
  const tell = (news: ThreadNews): void => { port.postMessage(news); };
  port.on('message', ({ number, task }: ThreadOrder) => {
    let toldAt = -Infinity;
    void runTask(setup, task, definitions, {
      shouldStop, pause: () => nextTurn(),
      onProgress: (progress) => {
        if (performance.now() - toldAt < TELL_EVERY_MS) return;
        toldAt = performance.now();
        tell({ kind: 'progress', number, progress });
      },
    }).then((outcome) => { tell({ kind: 'done', number, outcome }); });
  });
}
