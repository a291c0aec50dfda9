import type { Comparison, Condition, CrossDirection, Value } from './ast';
import { formatReading, formatValue } from './format';
import type { ConditionRow, RowGroup, RowOperator } from './rows';

/** The table of rows for a condition. The outermost is always a group; `rowsToCondition` gives the same condition again. */
export function conditionToRows(condition: Condition): RowGroup {
  switch (condition.kind) {
    case 'group': return { kind: 'group', operator: condition.operator, rows: condition.conditions.map(rowOrGroup) };
    case 'not': {
      const { condition: inner } = condition;
      if (inner.kind === 'group') return { ...conditionToRows(inner), not: true };
      return { kind: 'group', operator: 'and', not: true, rows: [rowOrGroup(inner)] };
    }
    case 'compare': case 'cross': case 'between': case 'trend': case 'holds': return { kind: 'group', operator: 'and', rows: [toRow(condition)] };
  }
}

function rowOrGroup(condition: Condition): ConditionRow | RowGroup {
  return condition.kind === 'group' || condition.kind === 'not' ? conditionToRows(condition) : toRow(condition);
}

const CROSSES: Readonly<Record<CrossDirection, RowOperator>> = { above: 'crosses above', below: 'crosses below', either: 'crosses' };

function toRow(comparison: Comparison): ConditionRow {
  switch (comparison.kind) {
    case 'compare': return { kind: 'row', ...left(comparison.left), operator: comparison.operator, ...right(comparison.right) };
    case 'cross': return { kind: 'row', ...left(comparison.left), operator: CROSSES[comparison.direction], ...right(comparison.right) };
    case 'between': return { kind: 'row', ...left(comparison.value), operator: 'between', ...right(comparison.low), ...upper(comparison.high) };
    case 'trend': return { kind: 'row', ...left(comparison.value), operator: comparison.direction === 'rising' ? 'is rising' : 'is falling', candles: comparison.candles };
    case 'holds': return { kind: 'row', ...left(comparison.reading), operator: 'is true' };
  }
}

/** Text without its offset, and the offset; the offset of anything but a single reading stays inside the text. */
function cell(value: Value): { readonly text: string; readonly offset: number } {
  return value.kind === 'reading' ? { text: formatReading({ ...value, offset: 0 }), offset: value.offset } : { text: formatValue(value), offset: 0 };
}

function left(value: Value): Pick<ConditionRow, 'left' | 'leftOffset'> {
  const { text, offset } = cell(value);
  return { left: text, ...(offset === 0 ? {} : { leftOffset: offset }) };
}

function right(value: Value): Pick<ConditionRow, 'right' | 'rightOffset'> {
  const { text, offset } = cell(value);
  return { right: text, ...(offset === 0 ? {} : { rightOffset: offset }) };
}

function upper(value: Value): Pick<ConditionRow, 'upper' | 'upperOffset'> {
  const { text, offset } = cell(value);
  return { upper: text, ...(offset === 0 ? {} : { upperOffset: offset }) };
}
