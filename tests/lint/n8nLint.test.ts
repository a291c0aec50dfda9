import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { ensureLint } from './install.mjs';

const ROOT = path.resolve(__dirname, '../..');
const Report = z.array(z.object({ filePath: z.string(), messages: z.array(z.object({ ruleId: z.string().nullable(), message: z.string(), line: z.number().optional() })) }));

let rules = '';
let rendered = '';

beforeAll(async () => {
  ({ dir: rules } = await ensureLint(ROOT));
  rendered = mkdtempSync(path.join(tmpdir(), 'bellwether-lint-'));
  const { status, stderr } = spawnSync(process.execPath, [path.join(__dirname, 'render.mjs'), ROOT, rendered], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  copyFileSync(path.join(__dirname, 'eslint.config.mjs'), path.join(rendered, 'eslint.config.mjs'));
}, 300_000);

afterAll(() => rmSync(rendered, { recursive: true, force: true }));

/** Warnings count: there is nobody who reads them later. In a test's environment some of the rules would take themselves for tested. */
function lint(folder: string): { readonly files: readonly string[]; readonly findings: readonly string[] } {
  const eslint = path.join(rules, 'node_modules/eslint/bin/eslint.js');
  const { stdout, stderr } = spawnSync(process.execPath, [eslint, '--format', 'json', '.'], { cwd: folder, encoding: 'utf8', env: { ...process.env, NODE_ENV: 'production', BELLWETHER_LINT_RULES: rules } });
  if (stdout === '') throw new Error(stderr);
  const report = Report.parse(JSON.parse(stdout));
  return {
    files: report.map(({ filePath }) => path.relative(folder, filePath)),
    findings: report.flatMap(({ filePath, messages }) => messages.map(({ ruleId, message, line }) => `${path.relative(folder, filePath)}:${line ?? 0} ${ruleId ?? 'parser'}: ${message}`)),
  };
}

test("n8n's rules for self-hosted community packages find nothing in what n8n loads", () => {
  const { files, findings } = lint(rendered);
  expect(findings).toEqual([]);
  const manifest = z.looseObject({ n8n: z.object({ nodes: z.array(z.string()), credentials: z.array(z.string()) }) }).parse(JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')));
  expect(files.filter((file) => file.endsWith('.ts'))).toHaveLength(manifest.n8n.nodes.length + manifest.n8n.credentials.length);
  expect(files).toContain('package.json');
}, 120_000);
