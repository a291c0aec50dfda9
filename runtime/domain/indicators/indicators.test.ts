import { namedArguments, positionalNames } from './arguments';
import { INDICATORS, indicatorNamed } from './indicators';
import { randomBars } from '../../../tests/golden/randomBars';

const LISTED = INDICATORS.map((spec) => ({ name: spec.name, spec }));

test('no two indicators share a name', () => {
  expect(new Set(INDICATORS.map((spec) => spec.name)).size).toBe(INDICATORS.length);
});

test.each(LISTED)('$name runs without any parameter, which are numbers, a choice, a source or a convention', ({ spec }) => {
  expect(spec.create().begin).toBeGreaterThanOrEqual(0);
  expect(spec.parameters.safeParse({}).success).toBe(true);
});

test.each(LISTED)('$name gives the outputs that it lists', ({ spec }) => {
  const study = spec.create();
  const last = randomBars({ seed: 4, length: 300, perSession: 20 }).map((bar) => study.update(bar)).findLast((value) => value !== undefined);
  if (typeof last === 'object') expect(Object.keys(last).toSorted()).toEqual([...spec.outputs].toSorted());
  else expect(spec.outputs).toEqual(['value']);
});

test('numbers are given in the order of the parameters, source and convention by name', () => {
  const macd = indicatorNamed('macd');
  if (macd === undefined) throw new Error('macd is missing');
  expect(positionalNames(macd)).toEqual(['fast', 'slow', 'signal']);
  expect(namedArguments(macd, [5, 35])).toEqual({ fast: 5, slow: 35 });
  expect(() => namedArguments(macd, [1, 2, 3, 4])).toThrow('macd takes at most 3 numbers, not 4');
});

test.each([
  { name: 'sma', parameters: { period: 0 } },
  { name: 'sma', parameters: { period: 2.5 } },
  { name: 'sma', parameters: { period: 5_001 } },
  { name: 'macd', parameters: { fast: 26, slow: 12 } },
  { name: 'bbands', parameters: { multiplier: 0 } },
  { name: 'rsi', parameters: { convention: 'other' } },
])('$name refuses $parameters', ({ name, parameters }) => {
  expect(() => indicatorNamed(name)?.create(parameters)).toThrow();
});

test('a name that is not in the list is no indicator', () => {
  expect(indicatorNamed('SMA')).toBeUndefined();
});
