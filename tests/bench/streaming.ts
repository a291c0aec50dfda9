import type { Bar } from '../../runtime/domain/indicators/core/bar';
import { FusedSix } from '../../runtime/domain/indicators/fused/fusedSix';
import { randomBars } from '../golden/randomBars';
import type { Bench } from './bench';
import { times, type Row } from './report';
import { median } from './statistics';
import { STREAMING, type Crowd, type StreamingContest } from './streamingContests';

const NS_PER_MS = 1e6;
const NS_PER_SECOND = 1e9;
const SYMBOLS = 2_000;
/** Different courses; more would not fit into the caches and measure the memory of the candles. */
const COURSES = 16;
/** Candles of each symbol before and while the time is taken. */
const WARM_UP = 60;
const CANDLES = 60;
const TARGET = { perClass: 5, fusedNs: 50, bytes: 256 };
const NO_BAR: Bar = { time: 0, open: 0, high: 0, low: 0, close: 0, volume: 0 };
const SIX = ['ema', 'rsi', 'macd', 'atr', 'supertrend', 'vwap'];

/** Candles of every symbol at once, one after the other. */
type Rows = readonly (readonly Bar[])[];

function rowsOf(length: number): Rows {
  const courses = Array.from({ length: COURSES }, (_, seed) => randomBars({ seed: seed + 1, length }));
  return Array.from({ length }, (_, index) => Array.from({ length: SYMBOLS }, (_each, symbol) => courses[symbol % COURSES]?.[index] ?? NO_BAR));
}

/** One candle at a time for 2,000 symbols: each class beside the libraries', and six indicators fused. */
export function benchStreaming(bench: Bench): Promise<readonly Row[]> {
  const rows = rowsOf(WARM_UP + (bench.rounds + 1) * CANDLES);
  return Promise.resolve([...STREAMING.map((contest) => classRow(contest, rows, bench.rounds)), fusedRow(rows, bench.rounds)]);
}

function classRow({ name, own, technicalindicators, signals }: StreamingContest, rows: Rows, rounds: number): Row {
  const libraries = [['trading-signals', signals] as const, ...(technicalindicators === undefined ? [] : [['technicalindicators', technicalindicators] as const])];
  const costs = inTurns(rounds, rows, [own, ...libraries.map(([, library]) => library)].map((make) => make(SYMBOLS)));
  const ratios = ratiosOf(costs, libraries.map(([library]) => library));
  const ns = median(costs[0] ?? []);
  const met = (ratios['trading-signals'] ?? Infinity) >= TARGET.perClass;
  return {
    section: 'streaming', name, perSecond: NS_PER_SECOND / ns,
    against: [`${ns.toFixed(1)} ns an update`, ...Object.entries(ratios).map(([library, ratio]) => `${times(ratio)} ${library}`)].join(', '),
    ratios: { ...ratios, ns }, target: `>= ${TARGET.perClass}x trading-signals`, met,
  };
}

function fusedRow(rows: Rows, rounds: number): Row {
  const fused = new FusedSix({ symbols: SYMBOLS, ema: 21 });
  const together: Crowd = { feed: (row) => { for (let symbol = 0; symbol < SYMBOLS; symbol += 1) fused.update(symbol, row[symbol] ?? NO_BAR); } };
  const six = STREAMING.filter(({ name }) => SIX.includes(name));
  const apart = [six.map(({ own }) => own(SYMBOLS)), six.map(({ signals }) => signals(SYMBOLS))].map((crowds): Crowd => ({ feed: (row) => { for (const crowd of crowds) crowd.feed(row); } }));
  const costs = inTurns(rounds, rows, [together, ...apart]);
  const ratios = ratiosOf(costs, ['our six classes', 'six of trading-signals']);
  const ns = median(costs[0] ?? []);
  return {
    section: 'streaming', name: `${SIX.join(', ')} fused, ${SYMBOLS} symbols`, perSecond: NS_PER_SECOND / ns,
    against: `${ns.toFixed(1)} ns a candle for all six, ${FusedSix.bytesPerSymbol} bytes a symbol, ${Object.entries(ratios).map(([name, ratio]) => `${times(ratio)} ${name}`).join(', ')}`,
    ratios: { ...ratios, ns, bytesPerSymbol: FusedSix.bytesPerSymbol }, target: `<= ${TARGET.fusedNs} ns a candle, <= ${TARGET.bytes} bytes a symbol`, met: ns <= TARGET.fusedNs && FusedSix.bytesPerSymbol <= TARGET.bytes,
  };
}

/** Nanoseconds an update, by contestant and round; every symbol takes its candle before any takes the next, as the market does. */
function inTurns(rounds: number, rows: Rows, contestants: readonly Crowd[]): readonly (readonly number[])[] {
  const costs = contestants.map((): number[] => []);
  for (const crowd of contestants) play(rows.slice(0, WARM_UP), crowd);
  for (let round = 0; round <= rounds; round += 1) {
    const taken = rows.slice(WARM_UP + round * CANDLES, WARM_UP + (round + 1) * CANDLES);
    contestants.forEach((crowd, index) => {
      const began = performance.now();
      play(taken, crowd);
      const ns = ((performance.now() - began) * NS_PER_MS) / (CANDLES * SYMBOLS);
      // The first round lets the compiler finish.
      if (round > 0) costs[index]?.push(ns);
    });
  }
  return costs;
}

function play(rows: Rows, crowd: Crowd): void {
  for (const row of rows) crowd.feed(row);
}

function ratiosOf(costs: readonly (readonly number[])[], names: readonly string[]): Readonly<Record<string, number>> {
  const [own = [], ...others] = costs;
  return Object.fromEntries(names.map((name, index) => [name, median(own.map((cost, round) => (others[index]?.[round] ?? NaN) / cost))]));
}
