import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { MessagePort } from 'node:worker_threads';
import type { Definitions } from '../replay';
import { runTask } from './task';
import type { ThreadData, ThreadNews, ThreadOrder } from './threads';

/** Progress is told so often, whatever the pace. */
const TELL_EVERY_MS = 100;

/** The life of one worker thread: task after task, until it is ended from outside. */
export function liveAsThread(port: MessagePort, { setup, stop }: ThreadData, definitions: Definitions): void {
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
