import { readRows, type RowGroup } from '../../domain/condition';

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
    return [Object.fromEntries(Object.entries(row).filter(([name]) => name !== 'kind'))];
  });
  const groups = rows.flatMap((row): readonly Saved[] => (row.kind === 'group' ? [{ combine: combineOf(row), members: membersOf(row) }] : []));
  return { ...(conditions.length === 0 ? {} : { condition: conditions }), ...(groups.length === 0 ? {} : { group: groups }) };
}

function combineOf({ operator, not = false }: RowGroup): string {
  if (not) return operator === 'or' ? 'notOr' : 'notAnd';
  return operator;
}
