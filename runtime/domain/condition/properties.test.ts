import fc from 'fast-check';
import { ARITHMETIC_OPERATORS, COMPARE_OPERATORS, type Condition, type Reading, type Source, type Value } from './ast';
import { mapSeries, VOCABULARY } from '../../../tests/doubles/conditionSeries';
import { excess } from './measure';
import { conditionToGraph, conditionToRows, evaluate, formatCondition, graphToCondition, LIMITS, parseCondition, plan, readCondition, readRows, rowsToCondition, type Series } from './index';

const number = fc.oneof(fc.integer({ min: -1_000, max: 1_000 }), fc.double({ noNaN: true, noDefaultInfinity: true })).map((value) => value + 0);
const call = (name: string, args: readonly (number | string)[], output?: string): Source => ({ kind: 'function', name, args, ...(output === undefined ? {} : { output }) });
const period = fc.integer({ min: 1, max: 1_000 });
const offset = fc.integer({ min: 0, max: 500 });
const timeframe = fc.constantFrom('5m', '15m', '1h', '1d');

const numberSource = fc.oneof<fc.Arbitrary<Source>[]>(
  fc.constantFrom('open', 'close', 'vwap', 'trueRange').map((name) => call(name, [])),
  fc.tuple(period, fc.constantFrom('hl2', 'close')).map(([length, source]) => call('ema', [length, source])),
  period.map((length) => call('rsi', [length])),
  number.map((by) => call('shift', [by])),
  fc.constantFrom('macd', 'signal').map((output) => call('macd', [12, 26, 9], output)),
  fc.constantFrom('15m', '1h').map((duration) => call('orb', [duration], 'high')),
  fc.constantFrom('indicators.fast', 'position.a.b', 'stopLoss').map((path) => ({ kind: 'field', path })),
);
const booleanSource = fc.oneof<fc.Arbitrary<Source>[]>(
  fc.constantFrom(...VOCABULARY.patterns).map((name) => ({ kind: 'pattern', name })),
  fc.constant(call('orb', ['15m'], 'broken')), fc.constant(call('squeeze', [20])), fc.constant({ kind: 'field', path: 'indicators.ok' }),
);
const readingOf = (source: fc.Arbitrary<Source>): fc.Arbitrary<Reading> => fc.tuple(source, offset, fc.option(timeframe)).map(([of, back, frame]) =>
  ({ kind: 'reading', source: of, offset: back, ...(frame === null || of.kind === 'field' ? {} : { timeframe: frame }) }));
const reading = readingOf(numberSource);

const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof({ maxDepth: 3, depthSize: 'small' }, reading, number.map((each) => ({ kind: 'number' as const, value: each })),
    fc.record({ kind: fc.constant('portion' as const), percent: number, of: tie('value') }),
    // A minus before a literal is part of the literal.
    fc.record({ kind: fc.constant('negate' as const), value: tie('value') }),
    fc.record({ kind: fc.constant('arithmetic' as const), operator: fc.constantFrom(...ARITHMETIC_OPERATORS), left: tie('value'), right: tie('value') }),
    fc.record({ kind: fc.constant('arithmetic' as const), operator: fc.constantFrom('+' as const, '-' as const), left: tie('value'), right: number.map((each) => ({ kind: 'percent' as const, value: each })) })),
}));

const comparison: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ kind: fc.constant('compare' as const), operator: fc.constantFrom(...COMPARE_OPERATORS), left: value, right: value }),
  fc.record({ kind: fc.constant('cross' as const), direction: fc.constantFrom('above' as const, 'below' as const, 'either' as const), left: value, right: value }),
  fc.record({ kind: fc.constant('between' as const), value, low: reading, high: value }),
  fc.record({ kind: fc.constant('trend' as const), direction: fc.constantFrom('rising' as const, 'falling' as const), value, candles: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ kind: fc.constant('holds' as const), reading: readingOf(booleanSource) }),
);
const { anyCondition } = fc.letrec<{ anyCondition: Condition }>((tie) => ({
  anyCondition: fc.oneof({ maxDepth: 3, depthSize: 'small' }, comparison,
    fc.record({ kind: fc.constant('group' as const), operator: fc.constantFrom('and' as const, 'or' as const), conditions: fc.array(tie('anyCondition'), { minLength: 2, maxLength: 3 }) }),
    fc.record({ kind: fc.constant('not' as const), condition: tie('anyCondition') })),
}));
/** Larger ones are refused, as the tables show. */
const condition = anyCondition.filter((each) => excess(each) === undefined && formatCondition(each).length <= LIMITS.length);

test('parsing what was formatted gives the same condition', () => {
  fc.assert(fc.property(condition, (each) => {
    expect(parseCondition(formatCondition(each), VOCABULARY)).toEqual({ ok: true, value: each });
  }), { numRuns: 500 });
});

test('formatting what was parsed is canonical: once is enough', () => {
  const pieces = fc.constantFrom('close', 'ema(9)', 'hammer', '(', ')', 'and', 'or', 'not', '<', '+', '-', '5', '2%', 'of', 'between', 'crosses', 'above', 'is', 'rising', '[1]', '@1h', ',', 'any', 'indicators.x');
  fc.assert(fc.property(fc.array(pieces, { maxLength: 12 }).map((words) => words.join(' ')), (text) => {
    const read = readCondition(text, VOCABULARY);
    if (!read.ok) return;
    const canonical = formatCondition(read.value);
    expect(parseCondition(canonical, VOCABULARY)).toEqual({ ok: true, value: read.value });
  }), { numRuns: 2_000 });
});

test('no text throws, and a problem lies inside the text or right behind it', () => {
  const scraps = fc.constantFrom('close', ' ', 'ema(', ')', '[', ']', '@', '.', '%', '15m', 'macd(12,26,9)', '=>', '!', '-', 'not', 'is', 'any of (', 'rising(', '😀', '1e', '𝟗', '__proto__', 'toString');
  fc.assert(fc.property(fc.oneof(fc.string({ maxLength: 60 }), fc.string({ unit: 'binary', maxLength: 40 }), fc.array(scraps, { maxLength: 20 }).map((parts) => parts.join(''))), (text) => {
    const read = readCondition(text, VOCABULARY);
    if (read.ok) return;
    expect(read.problem.column).toBeGreaterThanOrEqual(1);
    expect(read.problem.column).toBeLessThanOrEqual(text.length + 1);
  }), { numRuns: 3_000 });
});

/** The same known values on every run, some of them absent. */
function sparse(every: number): Series & { readonly asked: Set<string> } {
  const asked = new Set<string>();
  return {
    asked,
    value(source, back, frame, asOf) {
      const key = JSON.stringify([source, back, frame, asOf]);
      asked.add(key);
      const seed = Array.from(key, (letter) => letter.charCodeAt(0)).reduce((sum, code) => (sum * 31 + code) % 10_007, 7);
      if (seed % every === 0) return undefined;
      return source.kind === 'pattern' || (source.kind === 'function' && ['squeeze', 'orb'].includes(source.name) && source.output !== 'high') || (source.kind === 'field' && source.path === 'indicators.ok') ? seed % 2 === 0 : seed % 50;
    },
  };
}

test('evaluation asks exactly what the plan lists', () => {
  fc.assert(fc.property(condition, (each) => {
    const series = sparse(5);
    evaluate(each, series);
    const planned = plan(each).map(({ source, offset: back, timeframe: frame, asOf }) => JSON.stringify([source, back, frame, asOf]));
    expect([...planned].sort()).toEqual([...series.asked].sort());
    expect(new Set(planned).size).toBe(planned.length);
  }));
});

test('an unknown comparison names what is missing; not turns a verdict round; the evaluation is JSON', () => {
  fc.assert(fc.property(condition, fc.integer({ min: 2, max: 9 }), (each, every) => {
    const evaluation = evaluate(each, sparse(every));
    for (const reason of evaluation.reasons) if (reason.truth === 'unknown') expect(reason.missing).not.toEqual([]);
    expect(JSON.parse(JSON.stringify(evaluation))).toEqual(evaluation);
    const turned = evaluate({ kind: 'not', condition: each }, sparse(every)).truth;
    expect([evaluation.truth, turned]).toEqual(evaluation.truth === 'unknown' ? ['unknown', 'unknown'] : evaluation.truth === 'true' ? ['true', 'false'] : ['false', 'true']);
  }));
});

test('learning a missing value never turns true into false or false into true', () => {
  fc.assert(fc.property(condition, (each) => {
    const full = new Map<string, number | boolean>();
    const all = sparse(10_007);
    const known: Series = { value: (source, back, frame, asOf) => {
      const found = all.value(source, back, frame, asOf);
      if (found !== undefined) full.set(JSON.stringify([source, back, frame, asOf]), found);
      return found;
    } };
    const complete = evaluate(each, known).truth;
    const partial = evaluate(each, { value: (source, back, frame, asOf) => (sparse(3).value(source, back, frame, asOf) === undefined ? undefined : full.get(JSON.stringify([source, back, frame, asOf]))) }).truth;
    if (partial !== 'unknown') expect(partial).toBe(complete);
  }));
});

test('a series that knows nothing makes every comparison that reads something unknown', () => {
  fc.assert(fc.property(comparison.filter((each) => plan(each).length > 0), (each) => {
    const { truth } = evaluate(each, mapSeries({}));
    // A constant part can decide a between by itself.
    if (each.kind !== 'between') expect(truth).toBe('unknown');
  }));
});

test('rows and back give the same condition, through JSON', () => {
  fc.assert(fc.property(condition, (each) => {
    const rows = readRows(JSON.parse(JSON.stringify(conditionToRows(each))));
    expect(rows.ok && rowsToCondition(rows.value, VOCABULARY)).toEqual({ ok: true, value: each });
  }), { numRuns: 300 });
});

test('a graph and back give the same condition, through JSON', () => {
  fc.assert(fc.property(condition, (each) => {
    expect(graphToCondition(JSON.parse(JSON.stringify(conditionToGraph(each))), { vocabulary: VOCABULARY })).toEqual({ ok: true, value: each });
  }), { numRuns: 300 });
});
