import { FusedSix } from '../../runtime/domain/indicators/fused/fusedSix';
import type { Bench } from './bench';
import { times, type Row } from './report';
import { median } from './statistics';
import { SYMBOLS } from './streamingContestant';
import { FUSED, SIX, STREAMING, type StreamingContest } from './streamingContests';
import { inTurns } from './streamingProcess';

const NS_PER_SECOND = 1e9;
const TARGET = { perClass: 5, fusedNs: 50, bytes: 256 };

/** One candle at a time for 2,000 symbols: each class beside the libraries', and six indicators fused. */
export async function benchStreaming(bench: Bench): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const contest of STREAMING) rows.push(await classRow(contest, bench.rounds));
  return [...rows, await fusedRow(bench.rounds)];
}

async function classRow({ name, technicalindicators }: StreamingContest, rounds: number): Promise<Row> {
  const libraries = ['signals', ...(technicalindicators === undefined ? [] : ['technicalindicators'])];
  const [whole = [], own = [], ...others] = await inTurns(rounds, ['whole', 'own', ...libraries].map((side) => `${name} ${side}`));
  const ratios = ratiosOf([own, ...others], ['trading-signals', 'technicalindicators'].slice(0, libraries.length));
  const { 'trading-signals': wholeRatio = NaN } = ratiosOf([whole, ...others], ['trading-signals']);
  const ns = median(own);
  const met = (ratios['trading-signals'] ?? Infinity) >= TARGET.perClass;
  return {
    section: 'streaming', name, perSecond: NS_PER_SECOND / ns,
    against: [`${ns.toFixed(1)} ns an update`, ...Object.entries(ratios).map(([library, ratio]) => `${times(ratio)} ${library}`), `all outputs ${median(whole).toFixed(1)} ns, ${times(wholeRatio)}`].join(', '),
    ratios: { ...ratios, ns, whole: wholeRatio }, target: `>= ${TARGET.perClass}x trading-signals`, met,
  };
}

async function fusedRow(rounds: number): Promise<Row> {
  const costs = await inTurns(rounds, [FUSED, 'six own', 'six signals']);
  const ratios = ratiosOf(costs, ['our six classes', 'six of trading-signals']);
  const ns = median(costs[0] ?? []);
  return {
    section: 'streaming', name: `${SIX.join(', ')} fused, ${SYMBOLS} symbols`, perSecond: NS_PER_SECOND / ns,
    against: `${ns.toFixed(1)} ns a candle for all six, ${FusedSix.bytesPerSymbol} bytes a symbol, ${Object.entries(ratios).map(([name, ratio]) => `${times(ratio)} ${name}`).join(', ')}`,
    ratios: { ...ratios, ns, bytesPerSymbol: FusedSix.bytesPerSymbol }, target: `<= ${TARGET.fusedNs} ns a candle, <= ${TARGET.bytes} bytes a symbol`, met: ns <= TARGET.fusedNs && FusedSix.bytesPerSymbol <= TARGET.bytes,
  };
}

function ratiosOf(costs: readonly (readonly number[])[], names: readonly string[]): Readonly<Record<string, number>> {
  const [own = [], ...others] = costs;
  return Object.fromEntries(names.map((name, index) => [name, median(own.map((cost, round) => (others[index]?.[round] ?? NaN) / cost))]));
}
