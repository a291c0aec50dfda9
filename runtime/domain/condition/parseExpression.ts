import { ARITHMETIC_OPERATORS, type Condition, type Value } from './ast';
import type { Cursor } from './cursor';
import { asCondition, asNumber, asOperand, type Node } from './node';
import { parseCandles, parseComparison } from './parseComparison';
import { parseReading } from './parseReading';

type Level = (cursor: Cursor) => Node | null;

/** `or = and { "or" and }`: the loosest level. See grammar.md; every level below follows it line by line. */
export function parseExpression(cursor: Cursor): Node | null {
  return parseGroup(cursor, 'or', (inner) => parseGroup(inner, 'and', parseNot));
}

function parseGroup(cursor: Cursor, operator: 'and' | 'or', level: Level): Node | null {
  const { column } = cursor.token;
  const first = level(cursor);
  if (first === null || !cursor.isWord(operator)) return first;
  const conditions: Condition[] = [];
  for (let node: Node | null = first; ; node = level(cursor)) {
    const condition = node && asCondition(cursor, node);
    if (condition === null) return null;
    conditions.push(condition);
    if (!cursor.takeWord(operator)) break;
  }
  return conditionNode(cursor, column, { kind: 'group', operator, conditions });
}

function parseNot(cursor: Cursor): Node | null {
  const { column } = cursor.token;
  if (!cursor.takeWord('not')) return parseCompared(cursor);
  const node = cursor.nested(() => parseNot(cursor));
  const condition = node && asCondition(cursor, node);
  return condition && conditionNode(cursor, column, { kind: 'not', condition });
}

function parseCompared(cursor: Cursor): Node | null {
  const { column } = cursor.token;
  const left = parseSum(cursor);
  if (left === null) return null;
  const negated = cursor.isWord('not') && cursor.isWord('between', 1);
  if (negated) cursor.skip();
  const comparison = parseComparison(cursor, left, parseSum);
  if (comparison === null) return cursor.problem === undefined ? left : null;
  return conditionNode(cursor, column, negated ? { kind: 'not', condition: comparison } : comparison);
}

/** Only here may a percentage stand on the right: `close + 2%`. */
function parseSum(cursor: Cursor): Node | null {
  return parseArithmetic(cursor, ['+', '-'], parseProduct, asOperand);
}

function parseProduct(cursor: Cursor): Node | null {
  return parseArithmetic(cursor, ['*', '/'], parseUnary, asNumber);
}

function parseArithmetic(cursor: Cursor, symbols: readonly string[], level: Level, right: typeof asNumber): Node | null {
  const { column } = cursor.token;
  let node = level(cursor);
  for (;;) {
    const operator = ARITHMETIC_OPERATORS.find((symbol) => symbols.includes(symbol) && cursor.isSymbol(symbol));
    if (node === null || operator === undefined) return node;
    cursor.skip();
    const left = asNumber(cursor, node);
    const next = left && level(cursor);
    const value = next && right(cursor, next);
    node = left && value && valueNode(cursor, column, { kind: 'arithmetic', operator, left, right: value });
  }
}

function parseUnary(cursor: Cursor): Node | null {
  const { column } = cursor.token;
  if (!cursor.isSymbol('-')) return parsePrimary(cursor);
  if (cursor.ahead(1).kind === 'number') return parseNumber(cursor);
  cursor.skip();
  const node = cursor.nested(() => parseUnary(cursor));
  const value = node && asNumber(cursor, node);
  return value && valueNode(cursor, column, { kind: 'negate', value });
}

function parsePrimary(cursor: Cursor): Node | null {
  const { token } = cursor;
  if (token.kind === 'number') return parseNumber(cursor);
  if (cursor.isSymbol('(')) return parseParenthesised(cursor);
  if (token.kind === 'span') return cursor.expected('a value', `Put an operator between the number and the word; a timeframe is written close@1h.`);
  if (token.kind !== 'word' || isReserved(cursor)) return cursor.expected('a value such as close, ema(9) or 70');
  if ((cursor.isWord('any') || cursor.isWord('all')) && (cursor.isWord('of', 1) || cursor.isSymbol('(', 1))) return parseList(cursor);
  if ((cursor.isWord('rising') || cursor.isWord('falling')) && cursor.isSymbol('(', 1)) return parseTrendCall(cursor);
  const typed = parseReading(cursor);
  return typed && { type: 'reading', typed, column: token.column, after: cursor.token };
}

const RESERVED = ['and', 'or', 'not', 'crosses', 'between', 'is', 'of', 'for'];

function isReserved(cursor: Cursor): boolean {
  return RESERVED.some((word) => cursor.isWord(word));
}

/** `number [ "%" [ "of" unary ] ]`, with its sign. */
function parseNumber(cursor: Cursor): Node | null {
  const { column } = cursor.token;
  const negative = cursor.takeSymbol('-');
  const { token } = cursor;
  if (token.kind !== 'number') return cursor.expected('a number');
  cursor.skip();
  // 0 - x, because -0 would not survive JSON.
  const value = negative ? 0 - token.value : token.value;
  if (!cursor.takeSymbol('%')) return valueNode(cursor, column, { kind: 'number', value });
  if (!cursor.takeWord('of')) return valueNode(cursor, column, { kind: 'percent', value });
  const node = cursor.nested(() => parseUnary(cursor));
  const of = node && asNumber(cursor, node);
  return of && valueNode(cursor, column, { kind: 'portion', percent: value, of });
}

function parseParenthesised(cursor: Cursor): Node | null {
  const { column } = cursor.token;
  cursor.skip();
  const inner = cursor.nested(() => parseExpression(cursor));
  if (inner === null || !closes(cursor, column)) return null;
  return { ...inner, column, after: cursor.token };
}

function closes(cursor: Cursor, open: number, others = ''): boolean {
  if (cursor.takeSymbol(')')) return true;
  cursor.expected(`${others}")" for the "(" at column ${open}`);
  return false;
}

/** `( "any" | "all" ) [ "of" ] "(" or { "," or } ")"`: another spelling of or, and. */
function parseList(cursor: Cursor): Node | null {
  const { column } = cursor.token;
  const operator = cursor.isWord('any') ? 'or' : 'and';
  cursor.skip();
  cursor.takeWord('of');
  const open = cursor.token.column;
  if (!cursor.takeSymbol('(')) return cursor.expected('"("', 'Write any of (close > vwap, rsi(14) < 30).');
  const conditions: Condition[] = [];
  do {
    const node = cursor.nested(() => parseExpression(cursor));
    const condition = node && asCondition(cursor, node);
    if (condition === null) return null;
    conditions.push(condition);
  } while (cursor.takeSymbol(','));
  if (!closes(cursor, open, '"," or ')) return null;
  const [only] = conditions;
  return conditionNode(cursor, column, only !== undefined && conditions.length === 1 ? only : { kind: 'group', operator, conditions });
}

/** `( "rising" | "falling" ) "(" sum [ "," candles ] ")"`: another spelling of `is rising for`. */
function parseTrendCall(cursor: Cursor): Node | null {
  const { column } = cursor.token;
  const direction = cursor.isWord('rising') ? 'rising' : 'falling';
  cursor.skip();
  const open = cursor.token.column;
  cursor.skip();
  const node = cursor.nested(() => parseSum(cursor));
  const value = node && asNumber(cursor, node);
  const candles = value && (cursor.takeSymbol(',') ? parseCandles(cursor) : 1);
  if (value === null || candles === null || !closes(cursor, open, '"," or ')) return null;
  return conditionNode(cursor, column, { kind: 'trend', direction, value, candles });
}

function valueNode(cursor: Cursor, column: number, value: Value): Node {
  return { type: 'value', value, column, after: cursor.token };
}

function conditionNode(cursor: Cursor, column: number, condition: Condition): Node {
  return { type: 'condition', condition, column, after: cursor.token };
}
