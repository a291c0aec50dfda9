import { formatCondition, formatValue, plan, readCondition, readValue, type Comparison, type Condition, type Lookup, type Problem, type TextReading, type Value } from '../../runtime/domain/condition';
import { VOCABULARY } from '../../runtime/domain/series';

/** What a row computes: a number, or whether a condition holds. */
export type Expression = { readonly kind: 'value'; readonly value: Value } | { readonly kind: 'condition'; readonly condition: Condition };

/** Reads `ema(9)`, `close - vwap`, `bullish engulfing` or `ema(9) > ema(21)`. The problem told is that of the reading that came further. */
export function readExpression(text: string): TextReading<Expression> {
  const value = readValue(text, VOCABULARY);
  if (value.ok) return { ok: true, value: { kind: 'value', value: value.value } };
  const condition = readCondition(text, VOCABULARY);
  if (condition.ok) return { ok: true, value: { kind: 'condition', condition: condition.value } };
  return { ok: false, problem: further(value.problem, condition.problem) };
}

function further(left: Problem, right: Problem): Problem {
  return right.column > left.column ? right : left;
}

/** The canonical text. */
export function formatExpression(expression: Expression): string {
  return expression.kind === 'value' ? formatValue(expression.value) : formatCondition(expression.condition);
}

/** All that will be asked for an expression and its `previous` earlier values. */
export function lookupsOf(expression: Expression, previous: number): readonly Lookup[] {
  return plan(expression.kind === 'value' ? overTime(expression.value, previous) : expression.condition);
}

/** A value at several moments is what a trend looks at; its plan and its steps are the same. */
export function overTime(value: Value, previous: number): Comparison {
  return previous === 0 ? { kind: 'compare', operator: '=', left: value, right: { kind: 'number', value: 0 } } : { kind: 'trend', direction: 'rising', value, candles: previous };
}

/** A name for a result that can stand in a path: `ema(9)@1h` is `ema_9_1h`. */
export function nameOf(expression: Expression): string {
  return formatExpression(expression).replace(/[^A-Za-z0-9]+/g, '_').replace(/^_|_$/g, '');
}
