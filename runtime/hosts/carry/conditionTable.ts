import { formatReading, LIMITS, readCondition, readRows, readValue, type ConditionRow, type Reading, type RowGroup } from '../../domain/condition';
import { VOCABULARY } from '../../domain/series';

type Saved = Readonly<Record<string, unknown>>;

/** A group of rows as n8n's form of a table saves it: conditions first, then groups (the order decides nothing). What is no group stays as it is. */
export function rowsToTable(name: string, value: unknown): Saved {
  const read = readRows(value);
  if (!read.ok) return { [name]: value };
  const combine = combineOf(read.value);
  return { ...(combine === 'and' ? {} : { [`${name}Combine`]: combine }), [name]: membersOf(read.value) };
}

function membersOf({ rows }: RowGroup): Saved {
  const conditions = rows.flatMap((row): readonly Saved[] => {
    if (row.kind === 'group') return [];
    return [Object.fromEntries(Object.entries(withOffsets(row)).filter(([name]) => name !== 'kind'))];
  });
  const groups = rows.flatMap((row): readonly Saved[] => (row.kind === 'group' ? [{ combine: combineOf(row), members: membersOf(row) }] : []));
  return { ...(conditions.length === 0 ? {} : { condition: conditions }), ...(groups.length === 0 ? {} : { group: groups }) };
}

/** n8n's form has no fields for offsets: they go into the cells. */
function withOffsets({ leftOffset = 0, rightOffset = 0, upperOffset = 0, ...row }: ConditionRow): Omit<ConditionRow, 'leftOffset' | 'rightOffset' | 'upperOffset'> {
  return {
    ...row, left: withOffset(row.left, leftOffset), ...(row.right === undefined ? {} : { right: withOffset(row.right, rightOffset) }), ...(row.upper === undefined ? {} : { upper: withOffset(row.upper, upperOffset) }),
  };
}

/** `close[1]@1h` and 2 is `close[3]@1h`. Where an offset is refused, the new text is refused as well: a condition never changes what it means. */
function withOffset<T extends string | number>(content: T, offset: number): T | string {
  if (offset === 0) return content;
  const reading = readingOf(String(content));
  return reading === undefined || reading.offset + offset > LIMITS.offset ? `(${content})[${offset}]` : formatReading({ ...reading, offset: reading.offset + offset });
}

function readingOf(text: string): Reading | undefined {
  const value = readValue(text, VOCABULARY);
  if (value.ok) return value.value.kind === 'reading' ? value.value : undefined;
  const pattern = readCondition(text, VOCABULARY);
  return pattern.ok && pattern.value.kind === 'holds' ? pattern.value.reading : undefined;
}

function combineOf({ operator, not = false }: RowGroup): string {
  if (not) return operator === 'or' ? 'notOr' : 'notAnd';
  return operator;
}
