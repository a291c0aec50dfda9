import type { Bar } from '../../runtime/domain/indicators/core/bar';
import { columnsOf } from '../../runtime/domain/indicators/core/columns';
import { indicatorNamed } from '../../runtime/domain/indicators/indicators';
import { runBatch } from '../../runtime/domain/indicators/run';
import { atrOf, combine, deviationOf, emaOf, highestOf, lowestOf, mean, overWindow, regressionEnd, rmaOf, smaOf, sum, supertrendOf, trueRanges, wmaOf, type Series } from './naive';
import { randomBars } from './randomBars';

const BARS = randomBars({ seed: 21, length: 500, flatEvery: 140, flatFor: 12 });
const COLUMNS = columnsOf(BARS);

const of = (take: (bar: Bar, index: number) => number): Series => BARS.map(take);
const CLOSE = of((bar) => bar.close);
const HIGH = of((bar) => bar.high);
const LOW = of((bar) => bar.low);
const VOLUME = of((bar) => bar.volume);

const minus = (a: Series, b: Series, factor = 1): Series => combine(a, b, (x, y) => x - factor * y);
const plus = (a: Series, b: Series, factor = 1): Series => combine(a, b, (x, y) => x + factor * y);
const middleOf = (size: number): Series => combine(highestOf(HIGH, size), lowestOf(LOW, size), (x, y) => (x + y) / 2);
const delayed = (series: Series, by: number): Series => series.map((_, index) => series[index - by]);

function hullOf(size: number): Series {
  return wmaOf(combine(wmaOf(CLOSE, Math.floor(size / 2)), wmaOf(CLOSE, size), (half, whole) => 2 * half - whole), Math.floor(Math.sqrt(size)));
}

function legouxOf(size: number): Series {
  const weights = Array.from({ length: size }, (_, place) => Math.exp(-((place - 0.85 * (size - 1)) ** 2) / (2 * (size / 6) ** 2)));
  return overWindow(CLOSE, size, (window) => sum(window.map((x, place) => x * (weights[place] ?? NaN))) / sum(weights));
}

function heikinAshiOpen(): Series {
  let [open, close] = [NaN, NaN];
  return of((bar, index) => {
    open = index === 0 ? (bar.open + bar.close) / 2 : (open + close) / 2;
    close = (bar.open + bar.high + bar.low + bar.close) / 4;
    return open;
  });
}

const squeezeLine = minus(CLOSE, combine(middleOf(20), smaOf(CLOSE, 20), (x, y) => (x + y) / 2));

const CASES: readonly { readonly name: string; readonly output?: string; readonly convention?: 'pine'; readonly expected: Series }[] = [
  { name: 'rma', expected: rmaOf(CLOSE, 14) },
  { name: 'hma', expected: hullOf(20) },
  { name: 'alma', expected: legouxOf(9) },
  { name: 'vwma', expected: combine(overWindow(combine(CLOSE, VOLUME, (x, y) => x * y), 20, sum), overWindow(VOLUME, 20, sum), (x, y) => x / y) },
  { name: 'zScore', expected: combine(minus(CLOSE, smaOf(CLOSE, 20)), deviationOf(CLOSE, 20), (x, y) => x / y) },
  { name: 'donchian', output: 'upper', expected: highestOf(HIGH, 20) },
  { name: 'donchian', output: 'middle', expected: middleOf(20) },
  { name: 'donchian', output: 'lower', expected: lowestOf(LOW, 20) },
  { name: 'keltner', output: 'upper', expected: plus(emaOf(CLOSE, 20), atrOf(BARS, 10), 2) },
  { name: 'keltner', output: 'lower', expected: minus(emaOf(CLOSE, 20), atrOf(BARS, 10), 2) },
  { name: 'chandelierExit', output: 'long', expected: minus(highestOf(HIGH, 22), atrOf(BARS, 22), 3) },
  { name: 'chandelierExit', output: 'short', expected: plus(lowestOf(LOW, 22), atrOf(BARS, 22), 3) },
  { name: 'ichimoku', output: 'conversion', expected: middleOf(9) },
  { name: 'ichimoku', output: 'base', expected: middleOf(26) },
  { name: 'ichimoku', output: 'spanA', expected: delayed(combine(middleOf(9), middleOf(26), (x, y) => (x + y) / 2), 25) },
  { name: 'ichimoku', output: 'spanB', expected: delayed(middleOf(52), 25) },
  { name: 'heikinAshi', output: 'open', expected: heikinAshiOpen() },
  { name: 'heikinAshi', output: 'close', expected: of((bar) => mean([bar.open, bar.high, bar.low, bar.close])) },
  { name: 'squeeze', output: 'on', expected: combine(deviationOf(CLOSE, 20), smaOf(trueRanges(BARS, false), 20), (deviation, range) => Number(2 * deviation < 1.5 * range)) },
  { name: 'squeeze', output: 'momentum', expected: overWindow(squeezeLine, 20, regressionEnd).map((x, index) => (index < 20 ? undefined : x)) },
  { name: 'rangeCompression', output: 'ratio', expected: againstEarlier(10, of((bar) => bar.high - bar.low)) },
  { name: 'volumeBreakout', output: 'ratio', expected: againstEarlier(20, VOLUME) },
  { name: 'supertrend', output: 'value', expected: supertrendOf(BARS, atrOf(BARS, 10), 3, true).value },
  { name: 'supertrend', output: 'direction', expected: supertrendOf(BARS, atrOf(BARS, 10), 3, true).direction },
  { name: 'supertrend', output: 'value', convention: 'pine', expected: supertrendOf(BARS, atrOf(BARS, 10, true), 3, false).value },
  { name: 'supertrend', output: 'direction', convention: 'pine', expected: supertrendOf(BARS, atrOf(BARS, 10, true), 3, false).direction },
  { name: 'atr', convention: 'pine', expected: atrOf(BARS, 14, true) },
  { name: 'trueRange', convention: 'pine', expected: trueRanges(BARS, true) },
  { name: 'macd', output: 'macd', convention: 'pine', expected: minus(emaOf(CLOSE, 12), emaOf(CLOSE, 26)) },
  { name: 'macd', output: 'signal', convention: 'pine', expected: emaOf(minus(emaOf(CLOSE, 12), emaOf(CLOSE, 26)), 9) },
  { name: 'obv', convention: 'pine', expected: plus(of((_, index) => runBatch(spec('obv'), COLUMNS)['value']?.[index] ?? NaN), VOLUME.map(() => VOLUME[0]), -1) },
  { name: 'adx', convention: 'pine', expected: pineAdx(14) },
  { name: 'plusDi', convention: 'pine', expected: pineDi(14, 1) },
  { name: 'minusDi', convention: 'pine', expected: pineDi(14, -1) },
  { name: 'cmo', convention: 'pine', expected: pineCmo(14) },
];

/** A value over the mean of the `size` values before it; not known where that is 0. */
function againstEarlier(size: number, series: Series): Series {
  return combine(series, delayed(smaOf(series, size), 1), (x, y) => x / y).map((ratio) => (Number.isFinite(ratio) ? ratio : undefined));
}

function moves(sign: 1 | -1): Series {
  return BARS.map((bar, index) => {
    const last = BARS[index - 1];
    if (last === undefined) return undefined;
    const [up, down] = [bar.high - last.high, last.low - bar.low];
    return sign === 1 ? (up > down && up > 0 ? up : 0) : (down > up && down > 0 ? down : 0);
  });
}

function pineDi(size: number, sign: 1 | -1): Series {
  return combine(rmaOf(moves(sign), size), rmaOf(trueRanges(BARS, false), size), (x, y) => (100 * x) / y);
}

function pineAdx(size: number): Series {
  const [up, down] = [pineDi(size, 1), pineDi(size, -1)];
  return rmaOf(combine(up, down, (x, y) => (100 * Math.abs(x - y)) / (x + y)), size);
}

function pineCmo(size: number): Series {
  const changes = minus(CLOSE, delayed(CLOSE, 1));
  return overWindow(changes, size, (window) => (100 * sum(window)) / sum(window.map(Math.abs)));
}

function spec(name: string): NonNullable<ReturnType<typeof indicatorNamed>> {
  const found = indicatorNamed(name);
  if (found === undefined) throw new Error(`There is no indicator ${name}`);
  return found;
}

const TITLED = CASES.map((each) => ({ ...each, title: [each.name, each.output, each.convention].filter(Boolean).join(' ') }));

test.each(TITLED)('$title is what its definition says', ({ name, output, convention, expected }) => {
  const results = runBatch(spec(name), COLUMNS, convention === undefined ? {} : { convention })[output ?? 'value'];
  const wrong = expected.flatMap((value, index) => {
    const ours = results?.[index] ?? NaN;
    const agrees = value === undefined ? Number.isNaN(ours) : Math.abs(ours - value) <= 1e-9 * Math.max(1, Math.abs(value));
    return agrees ? [] : [{ index, ours, value }];
  });
  expect(wrong).toEqual([]);
});

test('without any movement RSI is 0 as in TA-Lib, 100 as in Pine', () => {
  const still = columnsOf(Array.from({ length: 20 }, (_, index) => ({ time: index, open: 5, high: 5, low: 5, close: 5, volume: 0 })));
  expect(runBatch(spec('rsi'), still)['value']?.[15]).toBe(0);
  expect(runBatch(spec('rsi'), still, { convention: 'pine' })['value']?.[15]).toBe(100);
});
