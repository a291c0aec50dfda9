import { readdirSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { ROOT, textOf } from './tree';

const folders = readdirSync(path.join(ROOT, 'nodes'), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
const filesOf = (folder: string): readonly string[] => readdirSync(path.join(ROOT, 'nodes', folder));
const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** Config nodes belong to Node-RED alone: n8n keeps the same facts in credentials. */
const isConfig = (folder: string): boolean => textOf(`nodes/${folder}/definition.ts`).includes('defineConfig(');

test.each(folders)('%s has everything a node has', (folder) => {
  const base = lowerFirst(folder);
  const both = ['definition.ts', `${base}.ts`, `${base}.svg`, `${base}.dark.svg`, `${base}.node-red.svg`, 'help.md', 'definition.test.ts'];
  const wanted = isConfig(folder) ? both : [...both, `${folder}.node.ts`, `${folder}.node.json`];
  const files = filesOf(folder);
  expect(wanted.filter((file) => !files.includes(file))).toEqual([]);
});

test.each(folders.filter((folder) => !isConfig(folder)))('%s: shells are thin and the codex names the node', (folder) => {
  expect(textOf(`nodes/${folder}/${folder}.node.ts`).trim().split('\n').length).toBeLessThanOrEqual(12);
  expect(textOf(`nodes/${folder}/${lowerFirst(folder)}.ts`).trim().split('\n').length).toBeLessThanOrEqual(8);
  const codex = z.looseObject({ node: z.string(), categories: z.array(z.string()).min(1), nodeVersion: z.string(), codexVersion: z.string() }).parse(JSON.parse(textOf(`nodes/${folder}/${folder}.node.json`)));
  expect(codex.node).toBe(`@bellwether/n8n-nodes-trading.${lowerFirst(folder)}`);
});

test.each(folders)('%s: help opens with one plain sentence, which becomes the tooltip', (folder) => {
  const [first = ''] = textOf(`nodes/${folder}/help.md`).trim().split('\n\n');
  expect(first).toMatch(/^[A-Z][^#|*`]+[.]$/s);
});

test.each(folders)('%s: icons are small and carry their own shape', (folder) => {
  for (const icon of filesOf(folder).filter((file) => file.endsWith('.svg'))) {
    const svg = textOf(`nodes/${folder}/${icon}`);
    expect(svg.length).toBeLessThan(4_000);
    expect(svg).not.toMatch(/<script|<image|href=|onload/i);
  }
});

test('the one list holds every node and nothing else', () => {
  const listed = [...textOf('nodes/index.ts').matchAll(/from '\.\/(\w+)\/definition'/g)].map(([, folder]) => folder);
  expect(listed.sort()).toEqual(folders.filter((folder) => !isConfig(folder)).sort());
});
