import type { RowOperator } from '../../domain/condition';

/** How operators read in a table; the signs stand for themselves. */
const OPERATORS: Readonly<Record<RowOperator, string>> = {
  '<': '<', '<=': '≤', '>': '>', '>=': '≥', '=': '=', '!=': '≠', 'crosses above': 'crosses above', 'crosses below': 'crosses below', crosses: 'crosses',
  between: 'between', 'is rising': 'is rising', 'is falling': 'is falling', 'is true': 'is true',
};

/** Words of the table of a condition, for the message catalogue. */
export const LANGUAGE_TEXTS = {
  combine: 'How the rows combine',
  all: 'all of these hold', any: 'any of these holds', notAll: 'not all of these hold', none: 'none of these holds',
  left: 'ema(9)', operator: 'Operator', right: 'ema(21)', upper: 'and', candles: 'candles',
  addCondition: 'condition', addGroup: 'group',
  operators: OPERATORS,
};
