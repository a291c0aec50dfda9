/**
 * `npm run test:long`: the recorded months that `npm test` leaves out, and every shipped flow over one, in the real hosts and in both lanes of the backtest;
 * and n8n killed between writing an execution down and beginning it.
 * Like `npm test` its last line is `N passed, N failed`; SKIP_N8N=1 leaves n8n out.
 */
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { runJest, runStep } from './test/steps.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const skipN8n = process.env.SKIP_N8N === '1';
process.env.BELLWETHER_LONG = '1';

const results = [];
if (!skipN8n) results.push(await runStep('install n8n', async () => (await import(pathToFileURL(path.join(root, 'tests/hosts/n8n/install.mjs')).href)).ensureN8n()));
results.push(await runStep('build', ['build.mjs']));
results.push(await runJest('hosts', ['--runInBand', '--testPathPatterns', skipN8n ? 'nodeRed/sameIntents|everyFlow' : 'sameIntents|everyFlow|n8n/market']));

console.log(`\n${results.map(({ name, passed, failed, ms }) => `${failed === 0 ? 'ok    ' : 'FAILED'}  ${name.padEnd(26)} ${String(passed).padStart(6)} passed ${String(failed).padStart(4)} failed  ${(ms / 1000).toFixed(0).padStart(4)} s`).join('\n')}`);
if (skipN8n) console.log('SKIP_N8N=1: nothing was tested in n8n.');
const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failed = results.reduce((sum, result) => sum + result.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
