import { columnsOf } from '../../runtime/domain/indicators/core/columns';
import type { Bar } from '../../runtime/domain/indicators/core/bar';
import { INDICATORS } from '../../runtime/domain/indicators/indicators';
import { roomFor } from '../../runtime/domain/indicators/run';
import { randomBars } from '../golden/randomBars';
import type { Bench } from './bench';
import type { Row } from './report';
import { median } from './statistics';

/** What one candle costs, in nanoseconds. */
export interface IndicatorCost {
  readonly name: string;
  /** Many candles at once, into columns that are there already. */
  readonly batchNs: number;
  /** One candle at a time, as a live series does. */
  readonly updateNs: number;
}

const NS_PER_MS = 1e6;
const NS_PER_SECOND = 1e9;
const ROUNDS = 5;

/** Every indicator as lines of the report; the table in nanoseconds goes to the remarks. */
export function benchIndicators(bench: Bench): Promise<readonly Row[]> {
  const costs = indicatorCosts();
  bench.note(`Indicators, all defaults:\n${costTable(costs)}`);
  return Promise.resolve(costs.map(({ name, batchNs, updateNs }) => ({
    section: 'indicators', name: `${name}, batch`, perSecond: NS_PER_SECOND / batchNs,
    against: `${batchNs.toFixed(1)} ns a candle at once, ${updateNs.toFixed(1)} one by one`, ratios: { batchNs, updateNs },
  })));
}

/** Every indicator with its defaults, over `length` made-up candles. */
export function indicatorCosts(length = 200_000): readonly IndicatorCost[] {
  const bars = randomBars({ seed: 1, length });
  const columns = columnsOf(bars);
  return INDICATORS.map((spec) => {
    const outputs = roomFor(spec, length);
    return {
      name: spec.name,
      batchNs: perCandle(length, () => { spec.create().batch(columns, outputs); }),
      updateNs: perCandle(length, () => { updateAll(spec.create(), bars); }),
    };
  });
}

function updateAll(study: { update(bar: Bar): unknown }, bars: readonly Bar[]): void {
  for (const bar of bars) study.update(bar);
}

/** The middle of a few rounds, after one that warms up. */
function perCandle(length: number, run: () => void): number {
  run();
  return median(Array.from({ length: ROUNDS }, () => {
    const began = performance.now();
    run();
    return ((performance.now() - began) * NS_PER_MS) / length;
  }));
}

export function costTable(costs: readonly IndicatorCost[]): string {
  const lines = costs.map(({ name, batchNs, updateNs }) => `${name.padEnd(28)}${batchNs.toFixed(1).padStart(12)}${updateNs.toFixed(1).padStart(12)}`);
  return [`${'ns per candle'.padEnd(28)}${'batch'.padStart(12)}${'update'.padStart(12)}`, ...lines].join('\n');
}
