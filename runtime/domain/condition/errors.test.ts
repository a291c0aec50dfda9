import { VOCABULARY } from '../../../tests/doubles/conditionSeries';
import { LIMITS, parseCondition, readCondition } from './index';

/** Text, column, and what the message and the remedy say. */
type Row = readonly [text: string, column: number, message: RegExp, remedy?: RegExp];

const ERRORS: readonly Row[] = [
  ['', 1, /found nothing/, /crosses above/],
  ['   ', 1, /found nothing/],
  // operators of other languages
  ['close => 5', 7, /"=>" is not part/, />=/], ['close == 5', 7, /"=="/, /Write = /], ['close <> 5', 7, /"<>"/, /!=/], ['hammer && doji', 8, /"&&"/, /and/], ['hammer || doji', 8, /"\|\|"/, /or/],
  ['!hammer', 1, /"!"/, /not/], ['close ≥ 5', 7, /"≥"/, />=/], ['close > 5 $', 11, /character "\$"/], ['close > 😀', 9, /character "😀"/], ['close > “5”', 9, /character "“"/],
  ['ema(9) crossover ema(21)', 8, /"crossover" is not an operator/, /crosses above/], ['crossover(ema(9), ema(21))', 1, /unknown name "crossover"/, /crosses above/],
  ['ema(9) crosses over ema(21)', 16, /"crosses over"/, /crosses above/], ['close above vwap', 7, /"above" is not an operator/, /Write >/], ['close is above vwap', 10, /"above" is not an operator/, />/],
  ['close rising', 7, /"rising" is not an operator/, /is rising/], ['close is 5', 10, /expected rising or falling, found "5"/], ['if close > open', 1, /unknown name "if"/, /Leave "if" out/],
  ['30 < rsi(14) < 70', 14, /can not be chained/, /between 30 and 70/], ['close > 5 is rising', 11, /expected and, or or the end, found "is"/],
  // parentheses
  ['(close > open', 14, /expected "\)" for the "\(" at column 1, found the end/], ['ema(9 > close', 7, /expected "," or "\)" for the "\(" at column 4, found ">"/], ['close > open)', 13, /closes nothing/],
  ['rsi(14', 7, /expected "," or "\)"/], ['rsi(14,', 8, /expected "\)", found the end/], ['close[1 > 2', 9, /expected "\]" for the "\[" at column 6/], ['any of (hammer doji)', 16, /expected "," or "\)" for the "\(" at column 8/],
  ['any of hammer', 8, /expected "\("/, /any of \(/], ['rising(close', 13, /expected "," or "\)"/], ['()', 2, /expected a value/],
  // missing parts
  ['close >', 8, /expected a value.*the end/], ['close', 6, /expected a comparison .*found the end/], ['close and open > 1', 7, /expected a comparison .*found "and"/], ['(close) or hammer', 9, /expected a comparison .*found "or"/],
  ['and close > 1', 1, /expected a value .*"and"/], ['close > 1 and', 14, /expected a value/], ['close > 1 open', 11, /expected and, or or the end, found "open"/], ['not', 4, /expected a value/], ['not close', 10, /expected a comparison/],
  ['close crosses above', 20, /expected a value/], ['rsi(14) between 30', 19, /expected "and" with the upper end/], ['rsi(14) between 70 and 30', 17, /nothing is between 70 and 30/, /lower end/],
  ['close is rising for x', 21, /whole number of candles from 1 to 100, found "x"/], ['close is rising for 0', 21, /from 1 to 100/], ['rising(close, 1.5)', 15, /whole number/], ['2 + > close', 5, /expected a value/], ['close +5', 9, /expected a comparison/],
  // names
  ['emaa(9) > close', 1, /unknown name "emaa"/, /Did you mean ema\?/], ['rsi_14 < 30', 1, /unknown name "rsi_14"/, /rsi\(14\)/], ['close > ema9', 9, /unknown name "ema9"/, /ema\(9\)/], ['truerange2 > 1', 1, /unknown/, /trueRange/],
  ['hamer', 1, /unknown name "hamer"/, /hammer/], ['bulish engulfing', 1, /unknown name "bulish"/, /bullish/], ['bullish engulfin', 9, /expected and, or or the end, found "engulfin"/], ['bearish engulfng', 1, /unknown/, /bearish engulfing/],
  ['zzz > 1', 1, /unknown name "zzz"$/], ['positon.pnlPercent > 1', 1, /unknown name "positon.pnlPercent"/], ['__proto__ > 1', 1, /unknown name "__proto__"/], ['constructor.name > 1', 1, /unknown name "constructor.name"/],
  ['indicators > 1', 1, /unknown name "indicators"/], ['constructor', 1, /unknown/],
  // arguments
  ['rsi > 70', 1, /rsi lacks its period/, /Write rsi\(period\)/], ['rsi() > 70', 5, /rsi lacks its period/], ['macd(12, 26).signal > 0', 12, /macd lacks its signal/, /macd\(fast, slow, signal\)/], ['rsi(14, 2) > 1', 9, /rsi takes at most 1/],
  ['close(1) > 2', 7, /close takes nothing in parentheses/], ['rsi(1.5) > 1', 5, /period of rsi is a whole number, not 1.5/], ['rsi(0) > 1', 5, /from 1 to 1000, not 0/], ['sar(-0.1, 1) > 1', 5, /step of sar is at least 0, not -0.1/],
  ['rsi(close) > 1', 5, /the period of rsi, a number, found "close"/], ['orb(15).high > 1', 5, /the duration of orb, such as 15m/], ['orb(15x).high > 1', 5, /such as 15m/], ['ema(9, cloze) > 1', 8, /the source of ema, one of open, high/], ['ema(9 21) > 1', 7, /expected ","/],
  // outputs
  ['macd(12, 26, 9) > 0', 17, /expected one of .macd, .signal, .histogram, found ">"/, /several outputs/], ['macd(12, 26, 9).sgnal > 0', 17, /one of .macd, .signal/], ['rsi(14).x > 1', 9, /no output: rsi gives one value/], ['orb(15m).broken > 1', 1, /found something that is true or false/],
  // offsets and timeframes
  ['close[-1] > 1', 7, /looks back/], ['close[1.5] > 1', 7, /whole number of candles from 0 to 500, found "1.5"/], ['close[501] > 1', 7, /from 0 to 500/], ['close[1][2] > 1', 9, /expected a comparison .*"\["/], ['close@5 > 1', 7, /expected a timeframe such as/],
  ['close@0m > 1', 7, /timeframe/], ['close@1h@1d > 1', 9, /expected a comparison/], ['position.pnl@1h > 1', 13, /field of the item: it has no timeframe/], ['15m > 1', 1, /expected a value, found "15m"/, /close@1h/],
  // types and percentages
  ['hammer > 1', 1, /expected a number, found something that is true or false/], ['1 + hammer > 1', 5, /true or false/], ['(close > open) + 1 > 2', 1, /true or false/], ['close > (hammer)', 9, /true or false/], ['not close + 1', 14, /expected a comparison/], ['hammer is rising', 1, /true or false/],
  ['rsi(14) > 70%', 11, /a percentage of what/, /2% of close/], ['close > 2% * 5', 9, /a percentage of what/], ['close > 2% + 5', 9, /a percentage of what/], ['close > -(2%)', 10, /a percentage of what/], ['close > 2% of 5%', 15, /percentage of what/], ['5%', 3, /expected a comparison/],
  ['close > 1e999', 9, /too large/],
];

test.each(ERRORS.map(([text, column, message, remedy]) => ({ text, column, message, remedy })))('"$text" fails at column $column', ({ text, column, message, remedy }) => {
  const read = readCondition(text, VOCABULARY);
  const problem = read.ok ? undefined : read.problem;
  expect(problem).toMatchObject({ column, message: expect.stringMatching(message) as string });
  if (remedy !== undefined) expect(problem?.remedy).toMatch(remedy);
});

test('a refusal is a value that carries the column, the field and the remedy', () => {
  expect(parseCondition('close => 5', VOCABULARY, 'entry')).toEqual({
    ok: false, denial: { code: 'INVALID_PARAMETER', message: 'Column 7: "=>" is not part of the language', field: 'entry', remedy: 'Write >= instead.' },
  });
});

test.each([
  ['length', `close > 1${' '.repeat(LIMITS.length)}`, /more than 4000 characters/],
  ['parentheses', `${'('.repeat(101)}close${')'.repeat(101)} > 1`, /nested more than 100/],
  ['minus signs', `${'- '.repeat(500)}close > 1`, /nested more than 100/],
  ['nots', `${'not '.repeat(500)}hammer`, /nested more than 100/],
  ['portions', `close > ${'1% of '.repeat(200)}close`, /nested more than 100/],
  ['depth', `close > ${Array.from({ length: 40 }, () => '1').join(' + ')}`, /more than 32 levels/],
  ['parts', Array.from({ length: 120 }, () => 'close > 1').join(' and '), /more than 300 parts/],
])('the %s of a condition is limited', (_what, text, message) => {
  const parsed = parseCondition(text, VOCABULARY);
  expect(parsed.ok ? '' : parsed.denial.message).toMatch(message);
});
