import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Bench } from './bench';
import type { Row } from './report';
import { Strategy } from './strategy';

const SECONDS = 4;
const PER_SECOND = [50, 200] as const;
const NS_PER_MS = 1e6;
/** The histogram's own timer: a still event loop shows about this much. */
const RESOLUTION_MS = 1;

interface Stall {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** How long the event loop stands still while alerts become orders at a steady rate: with the journal on disk, beside the same in memory. */
export async function benchStall(bench: Bench): Promise<readonly Row[]> {
  const memory = await Strategy.open(':memory:');
  const file = await Strategy.open(bench.folder('stall'));
  const rows: Row[] = [];
  try {
    for (const perSecond of PER_SECOND) {
      await paced(memory, perSecond, 'warm');
      await paced(file, perSecond, 'warm');
      const inMemory = await paced(memory, perSecond, 'first');
      const onDisk = await paced(file, perSecond, 'second');
      rows.push({
        section: 'event loop', name: `delay at ${perSecond} orders a second`, perSecond, p50Ms: onDisk.p50, p99Ms: onDisk.p99,
        against: `in memory p99 ${inMemory.p99.toFixed(1)}, longest ${inMemory.max.toFixed(1)}; on disk longest ${onDisk.max.toFixed(1)} ms`,
        ratios: { inMemoryP99Ms: inMemory.p99, inMemoryMaxMs: inMemory.max, maxMs: onDisk.max },
      });
    }
    return rows;
  } finally {
    await memory.close();
    await file.close();
  }
}

/** Alerts come at their times, whether or not earlier ones are through. */
async function paced(strategy: Strategy, perSecond: number, name: string): Promise<Stall> {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  const running: Promise<void>[] = [];
  const began = performance.now();
  histogram.enable();
  for (let index = 0; index < SECONDS * perSecond; index += 1) {
    const waitMs = began + (index * 1_000) / perSecond - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    running.push(strategy.fill(`${name} ${perSecond} ${index}`));
  }
  await Promise.all(running);
  histogram.disable();
  return { p50: histogram.percentile(50) / NS_PER_MS, p99: histogram.percentile(99) / NS_PER_MS, max: histogram.max / NS_PER_MS };
}
