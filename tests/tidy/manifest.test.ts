import { existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { nodeRedType } from '../../runtime/hosts/nodeRed/nodeType';
import { filesUnder, ROOT, textOf } from './tree';

const Manifest = z.looseObject({
  name: z.string(), version: z.string(), license: z.string(), keywords: z.array(z.string()), files: z.array(z.string()),
  engines: z.object({ node: z.string() }), bin: z.record(z.string(), z.string()), scripts: z.record(z.string(), z.string()),
  repository: z.object({ url: z.url() }), bugs: z.object({ url: z.url() }),
  peerDependencies: z.record(z.string(), z.string()), peerDependenciesMeta: z.record(z.string(), z.object({ optional: z.boolean() })),
  n8n: z.object({ n8nNodesApiVersion: z.literal(1), strict: z.boolean().optional(), nodes: z.array(z.string()), credentials: z.array(z.string()) }),
  'node-red': z.object({ version: z.string(), nodes: z.record(z.string(), z.string()) }),
});
const manifest = Manifest.parse(JSON.parse(textOf('package.json')));

const shells = (end: RegExp): readonly string[] => filesUnder('nodes').filter((file) => end.test(file));
const built = (file: string): string => `dist/${file.replace(/\.ts$/, '.js')}`;

test('n8n is told of every shell and every credential', () => {
  expect([...manifest.n8n.nodes].sort()).toEqual(shells(/\.node\.ts$/).map(built).sort());
  expect([...manifest.n8n.credentials].sort()).toEqual(filesUnder('credentials').filter((file) => file.endsWith('.credentials.ts')).map((file) => `dist/credentials/${path.basename(file, '.ts')}.js`).sort());
});

test('Node-RED is told of every shell, by the type that it registers', () => {
  const expected = shells(/^nodes\/\w+\/\w+\.ts$/).filter((file) => {
    const [, folder = '', base = ''] = /^nodes\/(\w+)\/(\w+)\.ts$/.exec(file) ?? [];
    return base === lowerFirst(folder);
  }).map((file) => [nodeRedType(path.basename(file, '.ts')), built(file)]);
  expect(Object.entries(manifest['node-red'].nodes).sort()).toEqual(expected.sort());
});

test('nothing is installed with the package, and nothing runs when it is', () => {
  expect(manifest).not.toHaveProperty('dependencies');
  expect(manifest).not.toHaveProperty('optionalDependencies');
  expect(manifest.peerDependencies).toEqual({ 'n8n-workflow': '*' });
  expect(manifest.peerDependenciesMeta).toEqual({ 'n8n-workflow': { optional: true } });
  expect(Object.keys(manifest.scripts).filter((name) => /^(pre|post|install$|publish)/.test(name))).toEqual([]);
});

test('the facts that the two libraries look for are there', () => {
  expect(manifest).toMatchObject({ name: '@bellwether/n8n-nodes-trading', license: 'MIT', engines: { node: '>=22.9' }, bin: { bellwether: 'dist/cli/bellwether.js' }, 'node-red': { version: '>=4.0.0' } });
  expect(manifest.keywords).toEqual(expect.arrayContaining(['n8n-community-node-package', 'node-red']));
  for (const file of ['LICENSE', 'CHANGELOG.md', 'README.md', 'CONTRIBUTING.md']) expect(existsSync(path.join(ROOT, file))).toBe(true);
  expect(textOf('LICENSE')).toContain('MIT License');
  expect(textOf('CHANGELOG.md')).toContain(manifest.version);
});

test.each(['package-lock.json', 'tests/lint/package-lock.json'])('%s names no registry', (file) => {
  expect(textOf(file)).not.toContain('"resolved"');
});

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

test('every node of Node-RED is used in an example, whose nodes are ours or core ones', () => {
  const Flow = z.array(z.looseObject({ type: z.string() }));
  const used = new Set(filesUnder('flows/node-red').filter((file) => file.endsWith('.json')).flatMap((file) => Flow.parse(JSON.parse(textOf(file))).map(({ type }) => type)));
  const isConfig = (file: string): boolean => textOf(`${path.dirname(file).replace(/^dist\//, '')}/definition.ts`).includes('defineConfig(');
  expect(Object.entries(manifest['node-red'].nodes).filter(([type, file]) => !isConfig(file) && !used.has(type))).toEqual([]);
  const core = ['tab', 'group', 'comment', 'inject', 'debug', 'function', 'switch', 'change', 'catch', 'complete', 'status', 'link in', 'link out', 'http request', 'template', 'delay', 'split', 'join'];
  expect([...used].filter((type) => !core.includes(type) && !(type in manifest['node-red'].nodes))).toEqual([]);
});
