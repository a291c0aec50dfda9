import fc from 'fast-check';
import type { INodeProperties } from 'n8n-workflow';
import { z } from 'zod';
import { condition } from '../../../nodes/Condition/definition';
import { readRows, ROW_OPERATORS, type ConditionRow, type RowGroup } from '../../domain/condition';
import { describeControls } from '../controls';
import { conditionRowsProperties, readConditionRows } from './conditionRows';
import { describeAction } from './description';

const control = describeControls(condition.params).find(({ name }) => name === 'rows');
if (control === undefined) throw new Error('Condition has no rows.');
const properties = conditionRowsProperties(control);
const named = (list: readonly unknown[], name: string): INodeProperties => {
  const found = (list as readonly INodeProperties[]).find((each) => each.name === name);
  if (found === undefined) throw new Error(`There is no ${name}.`);
  return found;
};
const Collection = z.object({ values: z.array(z.custom<INodeProperties>()) });
const columns = (property: INodeProperties, name: string) => Collection.parse(named(property.options ?? [], name)).values;

/** Any table that n8n's form can hold: groups two levels deep. */
const row: fc.Arbitrary<ConditionRow> = fc.constantFrom(...ROW_OPERATORS).chain((operator) => fc.record({
  kind: fc.constant('row' as const), left: fc.constantFrom('close', 'ema(9)'), operator: fc.constant(operator),
  ...(['is rising', 'is falling', 'is true'].includes(operator) ? {} : { right: fc.constantFrom('70', 'vwap') }),
  ...(operator === 'between' ? { upper: fc.constant('90') } : {}),
  ...(operator === 'is rising' || operator === 'is falling' ? { candles: fc.integer({ min: 1, max: 9 }) } : {}),
}));
const group = (levels: number): fc.Arbitrary<RowGroup> => fc.record({
  kind: fc.constant('group' as const), operator: fc.constantFrom('and' as const, 'or' as const), not: fc.boolean(),
  rows: fc.tuple(fc.array(row, { maxLength: 3 }), levels === 0 ? fc.constant([]) : fc.array(group(levels - 1), { maxLength: 2 })).map(([rows, groups]) => [...rows, ...groups]),
}).map(({ not, ...rest }) => (not ? { ...rest, not } : rest));

const combineOf = ({ operator, not }: RowGroup): string => (not === true ? `not${operator === 'and' ? 'And' : 'Or'}` : operator);

/** As n8n saves what a person entered. */
function saved({ rows }: RowGroup): Record<string, unknown> {
  const conditions = rows.filter((each) => each.kind === 'row').map(({ left, operator, right = '', upper = '', candles = 1 }) => ({ left, operator, right, upper, candles }));
  const groups = rows.filter((each) => each.kind === 'group').map((each) => ({ combine: combineOf(each), members: saved(each) }));
  return { ...(conditions.length === 0 ? {} : { condition: conditions }), ...(groups.length === 0 ? {} : { group: groups }) };
}

test('whatever the form can hold is read as the table that it shows, and the schema accepts it', () => {
  fc.assert(fc.property(group(2), (table) => {
    const values: Record<string, unknown> = { rows: saved(table), rowsCombine: combineOf(table) };
    const read = readConditionRows('rows', (name) => values[name]);
    expect(read).toEqual(table);
    expect(readRows(read)).toEqual({ ok: true, value: table });
  }));
});

test('values of columns that an operator hides do not count', () => {
  const values: Record<string, unknown> = { rows: { condition: [{ left: 'close', operator: 'is true', right: 'left over', upper: 'left over', candles: 5 }, { left: 'close' }] } };
  expect(readConditionRows('rows', (name) => values[name])).toEqual({ kind: 'group', operator: 'and', rows: [{ kind: 'row', left: 'close', operator: 'is true' }, { kind: 'row', left: 'close', operator: '>', right: '' }] });
  expect(readConditionRows('rows', () => null)).toBeUndefined();
});

test('the form offers the operators of the schema, each with the columns that it uses', () => {
  const fields = columns(named(properties, 'rows'), 'condition');
  expect(named(fields, 'operator').options).toEqual(ROW_OPERATORS.map((value) => ({ name: expect.any(String) as string, value })));
  const shownFor = (name: string) => named(fields, name).displayOptions?.show?.['operator'];
  expect(shownFor('upper')).toEqual(['between']);
  expect(shownFor('candles')).toEqual(['is rising', 'is falling']);
  expect(shownFor('right')).toEqual(ROW_OPERATORS.filter((operator) => !operator.startsWith('is ')));
});

test('the empty form is the schema\'s default', () => {
  const defaults = Object.fromEntries(properties.map(({ name, default: value }) => [name, value]));
  expect(readConditionRows('rows', (name) => defaults[name])).toEqual(control.default);
});

test('both properties are shown for rows alone, and the text for text', () => {
  const shown = (name: string) => named(describeAction(condition).properties, name).displayOptions?.show;
  expect([shown('rowsCombine'), shown('rows'), shown('text')]).toEqual([{ mode: ['rows'] }, { mode: ['rows'] }, { mode: ['text'] }]);
});

test('every call gives fresh objects: n8n writes into them', () => {
  expect(conditionRowsProperties(control)[1]).not.toBe(properties[1]);
  expect(conditionRowsProperties(control)).toEqual(properties);
});
