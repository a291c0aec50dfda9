import type { Condition } from './ast';
import { mapSeries, VOCABULARY } from '../../../tests/doubles/conditionSeries';
import { allOf, anyOf, evaluate, explain, not, parseCondition, plan, type Truth } from './index';

function conditionOf(text: string): Condition {
  const parsed = parseCondition(text, VOCABULARY);
  if (!parsed.ok) throw new Error(parsed.denial.message);
  return parsed.value;
}

function truth(text: string, values: Readonly<Record<string, number | boolean>> = {}): Truth {
  return evaluate(conditionOf(text), mapSeries(values)).truth;
}

const T = 'true', F = 'false', U = 'unknown';

describe('three values', () => {
  test.each([[T, F], [F, T], [U, U]] as const)('not %s is %s', (value, expected) => expect(not(value)).toBe(expected));

  test.each([
    [T, T, T, T], [T, F, F, T], [T, U, U, T], [F, T, F, T], [F, F, F, F], [F, U, F, U], [U, T, U, T], [U, F, F, U], [U, U, U, U],
  ] as const)('%s with %s: and is %s, or is %s', (left, right, and, or) => {
    expect([allOf([left, right]), anyOf([left, right])]).toEqual([and, or]);
    const of: Record<Truth, string> = { true: 'hammer', false: 'doji', unknown: 'bullish' };
    const values = { hammer: true, doji: false };
    expect([truth(`${of[left]} and ${of[right]}`, values), truth(`${of[left]} or ${of[right]}`, values)]).toEqual([and, or]);
  });

  test('nothing at all is all true and none true', () => expect([allOf([]), anyOf([])]).toEqual([T, F]));
});

test.each([
  ['close < 5', 4, T], ['close < 5', 5, F], ['close <= 5', 5, T], ['close > 5', 5, F], ['close > 5', 6, T], ['close >= 5', 5, T], ['close = 5', 5, T], ['close = 0.3', 0.1 + 0.2, F], ['close != 5', 5, F], ['close != 0.3', 0.1 + 0.2, T],
  ['close between 5 and 6', 5, T], ['close between 5 and 6', 6, T], ['close between 5 and 6', 6.01, F], ['close between 5 and 6', 4.99, F],
  ['close * 2 + 1 = 7', 3, T], ['close - 2 - 3 = 5', 10, T], ['-close = -3', 3, T], ['12 / close / 2 = 2', 3, T], ['close + 10% = 220', 200, T], ['close - 10% = 180', 200, T], ['10% of close = 20', 200, T],
])('%s at %d is %s', (text, close, expected) => expect(truth(text, { close })).toBe(expected));

test.each([
  // before, now
  [1, 2, 3, 2, T, F, T], [2, 2, 3, 2, T, F, T], [3, 2, 3, 2, F, F, F], [1, 2, 2, 2, F, F, F], [3, 2, 1, 2, F, T, T], [2, 2, 1, 2, F, T, T], [1, 2, 1, 2, F, F, F], [2, 2, 2, 2, F, F, F],
])('from %d/%d to %d/%d: crosses above %s, below %s, crosses %s', (closeBefore, openBefore, close, open, above, below, either) => {
  const values = { 'close[1]': closeBefore, 'open[1]': openBefore, close, open };
  expect([truth('close crosses above open', values), truth('close crosses below open', values), truth('close crosses open', values)]).toEqual([above, below, either]);
});

test.each([
  [[3, 2, 1], T, F], [[3, 3, 1], F, F], [[1, 2, 3], F, T], [[3, 2, 2], F, F], [[3, 2], U, F], [[2, 3], F, U],
] as const)('the newest first, %j: rising for 2 is %s, falling for 2 is %s', (closes, rising, falling) => {
  const values = Object.fromEntries(closes.map((close, back) => [back === 0 ? 'close' : `close[${back}]`, close]));
  expect([truth('close is rising for 2', values), truth('close is falling for 2', values)]).toEqual([rising, falling]);
});

describe('what is missing', () => {
  test.each([
    ['close > vwap', { close: 1 }, 'vwap', 'no value yet'],
    ['close > vwap', { close: 1, vwap: NaN }, 'vwap', 'no value yet'],
    ['close > vwap', { close: 1, vwap: Infinity }, 'vwap', 'no value yet'],
    ['close crosses above open', { close: 2, open: 1, 'open[1]': 1 }, 'close[1]', 'no value yet'],
    ['close > 1 / open', { close: 2, open: 0 }, '1 / open', 'division by zero'],
    ['close > open * 1e300', { close: 2, open: 1e300 }, 'open * 1e+300', 'too large'],
    ['indicators.x > 1', { 'indicators.x': true }, 'indicators.x', 'not a number'],
    ['indicators.x', { 'indicators.x': 1 }, 'indicators.x', 'not true or false'],
    ['hammer', {}, 'hammer', 'no value yet'],
  ])('%s is unknown and says so', (text, values, missing, why) => {
    const evaluation = evaluate(conditionOf(text), mapSeries(values));
    expect(evaluation.truth).toBe(U);
    expect(evaluation.reasons[0]?.missing).toEqual([{ text: missing, why }]);
    expect(JSON.parse(JSON.stringify(evaluation))).toEqual(evaluation);
  });

  test('a missing value decides nothing where the others decide', () => {
    expect(truth('close between 5 and open', { close: 4 })).toBe(F);
    expect(truth('close crosses above open', { close: 1, open: 2 })).toBe(F);
    expect(truth('close > open or hammer', { hammer: true })).toBe(T);
  });
});

test('every comparison gives its reason, also where the verdict is clear', () => {
  const evaluation = evaluate(conditionOf('hammer and (rsi(14) < 70 or not (ema(9) crosses above ema(21)))'), mapSeries({ hammer: false, 'rsi(14)': 55.25, 'ema(9)': 2, 'ema(21)': 1, 'ema(21)[1]': 1 }));
  expect(evaluation).toEqual({
    truth: F,
    reasons: [
      { text: 'hammer', truth: F, values: [{ text: 'hammer', value: false }], missing: [] },
      { text: 'rsi(14) < 70', truth: T, values: [{ text: 'rsi(14)', value: 55.25 }], missing: [] },
      { text: 'ema(9) crosses above ema(21)', truth: U,
        values: [{ text: 'ema(9)', value: 2 }, { text: 'ema(21)', value: 1 }, { text: 'ema(9)[1]', value: null }, { text: 'ema(21)[1]', value: 1 }], missing: [{ text: 'ema(9)[1]', why: 'no value yet' }] },
    ],
  });
  expect(explain(evaluation)).toBe([
    'false', 'hammer: false (hammer = false)', 'rsi(14) < 70: true (rsi(14) = 55.25)',
    'ema(9) crosses above ema(21): unknown (ema(9) = 2, ema(21) = 1, ema(21)[1] = 1, ema(9)[1]: no value yet)',
  ].join('\n'));
});

describe('several timeframes', () => {
  test.each([
    ['close > ema(50)@1h', ['close', 'ema(50)@1h']],
    ['close[2]@1h > 5', ['close[2]@1h']],
    ['ema(9)@1h crosses above ema(21)@1h', ['ema(9)@1h', 'ema(21)@1h', 'ema(9)[1]@1h', 'ema(21)[1]@1h']],
    ['ema(9)[2]@1h is rising for 2', ['ema(9)[2]@1h', 'ema(9)[3]@1h', 'ema(9)[4]@1h']],
    ['close crosses above ema(50)@1h', ['close', 'ema(50)@1h', 'close[1]', 'ema(50)@1h as of 1']],
    ['close@15m crosses ema(50)[1]@1h', ['close@15m', 'ema(50)[1]@1h', 'close[1]@15m', 'ema(50)[1]@1h as of 115m']],
    ['ema(50)@1h crosses close@15m', ['ema(50)@1h', 'close@15m', 'ema(50)@1h as of 115m', 'close[1]@15m']],
    ['close@1h crosses stopLoss', ['close@1h', 'stopLoss', 'close[1]@1h', 'stopLoss as of 11h']],
    ['close crosses stopLoss', ['close', 'stopLoss', 'close[1]', 'stopLoss[1]']],
    ['indicators.fast crosses indicators.slow', ['indicators.fast', 'indicators.slow', 'indicators.fast[1]', 'indicators.slow[1]']],
  ])('%s asks for %j', (text, expected) => {
    const series = mapSeries({});
    evaluate(conditionOf(text), series);
    expect([...series.asked].sort()).toEqual([...expected].sort());
  });

  test('a price that dipped below a standing higher average and comes back crosses it', () => {
    const values = { close: 101.2, 'close[1]': 100.5, 'ema(50)@1h': 101, 'ema(50)@1h as of 1': 101, 'ema(50)[1]@1h': 100 };
    expect(truth('close crosses above ema(50)@1h', values)).toBe(T);
  });
});

test('the plan lists each question once, in the order of the text', () => {
  const lookups = plan(conditionOf('ema(9) crosses above ema(21) and EMA(9) > close[2] and (rsi(14)@1h is rising or close + ema(9) > 1) and hammer[1]'));
  expect(lookups.map(({ text }) => text)).toEqual(['ema(9)', 'ema(21)', 'ema(9)[1]', 'ema(21)[1]', 'close[2]', 'rsi(14)@1h', 'rsi(14)[1]@1h', 'close', 'hammer[1]']);
  expect(lookups[6]).toEqual({ source: { kind: 'function', name: 'rsi', args: [14] }, offset: 1, timeframe: '1h', text: 'rsi(14)[1]@1h' });
});

test('the plan of a mixed crossing says as of when', () => {
  expect(plan(conditionOf('close@15m crosses ema(50)@1h'))[3]).toMatchObject({ offset: 0, timeframe: '1h', asOf: { candles: 1, timeframe: '15m' }, text: 'ema(50)@1h as of 1 15m candle ago' });
});
