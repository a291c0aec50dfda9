import type { Condition, Value } from './ast';
import type { Cursor } from './cursor';
import type { TypedReading } from './parseReading';
import type { Token } from './tokens';

/**
 * What an expression can be while it is parsed. A field may become either a value or a condition, so it waits as a `reading`.
 * `after` is the token behind it: where an operator was wanted when the thing does not fit.
 */
export type Node = { readonly column: number; readonly after: Token } & (
  | { readonly type: 'reading'; readonly typed: TypedReading }
  | { readonly type: 'value'; readonly value: Value }
  | { readonly type: 'condition'; readonly condition: Condition }
);

const OPERATORS = 'a comparison (<, <=, >, >=, =, !=, crosses above, crosses below, between, is rising, is falling)';

/** The node as a condition; a value without a comparison is a problem where the comparison should begin. */
export function asCondition(cursor: Cursor, node: Node): Condition | null {
  if (node.type === 'condition') return node.condition;
  if (node.type === 'reading' && node.typed.type !== 'number') return { kind: 'holds', reading: node.typed.reading };
  slipOfOperator(cursor, node.after);
  return cursor.expected(OPERATORS, undefined, node.after);
}

/** The node as a value, a percentage included. */
export function asOperand(cursor: Cursor, node: Node): Value | null {
  if (node.type === 'value') return node.value;
  if (node.type === 'reading' && node.typed.type !== 'boolean') return node.typed.reading;
  return cursor.fail(node.column, 'expected a number, found something that is true or false', 'It stands by itself, with and, or, not.');
}

/** The node as a value that is no bare percentage. */
export function asNumber(cursor: Cursor, node: Node): Value | null {
  const value = asOperand(cursor, node);
  return value?.kind === 'percent' ? lonelyPercent(cursor, node) : value;
}

export function lonelyPercent(cursor: Cursor, { column }: Node): null {
  return cursor.fail(column, 'a percentage of what?', 'Write 2% of close, close + 2%, or compare it with a value that is in percent.');
}

export function isPercentage(node: Node): boolean {
  return node.type === 'value' && node.value.kind === 'percent';
}

/** Whether the node is something measured in percent, such as `position.pnlPercent`. */
export function isInPercent(node: Node): boolean {
  return node.type === 'reading' && node.typed.percent;
}

const SLIPS: Readonly<Record<string, string>> = {
  crossover: 'crosses above', crossabove: 'crosses above', crossunder: 'crosses below', crossbelow: 'crosses below',
  cross: 'crosses above or crosses below', crossed: 'crosses above or crosses below', crossing: 'crosses above or crosses below',
  above: '>', over: '>', greater: '>', more: '>', below: '<', under: '<', less: '<', equals: '=', equal: '=', rising: 'is rising', falling: 'is falling',
};

/** Tells the right spelling of a word that other languages use as an operator. */
export function slipOfOperator(cursor: Cursor, token: Token): void {
  const word = token.kind === 'word' ? token.text.toLowerCase() : '';
  if (Object.hasOwn(SLIPS, word)) cursor.fail(token.column, `"${token.text}" is not an operator`, `Write ${SLIPS[word] ?? ''} instead.`);
}
