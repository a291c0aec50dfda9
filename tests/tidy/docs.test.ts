import { existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { ACTIONS, LISTS } from '../../cli/arguments';
import { TOOLS } from '../../cli/tools';
import { filesUnder, ROOT, textOf } from './tree';

const { scripts } = z.looseObject({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(textOf('package.json')));
const pages = filesUnder().filter((file) => file.endsWith('.md'));

test.each(pages)('%s names only commands that exist', (page) => {
  const text = textOf(page);
  const run = [...text.matchAll(/\bnpm run ([\w:-]+)/g)].map(([, name = '']) => name);
  const short = [...text.matchAll(/\bnpm (start|test)\b/g)].map(([, name = '']) => name);
  expect([...run, ...short].filter((name) => !(name in scripts))).toEqual([]);
  const commands: readonly string[] = [...LISTS, ...ACTIONS, ...Object.keys(TOOLS)];
  const called = [...text.matchAll(/(?:`|^|\n|npx )bellwether ([a-z]+)/g)].map(([, name = '']) => name);
  expect(called.filter((name) => !commands.includes(name))).toEqual([]);
});

test.each(pages)('%s links only to what is there', (page) => {
  const links = [...textOf(page).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link);
  expect(links.filter((link) => !existsSync(path.join(ROOT, path.dirname(page), link)))).toEqual([]);
});

test('every script of package.json runs a file that exists', () => {
  const files = Object.values(scripts).flatMap((line) => line.split(' ').filter((word) => word.endsWith('.mjs')));
  expect(files.filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([]);
});

test('decision records are numbered, each number once', () => {
  const records = filesUnder('docs/decisions').map((file) => path.basename(file)).filter((file) => file !== 'README.md');
  const numbers = records.map((file) => /^(\d{4})-[a-z0-9-]+\.md$/.exec(file)?.[1]);
  expect(numbers.filter((number) => number === undefined)).toEqual([]);
  expect(new Set(numbers).size).toBe(numbers.length);
});
