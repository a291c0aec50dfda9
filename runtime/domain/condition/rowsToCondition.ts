import { deny, ok, type Outcome } from '../denial';
import type { Comparison, CompareOperator, Condition, CrossDirection, Reading, Value } from './ast';
import { formatCondition } from './format';
import { LIMITS } from './limits';
import { excess } from './measure';
import { readCondition, readValue } from './parse';
import { refuse } from './problem';
import type { ConditionRow, RowGroup, RowOperator } from './rows';
import type { Vocabulary } from './vocabulary';

interface Context {
  readonly vocabulary: Vocabulary;
  readonly field: string;
}

/** A cell of a row: its content, its offset and how a message calls it. */
interface Cell {
  readonly content: string | number | undefined;
  readonly offset: number | undefined;
  readonly place: string;
}

/**
 * The condition that a table of rows means. A group of one is that one.
 * Denies INVALID_PARAMETER: `Row 2.1, right side, column 3: …`, with the row's id in place of its number where it has one.
 */
export function rowsToCondition(group: RowGroup, vocabulary: Vocabulary, field = 'rows'): Outcome<Condition> {
  const condition = fromGroup(group, '', { vocabulary, field });
  if (!condition.ok) return condition;
  const tooMuch = excess(condition.value) ?? (formatCondition(condition.value).length > LIMITS.length ? `more than ${LIMITS.length} characters as text` : undefined);
  return tooMuch === undefined ? condition : deny('INVALID_PARAMETER', `The condition has ${tooMuch}.`, { field, remedy: 'Split it over several nodes.' });
}

function fromGroup({ operator, not, rows }: RowGroup, path: string, context: Context): Outcome<Condition> {
  const conditions: Condition[] = [];
  for (const [index, row] of rows.entries()) {
    const at = path === '' ? String(index + 1) : `${path}.${index + 1}`;
    const condition = row.kind === 'group' ? fromGroup(row, at, context) : fromRow(row, at, context);
    if (!condition.ok) return condition;
    conditions.push(condition.value);
  }
  const [first] = conditions;
  if (first === undefined) return deny('INVALID_PARAMETER', path === '' ? 'The condition has no rows.' : `Group ${path} has no rows.`, { field: context.field, remedy: 'Add a row, or remove the group.' });
  const inner: Condition = conditions.length === 1 ? first : { kind: 'group', operator, conditions };
  return ok(not === true ? { kind: 'not', condition: inner } : inner);
}

function fromRow(row: ConditionRow, at: string, context: Context): Outcome<Condition> {
  const place = `Row ${row.id ?? at}`;
  const comparison = comparisonOf(row, place, context);
  if (!comparison.ok) return comparison;
  // Rules that look at both sides at once, such as percentages, are the parser's: the row is read again as one text.
  const text = formatCondition(comparison.value);
  const read = readCondition(text, context.vocabulary);
  return read.ok ? comparison : refuse(read.problem, context.field, `${place}, "${text}"`);
}

function comparisonOf(row: ConditionRow, place: string, context: Context): Outcome<Comparison> {
  const left: Cell = { content: row.left, offset: row.leftOffset, place: `${place}, left side` };
  if (row.operator === 'is true') {
    const reading = holdingOf(left, context);
    return reading.ok ? ok({ kind: 'holds', reading: reading.value }) : reading;
  }
  const value = valueOf(left, context);
  if (!value.ok) return value;
  if (row.operator === 'is rising' || row.operator === 'is falling') return ok({ kind: 'trend', direction: row.operator === 'is rising' ? 'rising' : 'falling', value: value.value, candles: row.candles ?? 1 });
  const right = valueOf({ content: row.right, offset: row.rightOffset, place: `${place}, right side` }, context);
  if (!right.ok) return right;
  if (row.operator === 'between') {
    const high = valueOf({ content: row.upper, offset: row.upperOffset, place: `${place}, upper end` }, context);
    return high.ok ? ok({ kind: 'between', value: value.value, low: right.value, high: high.value }) : high;
  }
  return ok(TWO_SIDED[row.operator](value.value, right.value));
}

/** Operators with one value on each side. */
const TWO_SIDED: Readonly<Record<Exclude<RowOperator, 'between' | 'is rising' | 'is falling' | 'is true'>, (left: Value, right: Value) => Comparison>> = {
  '<': compare('<'), '<=': compare('<='), '>': compare('>'), '>=': compare('>='), '=': compare('='), '!=': compare('!='),
  'crosses above': cross('above'), 'crosses below': cross('below'), crosses: cross('either'),
};

function compare(operator: CompareOperator) {
  return (left: Value, right: Value): Comparison => ({ kind: 'compare', operator, left, right });
}

function cross(direction: CrossDirection) {
  return (left: Value, right: Value): Comparison => ({ kind: 'cross', direction, left, right });
}

function valueOf({ content = '', offset = 0, place }: Cell, context: Context): Outcome<Value> {
  const text = String(content).trim();
  if (text === '') return deny('INVALID_PARAMETER', `${place} is empty.`, { field: context.field, remedy: 'Enter a value such as close, ema(9) or 70.' });
  const read = readValue(String(content), context.vocabulary, { percent: true });
  if (!read.ok) return refuse(read.problem, context.field, place);
  if (offset === 0) return ok(read.value);
  return read.value.kind === 'reading' ? shifted(read.value, offset, place, context) : deny('INVALID_PARAMETER', `${place}: an offset needs a single price, indicator or field, not "${text}".`, { field: context.field, remedy: 'Write offsets inside, such as high[1] - low[1].' });
}

function holdingOf({ content = '', offset = 0, place }: Cell, context: Context): Outcome<Reading> {
  const read = readCondition(String(content), context.vocabulary);
  if (!read.ok) return refuse(read.problem, context.field, place);
  if (read.value.kind === 'holds') return shifted(read.value.reading, offset, place, context);
  return deny('INVALID_PARAMETER', `${place}: "is true" needs a pattern, or an indicator or field that is true or false.`, { field: context.field });
}

function shifted(reading: Reading, offset: number, place: string, { field }: Context): Outcome<Reading> {
  const total = reading.offset + offset;
  if (total > LIMITS.offset) return deny('INVALID_PARAMETER', `${place} looks back ${total} candles: at most ${LIMITS.offset}.`, { field });
  return ok({ ...reading, offset: total });
}
