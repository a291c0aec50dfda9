import { z } from 'zod';
import { deny, ok, type Outcome } from '../denial';
import { COMPARE_OPERATORS } from './ast';
import { LIMITS } from './limits';

/** What stands in the middle column. `between` uses `upper`, `is rising` and `is falling` use `candles`, `is true` uses the left side alone. */
export const ROW_OPERATORS = [...COMPARE_OPERATORS, 'crosses above', 'crosses below', 'crosses', 'between', 'is rising', 'is falling', 'is true'] as const;
export type RowOperator = (typeof ROW_OPERATORS)[number];

/** Text of one value in the condition language; a bare number is one too. */
const Cell = z.union([z.string().max(LIMITS.length), z.number()]);
const Offset = z.number().int().min(0).max(LIMITS.offset).optional();

/** One line of the editor: `left operator right`. Offsets count candles back, on top of any `[n]` in the cell. */
export const ConditionRow = z.object({
  kind: z.literal('row'),
  /** What messages call the row; its place in the table otherwise. */
  id: z.string().max(100).optional(),
  left: Cell,
  leftOffset: Offset,
  operator: z.enum(ROW_OPERATORS),
  right: Cell.optional(),
  rightOffset: Offset,
  upper: Cell.optional(),
  upperOffset: Offset,
  candles: z.number().int().min(1).max(LIMITS.trend).optional(),
});
export type ConditionRow = z.infer<typeof ConditionRow>;

/** Rows that hold together: all of them (`and`) or one of them (`or`); `not` turns the whole group round. */
export interface RowGroup {
  readonly kind: 'group';
  readonly operator: 'and' | 'or';
  readonly not?: boolean | undefined;
  readonly rows: readonly (ConditionRow | RowGroup)[];
}

export const RowGroup: z.ZodType<RowGroup> = z.object({
  kind: z.literal('group'),
  operator: z.enum(['and', 'or']),
  not: z.boolean().optional(),
  get rows() {
    return z.array(z.union([ConditionRow, RowGroup])).max(LIMITS.nodes);
  },
});

/** Reads rows that come from outside. Denies INVALID_PARAMETER with the place of the first thing that is wrong. */
export function readRows(raw: unknown, field = 'rows'): Outcome<RowGroup> {
  if (!isBounded(raw)) return deny('INVALID_PARAMETER', `The table is larger than a condition can be: at most ${LIMITS.nodes} parts in ${LIMITS.depth} levels.`, { field });
  const parsed = RowGroup.safeParse(raw);
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  return deny('INVALID_PARAMETER', `${['The table', ...(issue?.path ?? []).map(String)].join('.')}: ${issue?.message ?? 'is not readable'}`, { field });
}

/** A row has at most ten members, and a group two levels of JSON. */
const MAX_MEMBERS = LIMITS.nodes * 12;
const MAX_LEVELS = LIMITS.depth * 2 + 2;

/** Whether JSON from outside is small enough to be walked recursively. Iterative itself; stops at the limit. */
export function isBounded(raw: unknown): boolean {
  const open: { readonly value: unknown; readonly level: number }[] = [{ value: raw, level: 1 }];
  let members = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next.value !== 'object' || next.value === null) continue;
    if (next.level > MAX_LEVELS) return false;
    for (const value of Object.values(next.value) as unknown[]) {
      members += 1;
      if (members > MAX_MEMBERS) return false;
      open.push({ value, level: next.level + 1 });
    }
  }
  return true;
}
