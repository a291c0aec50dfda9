import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';

const ROOT = path.resolve(__dirname, '../..');
const NAME = '@bellwether/n8n-nodes-trading';
const Manifest = z.looseObject({ n8n: z.object({ nodes: z.array(z.string()), credentials: z.array(z.string()) }), 'node-red': z.object({ nodes: z.record(z.string(), z.string()) }) });
const Packed = z.array(z.object({ filename: z.string(), size: z.number(), files: z.array(z.object({ path: z.string() })) }));
const Nodes = z.array(z.looseObject({ module: z.string().optional(), types: z.array(z.string()), enabled: z.boolean(), err: z.unknown().optional() }));

let folder = '';
let packed: z.infer<typeof Packed>[number];
const manifest = Manifest.parse(JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')));

function npm(cwd: string, ...words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('npm', [...words, '--loglevel=error'], { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm ${words.join(' ')}: ${stderr}`);
  return stdout;
}

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bellwether-pack-'));
  const [made] = Packed.parse(JSON.parse(npm(ROOT, 'pack', '--json', '--ignore-scripts', '--pack-destination', folder)));
  if (made === undefined) throw new Error('npm pack made nothing.');
  packed = made;
  const nodeRed = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(path.join(ROOT, 'node_modules/node-red/package.json'), 'utf8')));
  writeFileSync(path.join(folder, 'package.json'), '{"private":true}\n');
  npm(folder, 'install', '--ignore-scripts', '--omit=peer', '--prefer-offline', '--no-audit', '--no-fund', `./${path.basename(made.filename)}`, `node-red@${nodeRed.version}`);
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the package holds what hosts and people need, and nothing else', () => {
  const files = packed.files.map((file) => file.path);
  expect(files.filter((file) => !/^(dist|examples|flows\/n8n)\/|^(README|CHANGELOG)\.md$|^LICENSE$|^package\.json$/.test(file))).toEqual([]);
  expect(files.filter((file) => /\.(ts|map|tgz|log|db)$|\.test\.|\.env/.test(file))).toEqual([]);
  for (const file of ['README.md', 'CHANGELOG.md', 'LICENSE', 'dist/THIRD_PARTY_NOTICES.txt', 'dist/runtime/index.js', 'dist/runtime/n8n.js', 'dist/cli/bellwether.js']) expect(files).toContain(file);
  for (const file of [...manifest.n8n.nodes, ...manifest.n8n.credentials, ...Object.values(manifest['node-red'].nodes)]) expect(files).toContain(file);
  expect(packed.size).toBeLessThan(2_000_000);
});

test('installing it brings one folder, without peers and without running anything', () => {
  const installed = path.join(folder, 'node_modules', NAME);
  expect(existsSync(path.join(installed, 'node_modules'))).toBe(false);
  expect(existsSync(path.join(folder, 'node_modules/n8n-workflow'))).toBe(false);
  expect(readdirSync(path.join(folder, 'node_modules/@bellwether'))).toEqual(['n8n-nodes-trading']);
});

test('the installed command answers', () => {
  const { status, stdout, stderr } = spawnSync(path.join(folder, 'node_modules/.bin/bellwether'), ['--help'], { encoding: 'utf8', env: { ...process.env, PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH ?? ''}` } });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('rearm');
});

test('a clean Node-RED loads every node and offers the examples', async () => {
  const userDir = path.join(folder, 'user');
  const settings = path.join(folder, 'settings.js');
  writeFileSync(settings, `module.exports = { uiHost: '127.0.0.1', uiPort: 0, userDir: ${JSON.stringify(userDir)}, nodesDir: [], editorTheme: { tours: false }, telemetry: { enabled: false } };\n`);
  const host = spawn(process.execPath, [path.join(folder, 'node_modules/node-red/red.js'), '--settings', settings], {
    cwd: folder, stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, BELLWETHER_HOME: path.join(folder, 'state'), NODE_RED_HOME: path.join(folder, 'node_modules/node-red') },
  });
  try {
    const address = await addressOf(host);
    const nodes = Nodes.parse(await get(`${address}nodes`)).filter(({ module }) => module === NAME);
    expect(nodes.flatMap(({ types }) => types).sort()).toEqual(Object.keys(manifest['node-red'].nodes).sort());
    expect(nodes.filter(({ enabled, err }) => !enabled || err !== undefined)).toEqual([]);
    const offered = JSON.stringify(await get(`${address}library/examples/flows/${NAME}/`));
    const written = readdirSync(path.join(ROOT, 'flows/node-red'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'));
    expect(written.length).toBeGreaterThan(0);
    for (const file of written) expect(offered).toContain(path.basename(file, '.json'));
  } finally {
    host.kill('SIGTERM');
    if (host.exitCode === null) await once(host, 'exit');
  }
}, 120_000);

/** Node-RED says its address when it is ready. */
async function addressOf(host: ChildProcess): Promise<string> {
  if (host.stdout === null) throw new Error('Node-RED has no output.');
  for await (const line of createInterface(host.stdout)) {
    const [, address] = /Server now running at (http:\S+)/.exec(line) ?? [];
    if (address !== undefined) {
      host.stdout.resume();
      return address;
    }
  }
  throw new Error('Node-RED ended before it was ready.');
}

async function get(url: string): Promise<unknown> {
  const answer = await fetch(url, { headers: { accept: 'application/json' } });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.json();
}
