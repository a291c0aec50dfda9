import { readCondition, readValue, type Condition, type Problem, type Reading, type Value } from '../runtime/domain/condition';
import { VOCABULARY } from '../runtime/domain/series';
import { UsageError } from './arguments';

/** One column of results: what it is called and what it holds. */
export interface Expression {
  /** The text as given; with `.output` behind it where it named none of several. */
  readonly key: string;
  readonly meaning: { readonly kind: 'value'; readonly value: Value } | { readonly kind: 'condition'; readonly condition: Condition };
}

/** What a text asks for: a value, a condition, or every output of an indicator that has several and no main one. Throws UsageError with the column. */
export function readExpression(text: string): readonly Expression[] {
  const value = readValue(text, VOCABULARY);
  if (value.ok) return [{ key: text, meaning: { kind: 'value', value: value.value } }];
  const outputs = everyOutput(text);
  if (outputs !== undefined) return outputs;
  const condition = readCondition(text, VOCABULARY);
  if (!condition.ok) throw problemIn(text, condition.problem.column > value.problem.column ? condition.problem : value.problem);
  const single = condition.value;
  return [{ key: text, meaning: single.kind === 'holds' ? { kind: 'value', value: single.reading } : { kind: 'condition', condition: single } }];
}

/** A condition for certain. Throws UsageError with the column. */
export function readConditionText(text: string): Condition {
  const read = readCondition(text, VOCABULARY);
  if (!read.ok) throw problemIn(text, read.problem);
  return read.value;
}

/** `macd(12,26,9)` is all that macd gives; `macd(12,26,9)[1]` as well. */
function everyOutput(text: string): readonly Expression[] | undefined {
  const [, head = '', tail = ''] = /^\s*(\w+\s*(?:\([^()]*\))?)\s*((?:\[\d+\]|@\w+)*)\s*$/.exec(text) ?? [];
  const name = /^\w+/.exec(head)?.[0]?.toLowerCase();
  const spec = VOCABULARY.functions.find((each) => [each.name, ...(each.aliases ?? [])].some((word) => word.toLowerCase() === name));
  if (spec?.outputs === undefined || spec.value !== undefined) return undefined;
  const readings = Object.keys(spec.outputs).map((output) => ({ output, read: readWhole(`${head}.${output}${tail}`) }));
  if (readings.some(({ read }) => read === undefined)) return undefined;
  return readings.flatMap(({ output, read }) => (read === undefined ? [] : [{ key: `${text}.${output}`, meaning: { kind: 'value', value: read } }]));
}

function readWhole(text: string): Reading | undefined {
  const value = readValue(text, VOCABULARY);
  if (value.ok) return value.value.kind === 'reading' ? value.value : undefined;
  const condition = readCondition(text, VOCABULARY);
  return condition.ok && condition.value.kind === 'holds' ? condition.value.reading : undefined;
}

/** The problem with its place shown under the text. */
function problemIn(text: string, { column, message, remedy }: Problem): UsageError {
  const shown = text.replace(/\s/g, ' ');
  return new UsageError(`Column ${column}: ${message}${remedy === undefined ? '' : `. ${remedy}`}\n  ${shown}\n  ${' '.repeat(column - 1)}^`);
}

