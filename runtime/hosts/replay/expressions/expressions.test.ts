import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { createFlowState } from '../graph';
import { compileExpression } from './evaluate';
import { parseExpression } from './parse';
import { parseTemplate } from './template';

const scope = { carried: { data: { price: 10, name: 'SBIN', nested: { a: 1 } }, trail: { node: 'Later', data: { price: 10 }, before: { node: 'Earlier', data: { price: 5 }, before: undefined } } }, state: createFlowState() };

function value(saved: string): unknown {
  const parsed = parseTemplate(saved);
  if (!parsed.ok) throw new Error(parsed.denial.message);
  const result = compileExpression(parsed.value)(scope);
  return result.ok ? result.value : result.denial.code;
}

test.each<[string, number, RegExp]>([
  ['={{ $now.hour }}', 5, /\$now.*/], ['={{ new Date() }}', 5, /"new"/], ['={{ $json.a; }}', 12, /";"/], ['={{ $json.list.map(1) }}', 16, /\.map\(\)/], ['=Hi {{ $env.HOME }}', 8, /"\$env"/],
  ['={{ $(\'A\').first().json }}', 12, /\.first/], ['={{ (1 + 2 }}', 12, /ends here/], ['={{ `text` }}', 5, /"`"/], ['={{ process.exit() }}', 5, /"process"/], ['={{ -2 ** 2 }}', 8, /a sign before/], ['={{ }}', 5, /ends here/],
])('%s is refused at column %i', (saved, column, message) => {
  const parsed = parseTemplate(saved);
  expect(parsed).toMatchObject({ ok: false, denial: { code: 'NOT_SUPPORTED', message: expect.stringMatching(message) as string, remedy: expect.any(String) as string } });
  expect(!parsed.ok && parsed.denial.message).toMatch(new RegExp(`^Column ${column}:`));
});

test('an item is looked up on the way that this one came', () => {
  expect(value('={{ $json.price - $(\'Earlier\').item.json.price }}')).toBe(5);
  expect(value('={{ $(\'Nowhere\').item.json.price }}')).toBe('NOT_FOUND');
});

test('nothing is read from a prototype', () => {
  for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) expect(value(`={{ $json.${name} }}`)).toBeUndefined();
  expect(value('={{ $json.name["constructor"] }}')).toBeUndefined();
});

test('a calculation with an object is refused, not guessed', () => {
  expect(value('={{ $json.nested + 1 }}')).toBe('NOT_SUPPORTED');
});

test('arithmetic and logic come out as JavaScript has them', () => {
  const leaf = fc.oneof(fc.integer({ min: -50, max: 50 }).map((number) => `(${number})`), fc.constantFrom('true', 'false', 'null', '"7"', '"x"', '1.5'));
  const { tree } = fc.letrec<{ tree: string }>((tie) => ({
    tree: fc.oneof({ maxDepth: 4 }, leaf, fc.tuple(fc.constantFrom('+', '-', '*', '/', '%', '<', '<=', '>', '>=', '==', '!=', '===', '!==', '&&', '||'), tie('tree'), tie('tree')).map(([operator, left, right]) => `(${left} ${operator} ${right})`), fc.tuple(tie('tree'), tie('tree'), tie('tree')).map(([test, yes, no]) => `(${test} ? ${yes} : ${no})`)),
  }));
  fc.assert(fc.property(tree, (code) => {
    const parsed = parseExpression(code);
    if (!parsed.ok) throw new Error(parsed.denial.message);
    const ours = compileExpression(parsed.value)(scope);
    expect(ours.ok && ours.value).toEqual(judged(code));
  }), { numRuns: 300 });
});

/** What JavaScript makes of it. */
function judged(code: string): unknown {
  return runInNewContext(code);
}
