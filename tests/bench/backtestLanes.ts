import { readFileSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import * as definitions from '../../nodes';
import type { CandleColumns } from '../../runtime/domain/candle';
import { MINUTE_MS } from '../../runtime/domain/time';
import { inlineRunner, nodeRedRunner, type BacktestRunner, type BacktestSetup } from '../../runtime/hosts/backtests';
import { canonicalIntents, findNodeRed } from '../../runtime/hosts/replay';
import { ACCOUNT, INSTRUMENT, minutes } from './backtestWorld';
import type { Bench } from './bench';
import { times, type Row } from './report';
import { median } from './statistics';

const SECTION = 'backtest';
/** A headless Node-RED takes its time: it walks the end of the million, and its start is taken off by a walk over few. */
const WALKED = 60_000;
const FEW = 750;
const MS_PER_SECOND = 1_000;

/** The shipped EMA crossover as Node-RED has it: compiled, and in a headless Node-RED, over the same candles. By the clock: the Node-RED is a process of its own. */
export async function benchLanes(bench: Bench): Promise<readonly Row[]> {
  const nodeRed = findNodeRed([bench.root]);
  if (!nodeRed.ok) throw new Error(nodeRed.denial.message);
  const file: unknown = JSON.parse(readFileSync(path.join(bench.root, 'flows/node-red/EMA crossover.json'), 'utf8'));
  const columns = minutes();
  const [all, few] = [setupOf(file, columns, WALKED), setupOf(file, columns, FEW)];
  const lanes = { compiled: inlineRunner(Object.values(definitions)), headless: nodeRedRunner({ program: path.join(bench.root, 'dist/cli/nodeRedWorker.js'), nodeRed: nodeRed.value }) };
  const rates = { compiled: [] as number[], headless: [] as number[] };
  for (let round = -1; round < bench.rounds; round += 1) {
    const found = [];
    for (const name of ['compiled', 'headless'] as const) {
      const [short, long] = [await walked(lanes[name], few), await walked(lanes[name], all)];
      found.push(long.intents);
      if (round >= 0) rates[name].push(((WALKED - FEW) * MS_PER_SECOND) / (long.ms - short.ms));
    }
    if (found[0] !== found[1]) throw new Error('The lanes decided differently.');
  }
  const ofCompiled = median(rates.headless.map((rate, index) => rate / (rates.compiled[index] ?? NaN)));
  return [
    { section: SECTION, name: `the same as Node-RED has it over ${WALKED.toLocaleString('en')} minutes, lane A, by the clock`, perSecond: median(rates.compiled) },
    { section: SECTION, name: 'the same in a headless Node-RED, lane B, its start taken off', perSecond: median(rates.headless), against: `${times(ofCompiled)} lane A`, ratios: { compiled: ofCompiled } },
  ];
}

/** The flow over the last `count` of these candles. */
export function setupOf(file: unknown, columns: CandleColumns, count: number): BacktestSetup {
  const end = (column: Float64Array): Float64Array => column.slice(-count);
  const { time, open, high, low, close, volume, session } = columns;
  const cut = { length: count, time: end(time), open: end(open), high: end(high), low: end(low), close: end(close), volume: end(volume), session: end(session) };
  return { file, terms: { data: [{ instrument: INSTRUMENT, timeframeMs: MINUTE_MS, columns: cut }], from: cut.time[0] ?? 0, until: (cut.time.at(-1) ?? 0) + MINUTE_MS, account: ACCOUNT, charges: 'exchange' } };
}

/** One walk by the clock, and what it decided. */
export async function walked(runner: BacktestRunner, setup: BacktestSetup): Promise<{ readonly ms: number; readonly intents: string }> {
  const before = performance.now();
  const [outcome] = await runner.run(setup, [{ give: 'result' }]);
  const ms = performance.now() - before;
  if (outcome === undefined) throw new Error('It was not begun.');
  if (!outcome.ok) throw new Error(outcome.denial.message);
  if (outcome.value.kind !== 'result') throw new Error('It gave something else.');
  return { ms, intents: canonicalIntents(outcome.value.result.intents) };
}
