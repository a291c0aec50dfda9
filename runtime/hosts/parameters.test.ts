import fc from 'fast-check';
import { z } from 'zod';
import { field } from './field';
import { readParameters } from './parameters';

const Schema = z.object({
  mode: z.enum(['plain', 'rich']).default('plain').register(field, { label: 'Mode' }),
  count: z.int().positive().default(3).register(field, { label: 'How Many' }),
  price: z.number().optional().register(field, { label: 'Price', showWhen: { mode: ['rich'] } }),
  on: z.boolean().default(true).register(field, { label: 'On' }),
  hint: z.string().optional().register(field, { label: 'Hint', showWhen: { mode: ['plain'] } }),
  detail: z.string().optional().register(field, { label: 'Detail', showWhen: { on: [false] } }),
  rows: z.array(z.object({
    kind: z.enum(['a', 'b']).default('a').register(field, { label: 'Kind' }),
    size: z.number().register(field, { label: 'Size' }),
    extra: z.number().optional().register(field, { label: 'Extra', showWhen: { kind: ['b'] } }),
  })).default([]).register(field, { label: 'Rows' }),
  group: z.object({ depth: z.int().optional().register(field, { label: 'Depth' }) }).optional().register(field, { label: 'Group' }),
});

const read = (raw: Record<string, unknown>, numbersAsText = true) => readParameters(Schema, raw, { numbersAsText });
const DEFAULTS = { mode: 'plain', count: 3, on: true, rows: [] };

test.each<[string, Record<string, unknown>]>([['nothing', {}], ['empty fields', { mode: '', count: '', price: null, rows: undefined }], ['unknown keys', { id: 'x', wires: [], ['__proto__']: { count: 9 } }]])('%s gives the defaults', (_name, raw) => {
  expect(read(raw)).toEqual({ ok: true, value: DEFAULTS });
});

describe('numbers', () => {
  test.each<[unknown, number]>([['5', 5], [' 5 ', 5], ['+5', 5], ['5.0', 5], [5, 5]])('%p is read where forms hold text', (count, value) => {
    expect(read({ count })).toMatchObject({ ok: true, value: { count: value } });
  });

  test.each<unknown>(['five', '5x', '0x5', '1e3', 'Infinity', 'NaN', '5,000', '--5', '.', [5], {}, true, '0', '-1', '2.5'])('%p is refused by the field\'s name and label', (count) => {
    expect(read({ count })).toMatchObject({ ok: false, denial: { code: 'INVALID_PARAMETER', field: 'count', message: expect.stringContaining('How Many') as string, remedy: expect.stringContaining('How Many') as string } });
  });

  test('text stays text where forms do not hold numbers as text', () => {
    expect(read({ count: '5' }, false)).toMatchObject({ ok: false, denial: { field: 'count' } });
    expect(read({ count: 5 }, false)).toMatchObject({ ok: true, value: { count: 5 } });
  });

  test('every decimal that a form may hold is read as the number it is', () => {
    fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }), (price) => {
      const text = price.toFixed(6);
      expect(read({ mode: 'rich', price: text })).toMatchObject({ ok: true, value: { price: Number(text) } });
    }));
  });
});

describe('what is hidden does not matter', () => {
  test('a hidden value is dropped, even a bad one', () => {
    expect(read({ price: 'nonsense' })).toEqual({ ok: true, value: DEFAULTS });
    expect(read({ mode: 'rich', price: 'nonsense' })).toMatchObject({ ok: false, denial: { field: 'price' } });
  });

  test('a condition on a field that is not saved looks at its default', () => {
    expect(read({ detail: 'x' })).toEqual({ ok: true, value: DEFAULTS });
    expect(read({ hint: 'x' })).toEqual({ ok: true, value: { ...DEFAULTS, hint: 'x' } });
    expect(read({ mode: 'rich', hint: 'x' })).toEqual({ ok: true, value: { ...DEFAULTS, mode: 'rich' } });
    expect(read({ on: false, detail: 'x' })).toMatchObject({ value: { detail: 'x' } });
  });

  test('rows decide for themselves', () => {
    expect(read({ rows: [{ size: '1', extra: '2' }, { kind: 'b', size: '1', extra: '2' }] })).toMatchObject({ value: { rows: [{ kind: 'a', size: 1 }, { kind: 'b', size: 1, extra: 2 }] } });
    expect(read({ rows: [{ size: '1', extra: 'bad' }] })).toMatchObject({ ok: true });
  });
});

test('a bad value inside rows or a group names the field of the form', () => {
  expect(read({ rows: [{ size: '1' }, { size: 'x' }] })).toMatchObject({ ok: false, denial: { field: 'rows', message: expect.stringContaining('Rows') as string } });
  expect(read({ rows: 'none' })).toMatchObject({ ok: false, denial: { field: 'rows' } });
  expect(read({ group: { depth: '1.5' } })).toMatchObject({ ok: false, denial: { field: 'group' } });
  expect(read({ group: { depth: '2', other: 1 } })).toMatchObject({ value: { group: { depth: 2 } } });
});

test('nothing a file may hold makes the reader throw', () => {
  fc.assert(fc.property(fc.dictionary(fc.constantFrom('mode', 'count', 'price', 'on', 'detail', 'rows', 'group', '__proto__'), fc.anything()), fc.boolean(), (raw, asText) => {
    const result = read(raw, asText);
    expect(result.ok || result.denial.code === 'INVALID_PARAMETER').toBe(true);
  }), { numRuns: 500 });
});
