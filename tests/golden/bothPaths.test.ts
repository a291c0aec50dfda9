import fc from 'fast-check';
import type { Bar } from '../../runtime/domain/indicators/core/bar';
import { columnsOf, sliceColumns } from '../../runtime/domain/indicators/core/columns';
import type { IndicatorSpec, Study } from '../../runtime/domain/indicators/core/define';
import { INDICATORS } from '../../runtime/domain/indicators/indicators';
import { roomFor, runBatch, updateInto } from '../../runtime/domain/indicators/run';
import { randomBars } from './randomBars';

type Results = Readonly<Record<string, Float64Array>>;

const NAMES = INDICATORS.map((spec) => ({ name: spec.name, spec }));

/** Every indicator in every convention it knows. */
const VARIANTS = INDICATORS.flatMap((spec) => ('convention' in spec.parameters.shape ? ['talib', 'pine'] : ['talib'])
  .map((convention) => ({ name: spec.name, convention, spec, parameters: 'convention' in spec.parameters.shape ? { convention } : {} })));

const history = fc.record({
  seed: fc.integer(), length: fc.integer({ min: 0, max: 700 }), flatEvery: fc.constantFrom(0, 30, 90), flatFor: fc.integer({ min: 1, max: 60 }),
  idle: fc.constantFrom(0, 0.3, 1), perSession: fc.integer({ min: 1, max: 80 }),
});

/** Parts of the history, each taken at once or one by one. */
const parts = fc.array(fc.record({ length: fc.integer({ min: 0, max: 300 }), atOnce: fc.boolean() }), { maxLength: 8 });

/** Shorter and longer windows than the default, where the indicator has a period. */
const lengths = fc.option(fc.integer({ min: 2, max: 60 }), { nil: undefined });

function oneByOne(spec: IndicatorSpec, study: Study, bars: readonly Bar[]): Results {
  const outputs = roomFor(spec, bars.length);
  bars.forEach((bar, index) => { updateInto(study, bar, outputs, index); });
  return outputs;
}

function inParts(spec: IndicatorSpec, study: Study, bars: readonly Bar[], split: readonly { readonly length: number; readonly atOnce: boolean }[]): Results {
  const outputs = roomFor(spec, bars.length);
  const columns = columnsOf(bars);
  let from = 0;
  for (const { length, atOnce } of [...split, { length: bars.length, atOnce: true }]) {
    const to = Math.min(bars.length, from + length);
    if (atOnce) study.batch(sliceColumns(columns, from, to), Object.fromEntries(Object.entries(outputs).map(([name, column]) => [name, column.subarray(from, to)])));
    else bars.slice(from, to).forEach((bar, index) => { updateInto(study, bar, outputs, from + index); });
    from = to;
  }
  return outputs;
}

function firstDifference(a: Results, b: Results): string | undefined {
  for (const [name, column] of Object.entries(a)) {
    const index = column.findIndex((value, at) => !Object.is(value, b[name]?.[at]));
    if (index >= 0) return `${name}[${index}]: ${column[index]} and ${b[name]?.[index]}`;
  }
  return undefined;
}

test.each(VARIANTS)('$name ($convention) gives the same bits at once, one by one and in parts', ({ spec, parameters }) => {
  fc.assert(fc.property(history, parts, lengths, (options, split, period) => {
    const bars = randomBars(options);
    const chosen = 'period' in spec.parameters.shape && period !== undefined ? { ...parameters, period } : parameters;
    const updated = oneByOne(spec, spec.create(chosen), bars);
    expect(firstDifference(updated, inParts(spec, spec.create(chosen), bars, split))).toBeUndefined();
  }), { numRuns: 12 });
});

test.each(VARIANTS)('$name ($convention) begins where it says, and nothing it gives is infinite', ({ spec, parameters }) => {
  const results = runBatch(spec, columnsOf(randomBars({ seed: 11, length: 400 })), parameters);
  const { begin } = spec.create(parameters);
  const first = results[spec.outputs[0]]?.findIndex((value) => !Number.isNaN(value)) ?? -1;
  // What needs a session before it can begin at the earliest with the second one.
  if (spec.inputs.includes('session')) expect(first === -1 || first >= begin).toBe(true);
  else expect(first).toBe(begin);
  expect(Object.values(results).flatMap((column) => [...column]).filter((value) => value === Infinity || value === -Infinity)).toEqual([]);
});

test.each(VARIANTS.filter(({ spec }) => spec.pauses !== true))('$name ($convention) knows every value once it has begun, through flat stretches without volume too', ({ spec, parameters }) => {
  fc.assert(fc.property(history, (options) => {
    for (const column of Object.values(runBatch(spec, columnsOf(randomBars(options)), parameters))) {
      const begin = column.findIndex((value) => !Number.isNaN(value));
      expect(begin < 0 ? [] : [...column.subarray(begin)].filter((value) => !Number.isFinite(value))).toEqual([]);
    }
  }), { numRuns: 6 });
});

test.each(NAMES)('$name leaves out a candle with a number that is not finite', ({ spec }) => {
  const bars = randomBars({ seed: 3, length: 200 });
  const broken = [...bars.slice(0, 120), ...[NaN, Infinity].map((close): Bar => ({ ...bars[119], time: 0, open: close, high: close, low: close, close, volume: close })), ...bars.slice(120)];
  const results = oneByOne(spec, spec.create(), broken);
  const expected = oneByOne(spec, spec.create(), bars);
  for (const [name, column] of Object.entries(expected)) {
    expect(results[name]?.slice(120, 122)).toEqual(new Float64Array([NaN, NaN]));
    expect(results[name]?.slice(122)).toEqual(column.slice(120));
  }
});
