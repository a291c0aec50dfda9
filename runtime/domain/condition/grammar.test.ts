import { VOCABULARY } from '../../../tests/doubles/conditionSeries';
import { formatCondition, parseCondition, parseValue, formatValue, readTimeframe } from './index';

function canonical(text: string): string {
  const parsed = parseCondition(text, VOCABULARY);
  return parsed.ok ? formatCondition(parsed.value) : parsed.denial.message;
}

const SAME = [
  'ema(9) crosses above ema(21) and rsi(14) < 70 and close > vwap',
  'ema(9) crosses below ema(21)',
  'ema(9) crosses ema(21)',
  'close >= 100', 'close <= 100.5', 'close = 100', 'close != 0.05', 'close > -5',
  'rsi(14) between 30 and 70 and close > open',
  'ema(9, hl2) is rising', 'ema(9) is falling for 3',
  'close[1] > high[2]', 'ema(50)@1h < close', 'ema(50)[1]@1h > ema(200)@1d',
  'macd(12, 26, 9).signal > 0', 'macd(12, 26, 9).histogram[1]@15m is rising for 2', 'orb(15m).high < close', 'vwap.upper < high',
  'orb(15m).broken', 'squeeze(20)', 'squeeze(20)[1] and squeeze(20).momentum > 0',
  'bullish engulfing', 'hammer[1]@5m and not (doji)', 'three white soldiers or bullish',
  'indicators.fast > indicators.slow', 'indicators.ok', 'position.pnlPercent > 2%', 'quantity > 0', 'close crosses above signal.price',
  'roc(10) between -2% and 2%', 'close > ema(20) + 1%', 'close - 2% > low', 'close - low > 2% of close', 'close > 50% of (high + low)',
  '(high + low) / 2 > close', 'high + low / 2 > close', 'high - (low - open) > 1', 'high - low - open > 1', 'high / (low * 2) > 1', '-close < -(open + 1)', '2 * -close < 0',
  '(close > open and hammer) or rsi(14) < 30', 'close > open and (hammer or doji)', 'not (close > open and (hammer or doji))', '(hammer and doji) and bullish',
  'not (rsi(14) between 30 and 70)', 'not (not (hammer))', 'shift(-1) > 0', 'sar(0.02, 0.2) < close', 'close > 1e-7', 'close < 1e+21',
] as const;

test.each(SAME)('%s is canonical already', (text) => {
  expect(canonical(text)).toBe(text);
});

test.each([
  ['EMA(9) CROSSES Above Ema( 21 )\n  AND Rsi(14)<70', 'ema(9) crosses above ema(21) and rsi(14) < 70'],
  ['TRUERANGE>1', 'trueRange > 1'],
  ['hammer or doji and bullish', 'hammer or (doji and bullish)'],
  ['not hammer and doji', 'not (hammer) and doji'],
  ['not close > open', 'not (close > open)'],
  ['rsi(14) not between 30 and 70', 'not (rsi(14) between 30 and 70)'],
  ['rising(ema(9), 3)', 'ema(9) is rising for 3'],
  ['falling(close - open)', 'close - open is falling'],
  ['close is rising for 3 candles', 'close is rising for 3'],
  ['close is rising for 1 bar and hammer', 'close is rising and hammer'],
  ['any of (hammer, doji, close > open)', 'hammer or doji or close > open'],
  ['all(hammer, any of (doji, bullish))', 'hammer and (doji or bullish)'],
  ['any of (hammer)', 'hammer'],
  ['((close)) > ((5))', 'close > 5'],
  ['close@1H[2] > ema(50)@15MIN', 'close[2]@1h > ema(50)@15m'],
  ['close[0] > .5', 'close > 0.5'],
  ['Bullish  ENGULFING', 'bullish engulfing'],
  ['position.PnlX > 1 and STOPLOSS > 2', 'position.PnlX > 1 and stopLoss > 2'],
  ['macd(12,26,9).Signal > -0', 'macd(12, 26, 9).signal > 0'],
  ['shift(-0) > 0', 'shift(0) > 0'],
  ['1 + 2 * 3 > close', '1 + 2 * 3 > close'],
  ['5 - -3 < close', '5 - -3 < close'],
  ['- - close < 1', '-(-close) < 1'],
  ['-2% of close < 1', '-2% of close < 1'],
])('%s is written %s', (text, expected) => {
  expect(canonical(text)).toBe(expected);
  expect(canonical(expected)).toBe(expected);
});

test('and binds more tightly than or, arithmetic as usual', () => {
  expect(parseCondition('hammer or doji and bullish', VOCABULARY)).toMatchObject({ value: { operator: 'or', conditions: [{ kind: 'holds' }, { operator: 'and' }] } });
  expect(parseValue('high - low - open * 2', VOCABULARY)).toMatchObject({ value: { operator: '-', left: { operator: '-' }, right: { operator: '*' } } });
});

test('a value alone is read as a value', () => {
  const read = parseValue('ema(9)[1]@1h + 2%', VOCABULARY);
  expect(read.ok && formatValue(read.value)).toBe('ema(9)[1]@1h + 2%');
  expect(parseValue('close > 1', VOCABULARY)).toMatchObject({ ok: false, denial: { message: 'Column 1: expected a number, found something that is true or false' } });
  expect(parseValue('2%', VOCABULARY)).toMatchObject({ ok: false });
});

test('a condition is plain JSON', () => {
  const zero = parseCondition('shift(-0) > -0%  of close', VOCABULARY);
  expect(zero).toEqual(JSON.parse(JSON.stringify(zero)));
  const parsed = parseCondition('ema(9, hl2)[1]@1h crosses above orb(15m).high and not hammer', VOCABULARY);
  expect(parsed).toEqual(JSON.parse(JSON.stringify(parsed)));
  expect(parsed).toMatchObject({ value: { conditions: [{ left: { source: { kind: 'function', name: 'ema', args: [9, 'hl2'] }, offset: 1, timeframe: '1h' } }, { kind: 'not' }] } });
});

test.each([['15MIN', '15m'], ['1Hour', '1h'], ['60m', '60m'], ['1day', '1d'], ['2w', '2w'], ['0m', undefined], ['1s', undefined], ['h', undefined], ['1.5h', undefined]])('the timeframe %s is %s', (text, expected) => {
  expect(readTimeframe(text)).toBe(expected);
});
