import type { INodeProperties } from 'n8n-workflow';
import { asDescription } from './asDescription';
import { ROW_OPERATORS, type RowOperator } from '../../domain/condition';
import type { Control } from '../controls';

/**
 * The table of a condition, drawn by hand: n8n's own filter control has operators of its own (no crossing, no trend) and no groups, so this is a collection
 * of conditions and groups, each group with its own "all", "any" or "none". Deeper nesting than the form offers is what the text is for.
 */

/** Groups within groups that the form offers. */
const GROUP_LEVELS = 2;

const COMBINE = [
  { name: 'All Conditions Hold', value: 'and' }, { name: 'Any Condition Holds', value: 'or' },
  { name: 'Not All Conditions Hold', value: 'notAnd' }, { name: 'No Condition Holds', value: 'notOr' },
];

const WORDS: Readonly<Record<RowOperator, string>> = {
  '<': 'Is Below', '<=': 'Is at Most', '>': 'Is Above', '>=': 'Is at Least', '=': 'Equals', '!=': 'Differs From',
  'crosses above': 'Crosses Above', 'crosses below': 'Crosses Below', crosses: 'Crosses', between: 'Is Between',
  'is rising': 'Is Rising', 'is falling': 'Is Falling', 'is true': 'Is True',
};

/** The table's two properties: how its rows combine, and the rows. Fresh objects on every call. */
export function conditionRowsProperties(control: Control): INodeProperties[] {
  return [
    { displayName: 'True When', name: combineName(control.name), type: 'options', noDataExpression: true, options: COMBINE.map((each) => ({ ...each })), default: 'and' },
    { ...table(control.name, GROUP_LEVELS), ...(control.help === undefined ? {} : { description: asDescription(control.help) }) },
  ];
}

function table(name: string, levels: number): INodeProperties {
  const conditions = { name: 'condition', displayName: 'Condition', values: rowFields() };
  const groups = { name: 'group', displayName: 'Group', values: [
    { displayName: 'True When', name: 'combine', type: 'options', noDataExpression: true, options: COMBINE.map((each) => ({ ...each })), default: 'or' },
    ...(levels === 0 ? [] : [table('members', levels - 1)]),
  ] satisfies INodeProperties[] };
  return {
    displayName: 'Conditions', name, type: 'fixedCollection', typeOptions: { multipleValues: true, sortable: true },
    placeholder: levels === 0 ? 'Add Condition' : 'Add Condition or Group', default: {}, options: levels === 0 ? [conditions] : [conditions, groups],
  };
}

const TWO_SIDED = ROW_OPERATORS.filter((operator) => !['is rising', 'is falling', 'is true'].includes(operator));

function rowFields(): INodeProperties[] {
  return [
    { displayName: 'Left', name: 'left', type: 'string', default: '', placeholder: 'e.g. ema(9)', description: 'A price, an indicator, a pattern or a field of the item' },
    { displayName: 'Operator', name: 'operator', type: 'options', noDataExpression: true, options: ROW_OPERATORS.map((value) => ({ name: WORDS[value], value })), default: '>' },
    { displayName: 'Right', name: 'right', type: 'string', default: '', placeholder: 'e.g. ema(21) or 70', description: 'What the left side is compared with', displayOptions: { show: { operator: [...TWO_SIDED] } } },
    { displayName: 'And', name: 'upper', type: 'string', default: '', placeholder: 'e.g. 70', description: 'The upper end; both ends count', displayOptions: { show: { operator: ['between'] } } },
    { displayName: 'For Candles', name: 'candles', type: 'number', default: 1, typeOptions: { minValue: 1, maxValue: 100, numberPrecision: 0 }, description: 'How many times in a row', displayOptions: { show: { operator: ['is rising', 'is falling'] } } },
  ];
}

function combineName(name: string): string {
  return `${name}Combine`;
}

/** The table as n8n saves it, as the group of rows that it means; what makes no sense is left for the schema to refuse. `read` gives a top-level value. */
export function readConditionRows(name: string, read: (name: string) => unknown): unknown {
  const saved = read(name);
  return isRecord(saved) ? group(saved, read(combineName(name)), 0) : undefined;
}

const MAX_LEVELS = 32;

function group(members: unknown, combine: unknown, level: number): unknown {
  const { condition, group: groups } = isRecord(members) ? members : {};
  const inner = level >= MAX_LEVELS ? [] : asList(groups).map((each) => group(each['members'], each['combine'], level + 1));
  const isNot = combine === 'notAnd' || combine === 'notOr';
  return { kind: 'group', operator: combine === 'or' || combine === 'notOr' ? 'or' : 'and', ...(isNot ? { not: true } : {}), rows: [...asList(condition).map(row), ...inner] };
}

/** Only what the operator looks at: a value that a person no longer sees does not count. */
function row({ left, operator = '>', right, upper, candles }: Readonly<Record<string, unknown>>): unknown {
  const base = { kind: 'row', left: left ?? '', operator };
  if (operator === 'is true') return base;
  if (operator === 'is rising' || operator === 'is falling') return { ...base, candles: candles ?? 1 };
  return { ...base, right: right ?? '', ...(operator === 'between' ? { upper: upper ?? '' } : {}) };
}

function asList(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The condition as one line, by an expression: for the subtitle, which only the editor evaluates. Groups are counted, not spelled out. */
export function conditionRowsText(name: string): string {
  const rows = `($parameter["${name}"]?.condition ?? []).map((row) => [row.left, row.operator ?? ">", row.right, row.upper].filter(Boolean).join(" "))`;
  const groups = `($parameter["${name}"]?.group ?? []).map(() => "(…)")`;
  const joint = `(($parameter["${combineName(name)}"] ?? "and").toLowerCase().includes("or") ? " or " : " and ")`;
  return `[...${rows}, ...${groups}].join(${joint})`;
}
