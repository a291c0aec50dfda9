import { z } from 'zod';
import { conditionToRows, formatCondition, plan, readCondition, readRows, rowsToCondition, type Condition, type RowGroup } from '../../runtime/domain/condition';
import { deny, ok, type Outcome } from '../../runtime/domain/denial';
import type { Meaning } from '../../runtime/hosts/meaning';
import { CONDITION_VOCABULARY } from './vocabulary';

/** A table without rows: what a fresh node has. */
export const NO_ROWS: RowGroup = { kind: 'group', operator: 'and', rows: [] };

/** How a node holds its condition. */
export interface Written {
  readonly mode: 'rows' | 'text';
  readonly rows?: RowGroup | undefined;
  readonly text?: string | undefined;
}

/** Conditions that were read lately, by the object that holds them: the parameters of a node are read once and asked for with every item. */
const known = new WeakMap<Written, Outcome<Condition>>();

/** The condition of a node, by its table or its text. Denies INVALID_PARAMETER with the row or the column. */
export function conditionOf(written: Written): Outcome<Condition> {
  const read = known.get(written) ?? readWritten(written);
  known.set(written, read);
  return read;
}

function readWritten({ mode, rows, text }: Written): Outcome<Condition> {
  if (mode === 'rows') return rowsToCondition(rows ?? NO_ROWS, CONDITION_VOCABULARY);
  const read = readCondition(text ?? '', CONDITION_VOCABULARY);
  if (read.ok) return ok(read.value);
  const { column, message, remedy } = read.problem;
  return deny('INVALID_PARAMETER', `Column ${column}: ${message}`, { field: 'text', ...(remedy === undefined ? {} : { remedy }) });
}

const Values = z.looseObject({ mode: z.enum(['rows', 'text']).catch('rows'), text: z.string().catch(''), rows: z.unknown().optional() });

/** What half-typed values mean: the canonical text, what it looks at, and the same condition in the other way of writing it. */
export function meaningOfCondition(raw: Readonly<Record<string, unknown>>): Meaning {
  const { mode, text, rows } = Values.parse(raw);
  if (mode === 'text' && text.trim() === '') return { ok: true, lines: [] };
  const table = mode === 'rows' ? readRows(rows ?? NO_ROWS) : ok(NO_ROWS);
  if (!table.ok) return table;
  if (mode === 'rows' && table.value.rows.length === 0) return { ok: true, lines: [] };
  const read = conditionOf({ mode, text, rows: table.value });
  if (read.ok) return { ok: true, lines: [formatCondition(read.value), `Looks at ${plan(read.value).map((lookup) => lookup.text).join(', ') || 'numbers only'}.`], values: { text: formatCondition(read.value), rows: conditionToRows(read.value) } };
  const problem = mode === 'text' ? readCondition(text, CONDITION_VOCABULARY) : undefined;
  return problem?.ok === false ? { ...read, at: { text, column: problem.problem.column } } : read;
}
