import fc from 'fast-check';
import { randomBars } from '../../../tests/golden/randomBars';
import type { Candle } from '../candle/candle';
import { readCondition, readValue, type Condition, type Value } from '../condition';
import { evaluateOver, truthsOver, valuesOver } from './over';
import { sessionsOfDays, type SessionAt } from './session';
import { VOCABULARY } from './vocabulary';
import { DAY_MS } from '../time';

const OPENS = 1_640_576_700_000;
const CLOSES_AFTER_MS = 75 * 60_000;

/** 75 minutes of every day from 09:15 on. */
const sessionAt: SessionAt = (time) => {
  const opens = OPENS + Math.floor((time - OPENS) / DAY_MS) * DAY_MS;
  return { opens, closes: opens + CLOSES_AFTER_MS };
};
const ONE_MINUTE = { timeframe: '1m', sessionAt } as const;

function candlesOf(options: Partial<Parameters<typeof randomBars>[0]> = {}): readonly Candle[] {
  return randomBars({ seed: 1, length: 400, ...options }).map(({ time, open, high, low, close, volume }) => ({ time, open, high, low, close, volume, closed: true }));
}

function condition(text: string): Condition {
  const read = readCondition(text, VOCABULARY);
  if (!read.ok) throw new Error(read.problem.message);
  return read.value;
}

function value(text: string): Value {
  const read = readValue(text, VOCABULARY);
  if (!read.ok) throw new Error(read.problem.message);
  return read.value;
}

function values(text: string, candles: readonly Candle[], options = ONE_MINUTE): readonly (number | boolean | null)[] {
  const found = valuesOver(value(text), candles, options);
  if (!found.ok) throw new Error(found.denial.message);
  return found.value;
}

const EXPRESSIONS = [
  'close', 'close[3]', 'ema(9)', 'ema(9)@5m', 'rsi(14)[2]@3m', 'atr(5)@1h', 'macd(5, 9, 3).signal', 'vwap', 'vwap.upper', 'orb(15m).high', 'previousDay.close', 'pivots.r1@15m',
  'close@1d', 'high[1]@1d', 'supertrend(5, 2).direction@5m', '(close - ema(9)@15m) / atr(14)', 'sma(volume, 20)',
];
const CONDITIONS = [
  'ema(9) crosses above ema(21) and rsi(14) < 70 and close > vwap', 'close crosses above ema(5)@15m', 'ema(3)@15m crosses below ema(5)@1h', 'close is rising for 3', 'ema(5)@5m is falling for 2',
  'bullish engulfing or hammer@5m', 'close > orb(15m).high and close[1] <= orb(15m).high', 'not (inside bar) and close > previousDay.high', 'squeeze on', 'close > high[1]@1d',
];

test.each(EXPRESSIONS)('%s at a candle does not change with candles that come later', (text) => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 300 }), fc.integer(), (length, seed) => {
    const candles = candlesOf();
    const other = [...candles.slice(0, length), ...candlesOf({ seed }).slice(length)];
    const expected = values(text, candles).slice(0, length);
    expect(values(text, other).slice(0, length)).toEqual(expected);
    expect(values(text, candles.slice(0, length))).toEqual(expected);
  }), { numRuns: 10 });
});

test.each(CONDITIONS)('"%s" at a candle does not change with candles that come later', (text) => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 300 }), fc.integer(), (length, seed) => {
    const candles = candlesOf();
    const expected = truthsOver(condition(text), candles, ONE_MINUTE);
    const other = truthsOver(condition(text), [...candles.slice(0, length), ...candlesOf({ seed }).slice(length)], ONE_MINUTE);
    expect(other.ok && other.value.slice(0, length)).toEqual(expected.ok && expected.value.slice(0, length));
  }), { numRuns: 10 });
});

test('every condition becomes known, true and false somewhere', () => {
  const candles = candlesOf({ length: 1_500 });
  for (const text of CONDITIONS) {
    const found = truthsOver(condition(text), candles, ONE_MINUTE);
    expect({ text, seen: [...new Set(found.ok ? found.value : [])].toSorted() }).toEqual({ text, seen: text === 'squeeze on' ? expect.arrayContaining(['false', 'true']) as unknown : expect.arrayContaining(['false', 'true', 'unknown']) as unknown });
  }
});

test('a higher timeframe shows closed candles only, cut from the opening of the session', () => {
  const closes = candlesOf().map(({ close }) => close);
  const hours = values('close@1h', candlesOf());
  // 09:15 to 10:15 is closed with the candle that starts at 10:14; the rest of the session, 10:15 to 10:30, with the session's last.
  expect(hours.slice(0, 59)).toEqual(Array.from({ length: 59 }, () => null));
  expect(hours.slice(59, 74)).toEqual(Array.from({ length: 15 }, () => closes[59]));
  expect(hours.slice(74, 75 + 59)).toEqual(Array.from({ length: 60 }, () => closes[74]));
  expect(hours[75 + 59]).toBe(closes[75 + 59]);
});

test('without a calendar the cut-off end of a session is known when the next one has opened', () => {
  const candles = candlesOf();
  const hours = values('close@1h', candles, { timeframe: '1m', sessionAt: sessionsOfDays() });
  expect([hours[74], hours[75]]).toEqual([candles[59]?.close, candles[74]?.close]);
});

test('open, high, low, close and volume of a higher candle are those of its members', () => {
  const candles = candlesOf();
  const members = candles.slice(15, 30);
  expect(['open', 'high', 'low', 'close', 'volume'].map((price) => values(`${price}@15m`, candles)[29])).toEqual([
    members[0]?.open, Math.max(...members.map(({ high }) => high)), Math.min(...members.map(({ low }) => low)), members.at(-1)?.close, members.reduce((sum, { volume }) => sum + volume, 0),
  ]);
});

test('a crossing of two timeframes looks at the higher one as it was known a candle ago', () => {
  const candles = candlesOf();
  const [close, average] = [values('close', candles), values('ema(3)@15m', candles)];
  const crossed = candles.flatMap((_, index) => {
    const [before, now] = [[close[index - 1], average[index - 1]], [close[index], average[index]]];
    return [...before, ...now].every((each) => typeof each === 'number') && Number(before[0]) <= Number(before[1]) && Number(now[0]) > Number(now[1]) ? [index] : [];
  });
  const found = truthsOver(condition('close crosses above ema(3)@15m'), candles, ONE_MINUTE);
  expect(found.ok && found.value.flatMap((truth, index) => (truth === 'true' ? [index] : []))).toEqual(crossed);
  expect(crossed.length).toBeGreaterThan(3);
});

test('an unknown says what is missing', () => {
  const found = evaluateOver(condition('ema(9) > close@1h'), candlesOf({ length: 5 }), ONE_MINUTE);
  expect(found.ok && found.value[4]?.reasons[0]?.missing).toEqual([{ text: 'ema(9)', why: 'no value yet' }, { text: 'close@1h', why: 'no value yet' }]);
});

test.each(['30m', '1m', '90m'])('candles of %s can not be made of 60m ones', (timeframe) => {
  const found = valuesOver(value(`close@${timeframe}`), candlesOf(), { timeframe: '60m', sessionAt });
  expect(found).toMatchObject({ ok: false, denial: { code: 'INVALID_PARAMETER', message: `close@${timeframe}: candles of ${timeframe} can not be made of candles of 60m` } });
});

test('the flow\'s own timeframe may be named', () => {
  expect(values('ema(9)@1m', candlesOf())).toEqual(values('ema(9)', candlesOf()));
});
