import fc from 'fast-check';
import { copyOf } from './deliver';

test('a copy says the same, and nothing that is changed in it reaches the item', () => {
  fc.assert(fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
    const item = { signal: { id: 's' }, list: [{ value }] };
    const before = JSON.stringify(item);
    const copy = copyOf(item) as typeof item;
    expect(JSON.stringify(copy)).toBe(before);
    copy.signal.id = 'changed';
    copy.list.push({ value: null });
    expect(JSON.stringify(item)).toBe(before);
  }));
});

test('a name that reaches prototypes stays a plain member', () => {
  const item: unknown = JSON.parse('{"__proto__": {"action": "BUY"}}');
  const copy = copyOf(item);
  expect([Object.keys(copy as object), (copy as { action?: string }).action]).toEqual([['__proto__'], undefined]);
});
