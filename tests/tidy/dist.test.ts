import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { z } from 'zod';
import { ROOT, textOf } from './tree';

const Manifest = z.looseObject({
  n8n: z.object({ nodes: z.array(z.string()), credentials: z.array(z.string()) }),
  'node-red': z.object({ nodes: z.record(z.string(), z.string()) }),
});
const manifest = Manifest.parse(JSON.parse(textOf('package.json')));
const nodeRedFiles = Object.values(manifest['node-red'].nodes);

const REQUIRE = /\brequire\(\s*["']([^"']+)["']\s*\)/g;

/** Attempts that packages make for an optional companion and catch: none of them has to be there. */
const OPTIONAL = new Set(['debug', 'supports-color', 'pino-pretty']);

/** Files reachable from `file` inside dist, and the names of packages required on the way. */
function reach(file: string, seen = new Set<string>(), packages = new Set<string>()): { seen: Set<string>; packages: Set<string> } {
  if (seen.has(file)) return { seen, packages };
  seen.add(file);
  for (const [, name = ''] of readFileSync(path.join(ROOT, file), 'utf8').matchAll(REQUIRE)) {
    if (name.startsWith('.')) reach(path.posix.join(path.posix.dirname(file), name), seen, packages);
    else if (!name.startsWith('node:') && !builtinModules.includes(name)) packages.add(name);
  }
  return { seen, packages };
}

beforeAll(() => {
  if (!existsSync(path.join(ROOT, 'dist/runtime/index.js'))) throw new Error('dist/ is missing: run "npm run build" first.');
});

test.each(nodeRedFiles)('%s reaches neither n8n-workflow nor any other package', (file) => {
  const { seen, packages } = reach(file);
  expect([...packages].filter((name) => !OPTIONAL.has(name))).toEqual([]);
  expect([...seen]).toContain('dist/runtime/index.js');
  expect([...seen]).not.toContain('dist/runtime/n8n.js');
});

test.each([...manifest.n8n.nodes, ...manifest.n8n.credentials, 'dist/cli/bellwether.js'])('%s needs at most n8n-workflow', (file) => {
  expect([...reach(file).packages].filter((name) => !OPTIONAL.has(name) && name !== 'n8n-workflow')).toEqual([]);
});

test('every Node-RED file loads in a process where n8n-workflow can not be found', () => {
  const program = `
    const Module = require('node:module');
    const load = Module._load;
    Module._load = (name, ...rest) => { if (/^n8n-/.test(name)) throw new Error('asked for ' + name); return load(name, ...rest); };
    for (const file of ${JSON.stringify(nodeRedFiles)}) if (typeof require('./' + file).default !== 'function') throw new Error(file + ' exports no function');
    console.log('loaded');`;
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', program], { cwd: ROOT, encoding: 'utf8' });
  expect({ stdout, stderr: stderr.replace(/^.*(ExperimentalWarning|--trace-warnings).*\n/gm, '') }).toEqual({ stdout: 'loaded\n', stderr: '' });
});

test('on a Node that is too old every Node-RED file and the command line still load: what to do about it can only be said then', () => {
  const program = `
    // Came after Node 20, on which Node-RED 4 still runs.
    for (const [owner, names] of [[Map, ['groupBy']], [Object, ['groupBy']], [Promise, ['withResolvers', 'try']], [Array, ['fromAsync']], [Set.prototype, ['union', 'intersection', 'difference', 'isSubsetOf']]])
      for (const name of names) delete owner[name];
    for (const file of ${JSON.stringify(nodeRedFiles)}) require('./' + file);
    process.argv = [process.argv[0], 'bellwether', '--help'];
    require('./dist/cli/bellwether.js');`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', program], { cwd: ROOT, encoding: 'utf8' });
  expect({ status, said: stdout.startsWith('bellwether <command>'), stderr: stderr.split('\n').filter((line) => /Error/.test(line)) }).toEqual({ status: 0, said: true, stderr: [] });
});

test.each(Object.entries(manifest['node-red'].nodes))('%s: the editor registers the same type, literally, with help and an icon', (type, file) => {
  const html = readFileSync(path.join(ROOT, file.replace(/\.js$/, '.html')), 'utf8');
  expect(html).toContain(`RED.nodes.registerType("${type}", {`);
  expect(html).toContain(`<script type="text/markdown" data-help-name="${type}">`);
  expect(html).toContain(`data-template-name="${type}"`);
  for (const [, icon = ''] of html.matchAll(/^\s*icon: "([^"]+)"/gm)) expect(existsSync(path.join(ROOT, path.dirname(file), 'icons', icon))).toBe(true);
});

test('state exists once: shells hold no code of the runtime', () => {
  for (const file of [...nodeRedFiles, ...manifest.n8n.nodes]) expect(readFileSync(path.join(ROOT, file), 'utf8').length).toBeLessThan(6_000);
  expect(readFileSync(path.join(ROOT, 'dist/runtime/n8n.js'), 'utf8')).not.toContain('CREATE TABLE');
});

test('the notices name every package inside the bundle', () => {
  const notices = readFileSync(path.join(ROOT, 'dist/THIRD_PARTY_NOTICES.txt'), 'utf8');
  for (const name of ['zod', 'kysely', 'axios', 'pino']) expect(notices).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(`, 'm'));
});
