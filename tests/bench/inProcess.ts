import type { Bench } from './bench';
import { times, type Row } from './report';
import { contest, measured } from './rounds';
import { Strategy } from './strategy';

const WIDTHS = [{ width: 1, count: 100 }, { width: 32, count: 640 }] as const;

/** The runtime alone, without a host: what the journal on disk adds to the same work in memory. */
export async function benchInProcess(bench: Bench): Promise<readonly Row[]> {
  const memory = await Strategy.open(':memory:');
  const file = await Strategy.open(bench.folder('in-process'));
  const rows: Row[] = [];
  try {
    for (const { width, count } of WIDTHS) {
      for (const [name, step] of Object.entries(STEPS)) {
        const side = (strategy: Strategy) => (round: number) => measured({ count, width }, async (index) => { await step(strategy, `${name} ${width} ${round} ${index}`); });
        const { first, second, ratios } = await contest(bench.rounds, side(memory), side(file));
        rows.push(
          { section: 'in process', name: `${name}, ${width} at a time, in memory`, perSecond: first.perSecond, p50Ms: first.p50, p99Ms: first.p99 },
          { section: 'in process', name: `${name}, ${width} at a time`, perSecond: second.perSecond, p50Ms: second.p50, p99Ms: second.p99, against: `${times(ratios.throughput)} of in memory; p50 +${(second.p50 - first.p50).toFixed(2)} ms`, ratios },
        );
      }
    }
    return rows;
  } finally {
    await memory.close();
    await file.close();
  }
}

const STEPS: Readonly<Record<string, (strategy: Strategy, id: string) => Promise<unknown>>> = {
  'webhook, journalled': (strategy, id) => strategy.receive(id),
  'webhook, journalled, gated, filled': (strategy, id) => strategy.fill(id),
};
