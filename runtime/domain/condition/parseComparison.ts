import { COMPARE_OPERATORS, type Comparison, type CompareOperator, type CrossDirection, type TrendDirection, type Value } from './ast';
import type { Cursor } from './cursor';
import { LIMITS } from './limits';
import { asNumber, asOperand, isInPercent, isPercentage, lonelyPercent, slipOfOperator, type Node } from './node';

type Sum = (cursor: Cursor) => Node | null;

/** What may follow a value: an operator with its right side. Null with no problem recorded where there is none. */
export function parseComparison(cursor: Cursor, left: Node, sum: Sum): Comparison | null {
  const operator = compareOperatorAt(cursor);
  if (operator !== undefined) return parseCompare(cursor, left, operator, sum);
  if (cursor.takeWord('crosses')) return parseCross(cursor, left, sum);
  if (cursor.takeWord('between')) return parseBetween(cursor, left, sum);
  if (cursor.takeWord('is')) return parseTrend(cursor, left);
  return null;
}

export function compareOperatorAt(cursor: Cursor): CompareOperator | undefined {
  const { token } = cursor;
  return token.kind === 'symbol' ? COMPARE_OPERATORS.find((operator) => operator === token.text) : undefined;
}

function parseCompare(cursor: Cursor, left: Node, operator: CompareOperator, sum: Sum): Comparison | null {
  cursor.skip();
  const right = sum(cursor);
  const sides = right && together(cursor, [left, right]);
  if (sides === null) return null;
  if (compareOperatorAt(cursor) !== undefined) return cursor.fail(cursor.token.column, 'comparisons can not be chained', 'Write rsi(14) between 30 and 70, or join two comparisons with and.');
  const [a, b] = sides;
  return !a || !b ? null : { kind: 'compare', operator, left: a, right: b };
}

function parseCross(cursor: Cursor, left: Node, sum: Sum): Comparison | null {
  const direction: CrossDirection = cursor.takeWord('above') ? 'above' : cursor.takeWord('below') ? 'below' : 'either';
  if (cursor.isWord('over') || cursor.isWord('under')) {
    return cursor.fail(cursor.token.column, `"crosses ${cursor.token.text}" is not an operator`, `Write crosses ${cursor.isWord('over') ? 'above' : 'below'}.`);
  }
  const right = sum(cursor);
  const [a, b] = (right && together(cursor, [left, right])) ?? [];
  return !a || !b ? null : { kind: 'cross', direction, left: a, right: b };
}

function parseBetween(cursor: Cursor, left: Node, sum: Sum): Comparison | null {
  const low = sum(cursor);
  if (low === null) return null;
  if (!cursor.takeWord('and')) return cursor.expected('"and" with the upper end', 'Write rsi(14) between 30 and 70.');
  const high = sum(cursor);
  const [value, from, to] = (high && together(cursor, [left, low, high])) ?? [];
  if (!value || !from || !to) return null;
  if (from.kind === to.kind && 'value' in from && 'value' in to && typeof from.value === 'number' && typeof to.value === 'number' && from.value > to.value) {
    return cursor.fail(low.column, `nothing is between ${from.value} and ${to.value}`, 'The lower end comes first.');
  }
  return { kind: 'between', value, low: from, high: to };
}

/** `"is" ( "rising" | "falling" ) [ "for" candles [ "candles" | "bars" ] ]`. */
function parseTrend(cursor: Cursor, left: Node): Comparison | null {
  const direction: TrendDirection | undefined = cursor.takeWord('rising') ? 'rising' : cursor.takeWord('falling') ? 'falling' : undefined;
  if (direction === undefined) {
    slipOfOperator(cursor, cursor.token);
    return cursor.expected('rising or falling', 'Write is rising for 3, or a comparison such as close > vwap.');
  }
  let candles: number | null = 1;
  if (cursor.takeWord('for')) {
    candles = parseCandles(cursor);
    for (const word of ['candles', 'candle', 'bars', 'bar']) if (cursor.takeWord(word)) break;
  }
  const value = asNumber(cursor, left);
  return candles === null || value === null ? null : { kind: 'trend', direction, value, candles };
}

/** A whole number of candles that a trend lasts. */
export function parseCandles(cursor: Cursor): number | null {
  const { token } = cursor;
  if (token.kind !== 'number' || !Number.isInteger(token.value) || token.value < 1 || token.value > LIMITS.trend) return cursor.expected(`a whole number of candles from 1 to ${LIMITS.trend}`);
  cursor.skip();
  return token.value;
}

/** Values that are compared with each other; a percentage needs a partner that is in percent. */
function together(cursor: Cursor, nodes: readonly Node[]): readonly (Value | null)[] | null {
  const lonely = nodes.some(isInPercent) ? undefined : nodes.find(isPercentage);
  if (lonely !== undefined) return lonelyPercent(cursor, lonely);
  return nodes.map((node) => asOperand(cursor, node));
}
