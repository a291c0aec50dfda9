import { NodeHelpers, type INode, type INodeParameters, type INodeProperties } from 'n8n-workflow';
import { z } from 'zod';
import { describeControls } from '../controls';
import { field } from '../field';
import { projectProperties } from './properties';
import { flatten } from './sections';

const Every = z.object({
  symbol: z.string().register(field, { label: 'Symbol', help: 'What to trade.', placeholder: 'SBIN' }),
  action: z.enum(['BUY', 'SELL']).optional().register(field, { label: 'Action', options: { BUY: 'Buy' } }),
  mode: z.enum(['single', 'basket']).default('single').register(field, { label: 'Mode' }),
  quantity: z.int().positive().max(1800).optional().register(field, { label: 'Quantity', unit: 'units', section: 'Sizing' }),
  percent: z.number().positive().max(100).optional().register(field, { label: 'Percent', section: 'Sizing' }),
  isLimit: z.boolean().default(false).register(field, { label: 'Limit', help: 'Whether to use a limit.', showWhen: { mode: ['single'] } }),
  price: z.number().optional().register(field, { label: 'Price', showWhen: { isLimit: [true] } }),
  free: z.number().optional().register(field, { label: 'Free', showWhen: { isLimit: [false] } }),
  days: z.array(z.enum(['mon', 'tue'])).default(['mon']).register(field, { label: 'Days' }),
  legs: z.array(z.object({ leg: z.string().register(field, { label: 'Leg' }) })).default([]).register(field, { label: 'Legs', showWhen: { mode: ['basket'] } }),
  session: z.object({ from: z.string().optional().register(field, { label: 'From' }) }).optional().register(field, { label: 'Session' }),
  token: z.string().optional().register(field, { label: 'Token', control: 'secret', section: 'Options' }),
  note: z.string().optional().register(field, { label: 'Note', control: 'code', section: 'Options', showWhen: { mode: ['basket'] } }),
  nodeKey: z.string().optional().register(field, { label: 'Node Key', technical: true }),
});
const controls = describeControls(Every);

function named(name: string, properties: readonly INodeProperties[] = projectProperties(controls)): INodeProperties {
  const found = properties.find((property) => property.name === name);
  if (found === undefined) throw new Error(`no property ${name}`);
  return found;
}

const NODE: INode = { id: '1', name: 'n', type: 't', typeVersion: 1, position: [0, 0], parameters: {} };

/** What n8n keeps of these values: it drops every field that its own rules hide. */
function shownBy(values: INodeParameters): string[] {
  return Object.keys(NodeHelpers.getNodeParameters(projectProperties(controls), values, true, false, NODE, null) ?? {});
}

describe('projection to n8n', () => {
  test.each([
    ['symbol', { type: 'string', default: '', required: true, description: 'What to trade', placeholder: 'e.g. SBIN' }],
    ['mode', { type: 'options', default: 'single', noDataExpression: true }],
    ['isLimit', { type: 'boolean', default: false, displayOptions: { show: { mode: ['single'] } } }],
    ['days', { type: 'multiOptions', default: ['mon'] }],
    ['legs', { type: 'fixedCollection', default: {}, typeOptions: { multipleValues: true, sortable: true } }],
    ['session', { type: 'collection', default: {} }],
    ['nodeKey', { type: 'hidden', default: '' }],
    ['sizing', { displayName: 'Sizing', type: 'collection', default: {}, placeholder: 'Add sizing' }],
    ['options', { displayName: 'Options', type: 'collection', placeholder: 'Add option' }],
  ])('%s becomes its control', (name, expected) => {
    expect(named(name)).toMatchObject(expected);
  });

  test('an optional choice can be left to the item', () => {
    expect(named('action')).toMatchObject({ default: '', options: [{ name: 'From the Item', value: '' }, { name: 'Buy', value: 'BUY' }, { name: 'SELL', value: 'SELL' }] });
  });

  test('integers have limits, no decimals and their unit in the label', () => {
    const quantity = named('quantity', (named('sizing').options ?? []).filter((option): option is INodeProperties => 'type' in option));
    expect(quantity).toMatchObject({ displayName: 'Quantity (units)', type: 'number', default: '', typeOptions: { maxValue: 1800, numberPrecision: 0 } });
  });

  test('two projections share no object, because n8n writes into them', () => {
    const [first, second] = [projectProperties(controls), projectProperties(controls)];
    named('options', first).options?.splice(0);
    named('mode', first).displayName = 'changed';
    expect(second).toEqual(projectProperties(controls));
  });

  test.each([
    ['a fresh node', {}, ['isLimit', 'free'], ['price', 'legs']],
    ['a limit', { isLimit: true }, ['price'], ['free', 'legs']],
    ['a basket, where the switch itself is hidden and counts with its default', { mode: 'basket' }, ['legs', 'free'], ['isLimit', 'price']],
  ])('n8n shows the fields that we parse for %s', (_case, values, shown, hidden) => {
    const names = shownBy(values);
    expect(names).toEqual(expect.arrayContaining(shown));
    expect(names.filter((name) => hidden.includes(name))).toEqual([]);
  });

  test('a field in a collection asks the root for a value there', () => {
    expect(named('options').options?.[1]).toMatchObject({ name: 'note', displayOptions: { show: { '/mode': ['basket'] } } });
  });

  test('what n8n saves is read back flat', () => {
    const saved: Record<string, unknown> = { symbol: 'SBIN', sizing: { quantity: 5 }, legs: { values: [{ leg: 'a' }] }, session: { from: '09:15' }, options: { token: 't' }, nodeKey: 'k' };
    expect(flatten(controls, (name) => saved[name] ?? null)).toMatchObject({ symbol: 'SBIN', quantity: 5, legs: [{ leg: 'a' }], session: { from: '09:15' }, token: 't', nodeKey: 'k', action: null });
  });
});
