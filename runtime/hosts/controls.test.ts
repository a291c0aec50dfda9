import { z } from 'zod';
import { describeControls } from './controls';
import { field, shownWhen } from './field';

function named(schema: z.ZodType): z.ZodType {
  field.add(schema, { label: 'Name' });
  return schema;
}
const controlOf = (schema: z.ZodType) => describeControls(z.object({ it: schema }))[0];

describe('the schema says what kind of control it is', () => {
  test.each<[string, z.ZodType, object]>([
    ['text', named(z.string()), { kind: 'text', required: true }],
    ['a number with its range', named(z.number().positive().max(100)), { kind: 'number', minimum: 0, maximum: 100 }],
    ['a whole number', named(z.int().min(1)), { kind: 'integer', minimum: 1 }],
    ['a toggle that is on', named(z.boolean().default(true)), { kind: 'toggle', default: true, required: false }],
    ['a toggle that is off', named(z.boolean().default(false)), { kind: 'toggle', default: false }],
    ['a choice in its order', named(z.enum(['b', 'a']).default('a')), { kind: 'choice', default: 'a', options: [{ value: 'b', label: 'b' }, { value: 'a', label: 'a' }] }],
    ['several choices', named(z.array(z.enum(['a', 'b'])).default([])), { kind: 'choices', default: [], options: [{ value: 'a' }, { value: 'b' }] }],
    ['rows of fields', named(z.array(z.object({ x: named(z.string()) }))), { kind: 'rows', fields: [{ name: 'x', kind: 'text' }] }],
    ['a group of fields', named(z.object({ x: named(z.number().optional()) })), { kind: 'group', fields: [{ name: 'x', kind: 'number', required: false }] }],
    ['optional under a default', named(z.string().optional().default('x')), { kind: 'text', default: 'x', required: false }],
  ])('%s', (_name, schema, control) => {
    expect(controlOf(schema)).toMatchObject({ name: 'it', ...control });
  });

  test('a whole number without bounds shows none', () => {
    expect(controlOf(named(z.int()))).not.toHaveProperty('minimum');
    expect(controlOf(named(z.int()))).not.toHaveProperty('maximum');
  });

  test('an absent default is absent', () => {
    expect(controlOf(named(z.string().optional()))).not.toHaveProperty('default');
  });
});

test('a field\'s words come along, and a named control overrides the inferred one', () => {
  const schema = z.string().register(field, { label: 'Key', help: 'Help.', placeholder: 'abc', unit: '%', section: 'Options', control: 'secret', technical: true, showWhen: { mode: ['x'] } });
  expect(controlOf(schema)).toMatchObject({ label: 'Key', help: 'Help.', placeholder: 'abc', unit: '%', section: 'Options', kind: 'secret', technical: true, showWhen: { mode: ['x'] } });
  expect(controlOf(z.enum(['a', 'b']).register(field, { label: 'X', options: { a: 'Alpha' } }))).toMatchObject({ options: [{ label: 'Alpha' }, { label: 'b' }] });
});

test.each<[string, z.ZodType, RegExp]>([
  ['a field without words', z.string(), /it has no field info/],
  ['a date', named(z.date()), /it is outside the closed set/],
  ['a list of texts', named(z.array(z.string())), /it: a list holds rows or choices/],
  ['a row field without words', named(z.array(z.object({ x: z.string() }))), /x has no field info/],
])('%s is a bug of its definition, named', (_name, schema, message) => {
  expect(() => describeControls(z.object({ it: schema }))).toThrow(message);
});

test('a condition that is given to fields leaves the originals as they are', () => {
  const shared = { symbol: z.string().register(field, { label: 'Symbol', help: 'Help.' }) };
  const shown = shownWhen(shared, { mode: ['single'] });
  expect(controlOf(shown.symbol)).toMatchObject({ label: 'Symbol', help: 'Help.', showWhen: { mode: ['single'] } });
  expect(controlOf(shared.symbol)).not.toHaveProperty('showWhen');
  expect(() => shownWhen({ bare: z.string() }, {})).toThrow('bare');
});
