import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readCondition, readValue } from '../../runtime/domain/condition';
import { demandsOf, planOfValue, VOCABULARY } from '../../runtime/domain/series';
import { indicatorTable, patternTable } from './indicatorTable';

const GUIDE = path.join(__dirname, '../../docs/guide');
const PAGE = path.join(GUIDE, 'indicators.md');
const TABLES = { indicators: indicatorTable, patterns: patternTable };

/** The page with the tables between their marks made afresh. */
function withTables(page: string): string {
  return Object.entries(TABLES).reduce((text, [name, table]) => {
    const [begin, end] = [`<!-- ${name}: made from the definitions -->`, `<!-- end of ${name} -->`];
    const [before = '', rest = ''] = text.split(begin);
    const after = rest.split(end)[1];
    if (after === undefined) throw new Error(`indicators.md has no marks for ${name}`);
    return `${before}${begin}\n${table()}\n${end}${after}`;
  }, page);
}

test('the guide\'s tables are those of the definitions (WRITE_GUIDE=1 writes them)', () => {
  const page = readFileSync(PAGE, 'utf8');
  if (process.env['WRITE_GUIDE'] === '1') writeFileSync(PAGE, withTables(page));
  expect(readFileSync(PAGE, 'utf8')).toBe(withTables(page));
});

/** Everything in a block marked `condition` or `value`, one a line. */
function examples(kind: 'condition' | 'value'): readonly string[] {
  return ['indicators.md', 'conditions.md'].flatMap((file) => [...readFileSync(path.join(GUIDE, file), 'utf8').matchAll(new RegExp(`\`\`\`${kind}\\n([\\s\\S]*?)\`\`\``, 'g'))])
    .flatMap(([, block = '']) => block.trim().split('\n'));
}

test.each(examples('condition'))('the example "%s" is a condition', (text) => {
  expect(readCondition(text, VOCABULARY)).toMatchObject({ ok: true });
});

test.each(examples('value'))('the example %s is a value that can be computed', (text) => {
  const read = readValue(text, VOCABULARY);
  if (!read.ok) throw new Error(read.problem.message);
  expect(demandsOf(planOfValue(read.value), '5m', 'talib').own.history).toBeGreaterThan(0);
});

test('both guides have examples', () => {
  expect(examples('condition').length).toBeGreaterThan(15);
  expect(examples('value').length).toBeGreaterThan(10);
});
