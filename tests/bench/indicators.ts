import { columnsOf } from '../../runtime/domain/indicators/core/columns';
import type { Bar } from '../../runtime/domain/indicators/core/bar';
import { INDICATORS, indicatorNamed } from '../../runtime/domain/indicators/indicators';
import { roomFor } from '../../runtime/domain/indicators/run';
import { randomBars } from '../golden/randomBars';
import type { Bench } from './bench';
import { columnsFor, CONTESTS, type Columns, type IndicatorContest } from './indicatorContests';
import { times, type Row } from './report';
import { median } from './statistics';

const NS_PER_MS = 1e6;
const NS_PER_US = 1e3;
const NS_PER_SECOND = 1e9;
const LENGTH = 200_000;
const OWN_REPEATS = 5;
/** Newest values that decide whether a library is correct, and how near to ours they must be. */
const COMPARED = 1_000;
const NEAR = 1e-6;
const TARGET = { technicalindicators: 20, fastestCorrect: 2 };

/** Each indicator over many candles at once, beside the libraries, in turns; then every indicator there is in a remark. */
export function benchIndicators(bench: Bench): Promise<readonly Row[]> {
  const bars = randomBars({ seed: 1, length: LENGTH });
  const columns = columnsFor(bars);
  const rows = CONTESTS.map((contest) => batchRow(contest, columns, bench.rounds));
  bench.note(`Every indicator with its defaults:\n${costTable(indicatorCosts(bars))}`);
  return Promise.resolve(rows);
}

function batchRow(contest: IndicatorContest, columns: Columns, rounds: number): Row {
  const own = ownBatch(contest, columns.bars);
  const correct = contest.libraries.filter((library) => agrees(library.batch(columns), own.values));
  const costs = inTurns(rounds, [() => { own.run(); }, ...contest.libraries.map((library) => () => { library.batch(columns); })], LENGTH);
  const [ours = []] = costs;
  const ratios: Record<string, number> = {};
  contest.libraries.forEach((library, index) => { ratios[library.name] = median(ours.map((cost, round) => (costs[index + 1]?.[round] ?? NaN) / cost)); });
  const fastest = Math.min(...correct.map(({ name }) => ratios[name] ?? Infinity));
  const ns = median(ours);
  const met = (ratios['technicalindicators'] ?? Infinity) >= TARGET.technicalindicators && fastest >= TARGET.fastestCorrect;
  return {
    section: 'indicators', name: `${contest.name}, batch`, perSecond: NS_PER_SECOND / ns,
    against: [`${ns.toFixed(1)} ns a candle`, ...contest.libraries.map((library) => `${times(ratios[library.name] ?? NaN)} ${library.name}${correct.includes(library) ? '' : ' (other values)'}`)].join(', '),
    ratios: { ...ratios, ns }, target: `>= ${TARGET.technicalindicators}x technicalindicators, >= ${TARGET.fastestCorrect}x the fastest correct library`, met,
  };
}

/** Our batch into columns that are there already, and what it gives. */
function ownBatch({ name, parameters, output }: IndicatorContest, bars: readonly Bar[]): { readonly run: () => void; readonly values: Float64Array } {
  const spec = indicatorNamed(name);
  if (spec === undefined) throw new Error(`There is no indicator ${name}`);
  const columns = columnsOf(bars);
  const outputs = roomFor(spec, bars.length);
  // Ours is so much quicker that one pass is hardly a measurement.
  const run = (): void => { for (let pass = 0; pass < OWN_REPEATS; pass += 1) spec.create(parameters).batch(columns, outputs); };
  run();
  return { run, values: outputs[output] ?? new Float64Array() };
}

/** Nanoseconds a candle, by contestant and round; the first contestant does everything OWN_REPEATS times. One round each to warm up. */
function inTurns(rounds: number, contestants: readonly (() => void)[], candles: number): readonly (readonly number[])[] {
  const costs = contestants.map((): number[] => []);
  for (const run of contestants) run();
  for (let round = 0; round < rounds; round += 1) {
    contestants.forEach((run, index) => {
      // Time of the processor: what else the machine does is in neither side.
      const began = process.cpuUsage();
      run();
      const { user, system } = process.cpuUsage(began);
      costs[index]?.push(((user + system) * NS_PER_US) / (index === 0 ? candles * OWN_REPEATS : candles));
    });
  }
  return costs;
}

/** Whether the newest values are the same: the libraries leave out different numbers of candles at the beginning. */
export function agrees(theirs: readonly (number | undefined)[], ours: Float64Array): boolean {
  for (let back = 1; back <= COMPARED; back += 1) {
    const [value, own] = [theirs[theirs.length - back] ?? NaN, ours[ours.length - back] ?? NaN];
    if (!(Math.abs(value - own) <= NEAR * Math.max(1, Math.abs(own)))) return false;
  }
  return true;
}

/** What one candle costs, in nanoseconds. */
interface IndicatorCost {
  readonly name: string;
  /** Many candles at once, into columns that are there already. */
  readonly batchNs: number;
  /** One candle at a time, as a live series does. */
  readonly updateNs: number;
}

function indicatorCosts(bars: readonly Bar[]): readonly IndicatorCost[] {
  const columns = columnsOf(bars);
  return INDICATORS.map((spec) => {
    const outputs = roomFor(spec, bars.length);
    return {
      name: spec.name,
      batchNs: perCandle(bars.length, () => { spec.create().batch(columns, outputs); }),
      updateNs: perCandle(bars.length, () => { updateAll(spec.create(), bars); }),
    };
  });
}

function updateAll(study: { update(bar: Bar): unknown }, bars: readonly Bar[]): void {
  for (const bar of bars) study.update(bar);
}

/** The middle of three rounds, after one that warms up. */
function perCandle(length: number, run: () => void): number {
  run();
  return median(Array.from({ length: 3 }, () => {
    const began = performance.now();
    run();
    return ((performance.now() - began) * NS_PER_MS) / length;
  }));
}

function costTable(costs: readonly IndicatorCost[]): string {
  const lines = costs.map(({ name, batchNs, updateNs }) => `${name.padEnd(28)}${batchNs.toFixed(1).padStart(12)}${updateNs.toFixed(1).padStart(12)}`);
  return [`${'ns per candle'.padEnd(28)}${'batch'.padStart(12)}${'update'.padStart(12)}`, ...lines].join('\n');
}
