import { readFileSync } from 'node:fs';
import path from 'node:path';
import { formatCondition, formatValue, readCondition, readValue } from '../condition';
import { INDICATORS } from '../indicators/indicators';
import { PATTERNS } from '../patterns/patterns';
import { resolveSource, type Resolved } from './resolve';
import { VOCABULARY } from './vocabulary';

function resolved(text: string): Resolved {
  const value = readValue(text, VOCABULARY);
  if (value.ok && value.value.kind === 'reading') return resolveSource(value.value.source, 'talib');
  const condition = readCondition(text, VOCABULARY);
  if (condition.ok && condition.value.kind === 'holds') return resolveSource(condition.value.reading.source, 'talib');
  throw new Error(`${text}: ${JSON.stringify(value)} ${JSON.stringify(condition)}`);
}

function keyOf(text: string): string {
  const found = resolved(text);
  return found.kind === 'study' ? `${found.key}.${found.output}` : found.kind;
}

const GOLDEN = Object.keys(JSON.parse(readFileSync(path.join(__dirname, '../../../tests/golden/data/synthetic.json'), 'utf8')) as object);

test.each(GOLDEN)('%s is an expression of the language', (text) => {
  expect(resolved(text).kind).toBe('study');
});

test.each(INDICATORS.flatMap((spec) => spec.outputs.map((output) => ({ name: spec.name, output }))))('$name.$output can be asked for with its defaults', ({ name, output }) => {
  const text = name.startsWith('cdl.') || output === 'value' ? name : `${name}.${output}`;
  expect(resolved(text)).toMatchObject({ kind: 'study', spec: { name }, output });
});

test.each(['open', 'high', 'low', 'close', 'volume', 'hl2', 'hlc3', 'ohlc4'])('%s is a price', (text) => {
  expect(resolved(text)).toEqual({ kind: 'price', price: text });
});

test.each([
  ['bb(20, 2).upper', 'bbands(20,2,close).upper'], ['Bollinger.lower', 'bbands(20,2,close).lower'], ['stoch(14,3,3).k', 'stochastic(14,3,3).k'],
  ['orb(15m).high', 'openingRange(15).high'], ['orb(1h).low', 'openingRange(60).low'], ['openingRange.high', 'openingRange(15).high'],
  ['vwap', 'vwap(1).value'], ['vwap.upper', 'vwap(1).upper'], ['supertrend(10, 3)', 'supertrend(10,3,talib).value'], ['rsi', 'rsi(14,close,talib).value'],
  ['sma(volume, 20)', 'sma(20,volume).value'], ['sma(20, volume)', 'sma(20,volume).value'], ['ema(hl2)', 'ema(20,hl2).value'], ['cpr.top', 'pivots(standard).top'],
  ['pivots(camarilla).r1', 'pivots(camarilla).r1'], ['squeeze', 'squeeze(20,2,1.5).on'], ['squeeze on', 'squeeze(20,2,1.5).on'], ['volume breakout', 'volumeBreakout(20,2).breakout'],
  ['inside bar', 'cdl.insideBar().value'], ['Bullish Engulfing', 'cdl.engulfing().value'], ['strong bullish candle', 'cdl.strongCandle().value'],
])('%s means %s', (text, key) => {
  expect(keyOf(text)).toBe(key);
});

test.each([
  ['bullish engulfing', 100, true], ['bullish engulfing', -100, false], ['bearish engulfing', -80, true], ['engulfing', -80, true], ['engulfing', 0, false], ['doji', 100, true], ['hanging man', -100, true],
])('%s of a pattern that gives %d is %s', (text, score, truth) => {
  const found = resolved(text);
  expect(found.kind === 'study' && found.read(score)).toBe(truth);
});

test('every pattern has words', () => {
  const spoken = new Set(VOCABULARY.patterns.map((words) => keyOf(words)));
  expect(PATTERNS.map(({ name }) => `cdl.${name}().value`).filter((key) => !spoken.has(key))).toEqual([]);
});

test('a convention is part of what an indicator is', () => {
  const value = readValue('atr(14)', VOCABULARY);
  if (!value.ok || value.value.kind !== 'reading') throw new Error('atr(14) is no reading');
  expect(resolveSource(value.value.source, 'pine')).toMatchObject({ key: 'atr(14,pine)' });
});

test.each([
  ['sma(volume, 20) > 1', 'sma(20, volume) > 1'], ['bb(20,2).UPPER < close', 'bbands(20, 2).upper < close'], ['openingrange(15min).high < close', 'orb(15m).high < close'],
])('%s is kept as %s, which means the same', (text, canonical) => {
  const read = readCondition(text, VOCABULARY);
  if (!read.ok) throw new Error(read.problem.message);
  expect(formatCondition(read.value)).toBe(canonical);
  expect(readCondition(canonical, VOCABULARY)).toEqual(read);
});

test.each([
  ['macd(26, 12).signal', 1, 'macd can not be computed so: slow: slow must be longer than fast'],
  ['close > macd(12,26,9)', 22, 'expected one of .macd, .signal, .histogram, found the end'],
  ['bb(20, 0).upper', 1, 'bbands can not be computed so: multiplier'],
  ['rsi(1)', 5, 'the period of rsi is from 2 to 5000, not 1'],
  ['orb(15).high', 5, 'expected the minutes of orb, such as 15m or 1h'],
  ['sma(20, volume, 3)', 17, 'sma takes at most 2 arguments'],
  ['cdl.hamer', 5, 'expected one of .hammer'],
])('%s is refused at column %d', (text, column, message) => {
  const read = readValue(text, VOCABULARY);
  expect(read.ok ? formatValue(read.value) : { column: read.problem.column, message: read.problem.message.slice(0, message.length) }).toEqual({ column, message });
});

test.each(['position.pnlPercent > 2%', 'indicators.fast > indicators.slow', 'signal.price > stopLoss and quantity >= 1', 'decision.approved'])('%s reads the item', (text) => {
  expect(readCondition(text, VOCABULARY)).toMatchObject({ ok: true });
});
