import { ROW_OPERATORS, type RowOperator } from './rows';

/** Other spellings that graphs use, with spaces and in small letters. */
const SPELLINGS: Readonly<Record<string, RowOperator>> = {
  '==': '=', eq: '=', equals: '=', '<>': '!=', ne: '!=', 'not equals': '!=', lt: '<', 'less than': '<', lte: '<=', gt: '>', 'greater than': '>', gte: '>=',
  'cross above': 'crosses above', crossover: 'crosses above', 'cross below': 'crosses below', crossunder: 'crosses below', cross: 'crosses',
  rising: 'is rising', falling: 'is falling',
};

/** The operator of a graph's condition: `crosses_above`, `crossesAbove`, `CROSSES ABOVE` and `crosses above` are one. Undefined for an unknown one. */
export function graphOperator(raw: string): RowOperator | undefined {
  const words = raw.trim().replace(/([a-z])([A-Z])/g, '$1 $2').replace(/[_\s-]+/g, ' ').toLowerCase();
  return ROW_OPERATORS.find((operator) => operator === words) ?? (Object.hasOwn(SPELLINGS, words) ? SPELLINGS[words] : undefined);
}
