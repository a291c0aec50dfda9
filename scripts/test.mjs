/**
 * `npm test`: everything, the real hosts included, in the order in which a failure is cheapest to find.
 * The last line is `N passed, N failed`, over every step and every jest run.
 * SKIP_N8N=1 leaves n8n out; CI=true makes a skipped test (missing browser, host or shared file) a failure.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { cacheFolder } from './test/cache.mjs';
import { runJest, runStep } from './test/steps.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const skipN8n = process.env.SKIP_N8N === '1';
const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(0)} s`;

console.log(`Besides this project's packages, the tests download once into ${cacheFolder()} (BELLWETHER_CACHE moves it):`);
console.log('  n8n\'s lint rules, about 200 MB on disk; Node 22.9 and 22.13, 170 MB each');
console.log(skipN8n ? '  SKIP_N8N=1: n8n itself (2.5 GB) and every test in it are left out' : '  n8n itself, 2.5 GB on disk, four minutes with a cold npm cache (SKIP_N8N=1 leaves it out)');

const results = [];
const installing = Date.now();
results.push(await runStep('install n8n\'s lint rules', () => ensure('tests/lint/install.mjs', 'ensureLint')));
results.push(await runStep('install older Nodes', () => ensure('tests/hosts/nodeRed/installNode.mjs', 'ensureOlderNodes')));
if (!skipN8n) results.push(await runStep('install n8n', () => ensure('tests/hosts/n8n/install.mjs', 'ensureN8n')));
console.log(`Installation took ${seconds(installing - Number(process.env.BELLWETHER_INSTALL_MS ?? 0))}, not counted below.\n`);

const testing = Date.now();
// Each side keeps one processor busy.
results.push(...(await Promise.all([
  inTurn(
    () => runStep('typecheck', ['node_modules/typescript/bin/tsc', '-p', '.']),
    () => runStep('build', ['build.mjs']),
    () => runJest('package', ['--runInBand']),
  ),
  inTurn(() => runStep('lint', ['node_modules/eslint/bin/eslint', '.', '--max-warnings', '0'])),
])).flat());
results.push(await runJest('unit', ['--maxWorkers=2']));
// Two at a time: a host that starts leaves a processor idle, and every one has a home and ports of its own.
results.push(await runJest('hosts', ['--maxWorkers=2', ...(skipN8n ? ['--testPathIgnorePatterns', '/tests/hosts/(.*n8n|threeHosts)'] : [])]));

console.log(`\n${results.map(({ name, passed, failed, ms }) => `${failed === 0 ? 'ok    ' : 'FAILED'}  ${name.padEnd(26)} ${String(passed).padStart(6)} passed ${String(failed).padStart(4)} failed  ${(ms / 1000).toFixed(0).padStart(4)} s`).join('\n')}`);
if (skipN8n) console.log('SKIP_N8N=1: nothing was tested in n8n.');
console.log(`Tests took ${seconds(testing)}.`);
const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failed = results.reduce((sum, result) => sum + result.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

async function inTurn(...steps) {
  const results = [];
  for (const step of steps) results.push(await step());
  return results;
}

async function ensure(file, name) {
  if (!existsSync(path.join(root, file))) throw new Error(`${file} is missing.`);
  await (await import(pathToFileURL(path.join(root, file)).href))[name]();
}
