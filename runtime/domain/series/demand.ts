import { readTimeframe, timeframeMs, type Lookup, type Source } from '../condition';
import type { Convention } from '../indicators/core/convention';
import { warmUpOf } from './memory';
import { resolveSource, type Resolved, type StudyReading } from './resolve';

/** What a list of questions needs of the candles of one timeframe. */
export interface Demand {
  readonly timeframe: string;
  /** Running indicators, each once. */
  readonly studies: readonly StudyReading[];
  /** Candles back from the newest that are looked at; 0 for the newest alone. */
  readonly depth: number;
  /** Closed candles that history must give. */
  readonly history: number;
}

/** Questions by timeframe; the flow's own comes first and is always there. */
export interface Demands {
  readonly own: Demand;
  readonly others: readonly Demand[];
  /** Canonical text of the timeframe of each demand, by the text that a reading uses. */
  timeframeOf(text: string): string;
  resolve(source: Source): Resolved;
}

interface Growing {
  readonly studies: Map<string, StudyReading>;
  depth: number;
}

/** Sorts questions by timeframe and says how much each needs. Throws for a source that the vocabulary did not make, RangeError for a timeframe that is none. */
export function demandsOf(lookups: readonly Lookup[], own: string, convention: Convention): Demands {
  const timeframe = canonical(own);
  const byLength = new Map<number, string>([[timeframeMs(timeframe), timeframe]]);
  const timeframeOf = (text: string): string => byLength.get(timeframeMs(text)) ?? canonical(text);
  const growing = new Map<string, Growing>([[timeframe, { studies: new Map(), depth: 0 }]]);
  const resolved = new Map<Source, Resolved>();
  const grow = (text: string | undefined, depth: number): Growing => {
    const name = text === undefined ? timeframe : timeframeOf(text);
    const known = growing.get(name) ?? { studies: new Map<string, StudyReading>(), depth: 0 };
    known.depth = Math.max(known.depth, depth);
    growing.set(name, known);
    return known;
  };
  for (const { source, offset, timeframe: text, asOf } of lookups) {
    const what = resolveSource(source, convention);
    resolved.set(source, what);
    if (what.kind === 'field') continue;
    // As of n candles of a finer timeframe ago, the coarser one is at most n candles back, and one for where the candles of both begin.
    const demand = grow(text, offset + (asOf === undefined ? 0 : asOf.candles + 1));
    if (asOf !== undefined) grow(asOf.timeframe, asOf.candles);
    if (what.kind === 'study') demand.studies.set(what.key, what);
  }
  const [first, ...others] = [...growing].map(([name, { studies, depth }]) => demandOf(name, [...studies.values()], depth));
  if (first === undefined) throw new Error('A flow has a timeframe of its own.');
  return { own: first, others, timeframeOf, resolve: (source) => resolved.get(source) ?? resolveSource(source, convention) };
}

function demandOf(timeframe: string, studies: readonly StudyReading[], depth: number): Demand {
  const warmUps = studies.map(({ spec, parameters }) => warmUpOf({ spec, parameters, begin: spec.create(parameters).begin }, timeframeMs(timeframe)));
  return { timeframe, studies, depth, history: Math.max(1, ...warmUps) + depth };
}

function canonical(text: string): string {
  const timeframe = readTimeframe(text);
  if (timeframe === undefined) throw new RangeError(`"${text}" is no timeframe`);
  return timeframe;
}
