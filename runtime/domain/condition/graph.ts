import { z } from 'zod';
import { deny, ok, type Outcome } from '../denial';
import type { Condition } from './ast';
import { conditionToRows } from './conditionToRows';
import { graphOperator } from './graphOperator';
import { LIMITS } from './limits';
import { isBounded, type ConditionRow, type RowGroup } from './rows';
import { rowsToCondition } from './rowsToCondition';
import type { Vocabulary } from './vocabulary';

/**
 * One side of a graph's condition. `name` of an indicator, price or field: a name that the graph defines, or text of the condition language.
 * `offset` counts candles back.
 */
export const GraphOperand = z.union([
  z.object({ type: z.literal('constant'), value: z.union([z.number(), z.string().max(100)]) }),
  z.object({ type: z.enum(['indicator', 'price', 'candle', 'field', 'expression']), name: z.string().min(1).max(LIMITS.length), offset: z.number().int().min(0).max(LIMITS.offset).optional() }),
]);
export type GraphOperand = z.infer<typeof GraphOperand>;

/** `lhs operator rhs`. A `between` has two operands on the right, a trend its `candles`, `is true` nothing. */
export const GraphComparison = z.object({
  id: z.string().max(100).optional(),
  lhs: GraphOperand,
  operator: z.string().max(40),
  rhs: z.union([GraphOperand, z.tuple([GraphOperand, GraphOperand])]).optional(),
  candles: z.number().int().min(1).max(LIMITS.trend).optional(),
});
export type GraphComparison = z.infer<typeof GraphComparison>;

/** Conditions that hold together. `not` stands over one condition, or over all of several. */
export interface GraphGroup {
  readonly type: 'group';
  readonly id?: string | undefined;
  readonly operator: 'and' | 'or' | 'not';
  readonly conditions: readonly (GraphComparison | GraphGroup)[];
}

export const GraphGroup: z.ZodType<GraphGroup> = z.object({
  type: z.literal('group'),
  id: z.string().max(100).optional(),
  operator: z.preprocess((raw) => (typeof raw === 'string' ? raw.toLowerCase() : raw), z.enum(['and', 'or', 'not'])),
  get conditions() {
    return z.array(z.union([GraphGroup, GraphComparison])).max(LIMITS.nodes);
  },
});

const GraphCondition = z.union([GraphGroup, GraphComparison]);

export interface GraphReading {
  readonly vocabulary: Vocabulary;
  /** The graph's own indicators as text: `{ rsi_14: 'rsi(14)' }`. `rsi_14.x` is then output x of it. */
  readonly indicators?: Readonly<Record<string, string>>;
  /** The parameter that a denial names. */
  readonly field?: string;
}

/** The condition of a strategy graph's `conditions`. Denies INVALID_PARAMETER with the id of the condition and the side that is wrong. */
export function graphToCondition(raw: unknown, { vocabulary, indicators = {}, field = 'conditions' }: GraphReading): Outcome<Condition> {
  if (!isBounded(raw)) return deny('INVALID_PARAMETER', 'The conditions are larger than a condition can be.', { field });
  const parsed = GraphCondition.safeParse(raw);
  if (!parsed.success) return deny('INVALID_PARAMETER', `The conditions are not readable: ${z.prettifyError(parsed.error)}`, { field });
  const root: GraphGroup = 'lhs' in parsed.data ? { type: 'group', operator: 'and', conditions: [parsed.data] } : parsed.data;
  const rows = toRows(root, indicators, field);
  return rows.ok ? rowsToCondition(rows.value, vocabulary, field) : rows;
}

/** The graph form of a condition; `graphToCondition` gives the same condition again. Names are text of the condition language. */
export function conditionToGraph(condition: Condition): GraphGroup {
  return groupOf(conditionToRows(condition));
}

function toRows(group: GraphGroup, indicators: Readonly<Record<string, string>>, field: string): Outcome<RowGroup> {
  const rows: (ConditionRow | RowGroup)[] = [];
  for (const each of group.conditions) {
    const row = 'lhs' in each ? toRow(each, indicators, field) : toRows(each, indicators, field);
    if (!row.ok) return row;
    rows.push(row.value);
  }
  return ok(group.operator === 'not' ? { kind: 'group', operator: 'and', not: true, rows } : { kind: 'group', operator: group.operator, rows });
}

function toRow({ id, lhs, operator: raw, rhs, candles }: GraphComparison, indicators: Readonly<Record<string, string>>, field: string): Outcome<ConditionRow> {
  const operator = graphOperator(raw);
  if (operator === undefined) return deny('INVALID_PARAMETER', `${id === undefined ? 'A condition' : `Condition ${id}`} has the unknown operator "${raw}".`, { field, remedy: 'Known are <, <=, >, >=, =, !=, crosses_above, crosses_below, crosses, between, is_rising, is_falling, is_true.' });
  const [low, high] = Array.isArray(rhs) ? rhs : [rhs];
  const text = (operand: GraphOperand): string | number => (operand.type === 'constant' ? operand.value : resolve(operand.name, indicators));
  return ok({
    kind: 'row', ...(id === undefined ? {} : { id }), left: text(lhs), leftOffset: offsetOf(lhs), operator,
    ...(low === undefined ? {} : { right: text(low), rightOffset: offsetOf(low) }), ...(high === undefined ? {} : { upper: text(high), upperOffset: offsetOf(high) }),
    ...(candles === undefined ? {} : { candles }),
  });
}

function offsetOf(operand: GraphOperand): number {
  return operand.type === 'constant' ? 0 : operand.offset ?? 0;
}

/** A name of the graph, with an output behind it or not; any other name is text of the language already. */
function resolve(name: string, indicators: Readonly<Record<string, string>>): string {
  const known = (each: string): string | undefined => (Object.hasOwn(indicators, each) ? indicators[each] : undefined);
  const dot = name.lastIndexOf('.');
  const base = dot === -1 ? undefined : known(name.slice(0, dot));
  return known(name) ?? (base === undefined ? name : `${base}${name.slice(dot)}`);
}

function groupOf({ operator, not, rows }: RowGroup): GraphGroup {
  const conditions = rows.map((row) => (row.kind === 'group' ? groupOf(row) : comparisonOf(row)));
  if (not !== true) return { type: 'group', operator, conditions };
  // An or under a not needs a group of its own: a graph's not joins by and.
  return { type: 'group', operator: 'not', conditions: operator === 'or' && conditions.length > 1 ? [{ type: 'group', operator, conditions }] : conditions };
}

function comparisonOf(row: ConditionRow): GraphComparison {
  const right = row.right === undefined ? undefined : operandOf(row.right, row.rightOffset);
  const upper = row.upper === undefined ? undefined : operandOf(row.upper, row.upperOffset);
  return {
    lhs: operandOf(row.left, row.leftOffset), operator: row.operator.replaceAll(' ', '_'),
    ...(right === undefined ? {} : { rhs: upper === undefined ? right : [right, upper] }), ...(row.candles === undefined ? {} : { candles: row.candles }),
  };
}

function operandOf(content: string | number, offset = 0): GraphOperand {
  const value = Number(content);
  return String(value) === String(content) && Number.isFinite(value) ? { type: 'constant', value } : { type: 'indicator', name: String(content), offset };
}
