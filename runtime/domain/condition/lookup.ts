import type { Comparison, Reading, Value } from './ast';
import { formatSource } from './format';
import type { AsOf } from './series';
import { timeframeMs } from './timeframe';

/** One question to the series: its arguments, and its text as a person reads it. */
export interface Lookup {
  readonly source: Reading['source'];
  readonly offset: number;
  readonly timeframe?: string;
  readonly asOf?: AsOf;
  /** `ema(9)[1]`, `ema(50)@1h as of 1 candle ago`. Equal texts are equal questions. */
  readonly text: string;
}

/** How far a comparison steps back, in candles of one timeframe. */
export interface Step {
  readonly back: number;
  readonly timeframe?: string;
}

/** The values that a comparison compares, in the order of its text. */
export function valuesOf(comparison: Comparison): readonly Value[] {
  switch (comparison.kind) {
    case 'compare': case 'cross': return [comparison.left, comparison.right];
    case 'between': return [comparison.value, comparison.low, comparison.high];
    case 'trend': return [comparison.value];
    case 'holds': return [comparison.reading];
  }
}

/** What follows from a parsed condition alone is worked out once: it is never changed, and lives as long as its node. */
const knownSteps = new WeakMap<Comparison, readonly Step[]>();
const knownLookups = new WeakMap<Reading, WeakMap<Step, Lookup>>();

/** The moments at which a comparison looks at its values, newest first: a crossing at two, a trend at one more than its candles. */
export function stepsOf(comparison: Comparison): readonly Step[] {
  const known = knownSteps.get(comparison);
  if (known !== undefined) return known;
  const made = makeSteps(comparison);
  knownSteps.set(comparison, made);
  return made;
}

function makeSteps(comparison: Comparison): readonly Step[] {
  const timeframe = finestTimeframe(valuesOf(comparison).flatMap(readingsOf));
  const count = comparison.kind === 'cross' ? 2 : comparison.kind === 'trend' ? comparison.candles + 1 : 1;
  return Array.from({ length: count }, (_, back) => ({ back, ...(timeframe === undefined ? {} : { timeframe }) }));
}

/** The readings inside a value, in the order of its text. */
export function readingsOf(value: Value): readonly Reading[] {
  switch (value.kind) {
    case 'reading': return [value];
    case 'number': case 'percent': return [];
    case 'portion': return readingsOf(value.of);
    case 'negate': return readingsOf(value.value);
    case 'arithmetic': return [...readingsOf(value.left), ...readingsOf(value.right)];
  }
}

/** What to ask the series for a reading at a step. Steps in the reading's own timeframe are added to its offset. */
export function lookupOf(reading: Reading, step: Step): Lookup {
  const known = knownLookups.get(reading) ?? new WeakMap<Step, Lookup>();
  const made = known.get(step) ?? makeLookup(reading, step);
  known.set(step, made);
  knownLookups.set(reading, known);
  return made;
}

function makeLookup({ source, offset, timeframe }: Reading, step: Step): Lookup {
  const own = step.back === 0 || step.timeframe === timeframe;
  const total = own ? offset + step.back : offset;
  const asOf: AsOf | undefined = own ? undefined : { candles: step.back, ...(step.timeframe === undefined ? {} : { timeframe: step.timeframe }) };
  const text = `${formatSource(source)}${total === 0 ? '' : `[${total}]`}${timeframe === undefined ? '' : `@${timeframe}`}${asOf === undefined ? '' : agoText(asOf)}`;
  return { source, offset: total, ...(timeframe === undefined ? {} : { timeframe }), ...(asOf === undefined ? {} : { asOf }), text };
}

function agoText({ candles, timeframe }: AsOf): string {
  return ` as of ${candles} ${timeframe === undefined ? '' : `${timeframe} `}${candles === 1 ? 'candle' : 'candles'} ago`;
}

/** The flow's own timeframe (undefined) is the finest of all; fields of the item have none and do not count. */
function finestTimeframe(readings: readonly Reading[]): string | undefined {
  const timeframes = readings.filter(({ source }) => source.kind !== 'field').map(({ timeframe }) => timeframe);
  if (timeframes.includes(undefined)) return undefined;
  return timeframes.reduce((finest, timeframe) => (timeframeMs(timeframe ?? '') < timeframeMs(finest ?? '') ? timeframe : finest), timeframes[0]);
}
