import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import type { Outcome } from '../../domain/denial';
import { headlessEntries, headlessLane, readFlow, runBacktest, type Definitions, type HeadlessLane } from '../replay';
import type { ChildNews, ChildOrder } from './nodeRedRunner';
import { runTask, type TaskDone } from './task';

/** The order comes from `nodeRedRunner` as it was handed in: the copy between processes keeps its shape. */
const Order = z.custom<ChildOrder>((value) => typeof value === 'object' && value !== null && 'kind' in value);

/** Progress is told so often, whatever the pace. */
const TELL_EVERY_MS = 100;

/** The life of a process that runs one backtest in a headless Node-RED: one order, one answer. */
export function liveAsNodeRed(parent: NodeJS.Process, definitions: Definitions): void {
  let stopped = false;
  const tell = (news: ChildNews): void => { parent.send?.(news); };
  parent.on('message', (message) => {
    const order = Order.parse(message);
    if (order.kind === 'stop') stopped = true;
    else run(order, definitions, () => stopped, tell).then((outcome) => { tell({ kind: 'done', outcome }); }, (error: unknown) => { tell({ kind: 'broke', message: error instanceof Error ? error.stack ?? error.message : String(error) }); });
  });
  // Nobody is left to tell.
  parent.on('disconnect', () => { parent.exit(1); });
}

async function run({ setup, task, nodeRed }: Extract<ChildOrder, { kind: 'run' }>, definitions: Definitions, shouldStop: () => boolean, tell: (news: ChildNews) => void): Promise<Outcome<TaskDone>> {
  const flow = readFlow(setup.file, definitions, setup.flow);
  if (!flow.ok) return flow;
  const entries = headlessEntries(setup.file, flow.value.document);
  if (!entries.ok) return entries;
  let toldAt = -Infinity;
  let lane: HeadlessLane | undefined;
  try {
    return await runTask(setup, task, definitions, {
      shouldStop, pause: () => nextTurn(),
      walk: (request) => {
        lane = headlessLane({ nodeRed, entries: entries.value, definitions });
        return runBacktest(request, lane);
      },
      onProgress: (progress) => {
        if (performance.now() - toldAt < TELL_EVERY_MS) return;
        toldAt = performance.now();
        tell({ kind: 'progress', progress });
      },
    });
  } finally {
    await lane?.close();
  }
}
