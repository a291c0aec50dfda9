import { ok, type Outcome } from '../denial';
import type { Condition, Value } from './ast';
import { Cursor } from './cursor';
import { LIMITS } from './limits';
import { excess } from './measure';
import { asCondition, asNumber, asOperand, slipOfOperator, type Node } from './node';
import { parseExpression } from './parseExpression';
import { refuse, type Problem } from './problem';
import { tokenize } from './tokens';
import type { Vocabulary } from './vocabulary';

/** What a text means, or its first problem. */
export type TextReading<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

/** Reads a condition for an editor, which wants the column as a number. Never throws. */
export function readCondition(text: string, vocabulary: Vocabulary): TextReading<Condition> {
  return readText(text, vocabulary, asCondition);
}

/** Reads one value: `ema(9)[1]`, `close + 2%`, `70`. A bare percentage is accepted where `percent` says so. Never throws. */
export function readValue(text: string, vocabulary: Vocabulary, { percent = false } = {}): TextReading<Value> {
  return readText(text, vocabulary, percent ? asOperand : asNumber);
}

/** Parses a condition. Denies INVALID_PARAMETER: `Column 9: expected …, found …`, the remedy in words. `field` names the parameter. */
export function parseCondition(text: string, vocabulary: Vocabulary, field?: string): Outcome<Condition> {
  const read = readCondition(text, vocabulary);
  return read.ok ? ok(read.value) : refuse(read.problem, field);
}

/** Parses a single value, as `parseCondition` does a condition. */
export function parseValue(text: string, vocabulary: Vocabulary, field?: string): Outcome<Value> {
  const read = readValue(text, vocabulary);
  return read.ok ? ok(read.value) : refuse(read.problem, field);
}

function readText<T extends Condition | Value>(text: string, vocabulary: Vocabulary, as: (cursor: Cursor, node: Node) => T | null): TextReading<T> {
  if (text.length > LIMITS.length) return { ok: false, problem: { column: LIMITS.length + 1, message: `the text has more than ${LIMITS.length} characters` } };
  const cursor = new Cursor(tokenize(text), vocabulary);
  const value = wholeText(cursor, as);
  if (cursor.problem !== undefined) return { ok: false, problem: cursor.problem };
  if (value === null) throw new Error(`Parsing "${text}" gave neither a meaning nor a problem.`);
  const tooMuch = excess(value);
  return tooMuch === undefined ? { ok: true, value } : { ok: false, problem: { column: 1, message: `the condition has ${tooMuch}`, remedy: 'Split it over several nodes.' } };
}

function wholeText<T>(cursor: Cursor, as: (cursor: Cursor, node: Node) => T | null): T | null {
  if (atEnd(cursor)) return cursor.fail(1, 'expected a condition, found nothing', 'Such as: ema(9) crosses above ema(21) and rsi(14) < 70.');
  const node = parseExpression(cursor);
  if (node === null) return null;
  if (cursor.isSymbol(')')) return cursor.fail(cursor.token.column, 'this ")" closes nothing');
  const value = as(cursor, node);
  if (value === null || atEnd(cursor)) return value;
  slipOfOperator(cursor, cursor.token);
  return cursor.expected('and, or or the end');
}

function atEnd({ token }: Cursor): boolean {
  return token.kind === 'end';
}
