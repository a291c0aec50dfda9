import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { alertBody, pipeline, post, untilDone } from './flow';
import { NodeRed, ROOT } from './host';

jest.setTimeout(180_000);

const NAME = '@bellwether/n8n-nodes-trading';
const Manifest = z.looseObject({
  name: z.string().regex(/^@[^/]+\/[^/]+$/), license: z.string().min(1), version: z.string(), keywords: z.array(z.string()), engines: z.object({ node: z.string() }),
  repository: z.looseObject({ url: z.string().min(1) }), bugs: z.looseObject({ url: z.string().min(1) }), dependencies: z.record(z.string(), z.string()).default({}),
  'node-red': z.object({ version: z.string(), nodes: z.record(z.string(), z.string()) }),
});

let tarball: string;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'bellwether-pack-'));
  const [packed] = z.array(z.object({ filename: z.string() })).parse(JSON.parse(npm(['pack', '--ignore-scripts', '--json', '--pack-destination', folder], ROOT)));
  tarball = path.join(folder, path.basename(packed?.filename ?? ''));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the package installs into a clean Node-RED without scripts and trades', async () => {
  const host = new NodeRed({ install: (userDir) => {
    writeFileSync(path.join(userDir, 'package.json'), JSON.stringify({ name: 'node-red-project', version: '0.0.1', private: true }));
    npm(['install', '--ignore-scripts', '--no-audit', '--no-fund', '--offline', tarball], userDir);
  } });
  try {
    await host.start();
    const installed = path.join(host.userDir, 'node_modules', NAME);
    expect(readdirSync(path.join(host.userDir, 'node_modules')).filter((entry) => !entry.startsWith('.'))).toEqual(['@bellwether']);
    expect(existsSync(path.join(installed, 'runtime'))).toBe(false);
    await host.deploy(pipeline());
    expect((await post(host, alertBody('packed'))).status).toBe(202);
    await untilDone(host, 1);
    expect(host.count("select count(*) from orders where status = 'FILLED'")).toBe(1);
    scorecard(installed);
  } finally {
    await host.dispose();
  }
});

/** The rules of the flow library's scorecard, on what was installed. */
function scorecard(installed: string): void {
  const manifest = Manifest.parse(JSON.parse(readFileSync(path.join(installed, 'package.json'), 'utf8')));
  expect(manifest.keywords).toContain('node-red');
  expect(manifest['node-red'].version).toBe('>=4.0.0');
  expect(Object.keys(manifest.dependencies).length).toBeLessThanOrEqual(6);
  const pages = Object.values(manifest['node-red'].nodes).map((file) => readFileSync(path.join(installed, file.replace(/\.js$/, '.html')), 'utf8'));
  const types = pages.flatMap((page) => [...page.matchAll(/RED\.nodes\.registerType\("([^"]+)"/g)].map((match) => match[1] ?? ''));
  expect(types).toHaveLength(pages.length);
  expect(new Set(types).size).toBe(types.length);
  const examples = readdirSync(path.join(installed, 'examples'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json')).map((file) => readFileSync(path.join(installed, 'examples', file), 'utf8')).join('');
  const shown = types.filter((_, index) => !pages[index]?.includes('category: "config"'));
  expect(shown.filter((type) => !examples.includes(`"${type}"`))).toEqual([]);
  for (const page of pages) expect(page).toMatch(/<script type="text\/markdown" data-help-name="/);
}

function npm(args: readonly string[], cwd: string): string {
  return execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
