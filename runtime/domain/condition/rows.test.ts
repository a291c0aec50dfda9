import { VOCABULARY } from '../../../tests/doubles/conditionSeries';
import { conditionToRows, formatCondition, parseCondition, readRows, rowsToCondition } from './index';

const and = (...rows: unknown[]) => ({ kind: 'group', operator: 'and', rows });
const row = (left: unknown, operator: string, right?: unknown, more: object = {}) => ({ kind: 'row', left, operator, ...(right === undefined ? {} : { right }), ...more });

/** Canonical text of a table, or why it is none. */
function textOf(raw: unknown): string {
  const rows = readRows(raw);
  const condition = rows.ok ? rowsToCondition(rows.value, VOCABULARY) : rows;
  return condition.ok ? formatCondition(condition.value) : condition.denial.message;
}

test.each([
  [and(row('EMA(9)', 'crosses above', 'ema(21)'), row('rsi(14)', '<', 70), row('close', '>', 'vwap')), 'ema(9) crosses above ema(21) and rsi(14) < 70 and close > vwap'],
  [and(row('close', '>', 'high', { rightOffset: 1 })), 'close > high[1]'],
  [and(row('close[1]@1h', '>=', 'high', { leftOffset: 2, rightOffset: 0 })), 'close[3]@1h >= high'],
  [and(row('rsi(14)', 'between', 30, { upper: '70' })), 'rsi(14) between 30 and 70'],
  [and(row('rsi(14)', 'between', 'low', { upper: 'high', upperOffset: 2 })), 'rsi(14) between low and high[2]'],
  [and(row('ema(9)', 'is rising', undefined, { candles: 3 }), row('close - open', 'is falling')), 'ema(9) is rising for 3 and close - open is falling'],
  [and(row('Bullish Engulfing', 'is true', undefined, { leftOffset: 1 }), row('indicators.ok', 'is true')), 'bullish engulfing[1] and indicators.ok'],
  [and(row('position.pnlPercent', '>', '2%')), 'position.pnlPercent > 2%'],
  [and(row('close', '>', 1), { kind: 'group', operator: 'or', not: true, rows: [row('hammer', 'is true'), row('doji', 'is true')] }), 'close > 1 and not (hammer or doji)'],
  [and({ kind: 'group', operator: 'or', rows: [row('close', '=', -0)] }), 'close = 0'],
  [{ ...and(row('close', '!=', 1)), not: true }, 'not (close != 1)'],
])('a table means its text (%#)', (raw, text) => expect(textOf(raw)).toBe(text));

test.each([
  [and(), 'The condition has no rows.'],
  [and(row('close', '>', 1), { kind: 'group', operator: 'or', rows: [row('close', '>', 1), and()] }), 'Group 2.2 has no rows.'],
  [and(row('close', '>', 1), { kind: 'group', operator: 'or', rows: [row('close', '>', 1), row('close', '<', 'emaa(9)')] }), 'Row 2.2, right side, column 1: unknown name "emaa"'],
  [and(row('close', '>', 'ema(9', { id: 'entry' })), 'Row entry, right side, column 6: expected "," or ")" for the "(" at column 4, found the end'],
  [and(row('', '>', 1)), 'Row 1, left side is empty.'], [and(row('close', '>')), 'Row 1, right side is empty.'], [and(row('rsi(14)', 'between', 30)), 'Row 1, upper end is empty.'],
  [and(row('close) or (hammer', '>', 1)), 'Row 1, left side, column 6: this ")" closes nothing'],
  [and(row('close > 1', '>', 1)), 'Row 1, left side, column 1: expected a number, found something that is true or false'],
  [and(row('close', '>', '1 and hammer')), 'Row 1, right side, column 3: expected a comparison (<, <=, >, >=, =, !=, crosses above, crosses below, between, is rising, is falling), found "and"'],
  [and(row('close + 1', '>', 1, { leftOffset: 1 })), 'Row 1, left side: an offset needs a single price, indicator or field, not "close + 1".'],
  [and(row('close[400]', '>', 1, { leftOffset: 400 })), 'Row 1, left side looks back 800 candles: at most 500.'],
  [and(row('close', 'is true')), 'Row 1, left side, column 6: expected a comparison (<, <=, >, >=, =, !=, crosses above, crosses below, between, is rising, is falling), found the end'],
  [and(row('close > 1', 'is true')), 'Row 1, left side: "is true" needs a pattern, or an indicator or field that is true or false.'],
  [and(row('rsi(14)', '>', '2%')), 'Row 1, "rsi(14) > 2%", column 11: a percentage of what?'],
  [and(row('rsi(14)', 'between', 70, { upper: 30 })), 'Row 1, "rsi(14) between 70 and 30", column 17: nothing is between 70 and 30'],
  [and(...Array.from({ length: 150 }, () => row('close', '>', 1))), 'The condition has more than 300 parts.'],
  [and(...Array.from({ length: 90 }, () => row(`position.${'x'.repeat(50)}`, '>', 1))), 'The condition has more than 4000 characters as text.'],
])('a table that means nothing is refused with its place (%#)', (raw, message) => expect(textOf(raw)).toBe(message));

test.each([
  [null], ['rows'], [[]], [{ kind: 'group', operator: 'xor', rows: [] }], [and({ kind: 'row' })], [and(row('close', '=>', 1))], [and(row('close', '>', 1, { leftOffset: -1 }))], [and(row('close', '>', true))], [and(row('close', '>', NaN))],
])('what is no table is refused: %j', (raw) => expect(readRows(raw)).toMatchObject({ ok: false, denial: { code: 'INVALID_PARAMETER', field: 'rows' } }));

test('a table that is too deep or too large is refused before it is walked', () => {
  for (const levels of [200, 50_000]) {
    let deep: unknown = row('close', '>', 1);
    for (let level = 0; level < levels; level += 1) deep = and(deep);
    expect(textOf(deep)).toMatch(/larger than a condition/);
  }
  expect(textOf(and(...Array.from({ length: 5_000 }, () => row('close', '>', 1))))).toMatch(/larger than a condition/);
});

test('offsets of single readings stand in their own column', () => {
  const parsed = parseCondition('close[1]@1h > high[2] - low and not (hammer[3] or doji)', VOCABULARY);
  expect(parsed.ok && conditionToRows(parsed.value)).toEqual(and(
    row('close@1h', '>', 'high[2] - low', { leftOffset: 1 }),
    { kind: 'group', operator: 'or', not: true, rows: [row('hammer', 'is true', undefined, { leftOffset: 3 }), row('doji', 'is true')] },
  ));
});
