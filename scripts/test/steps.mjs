import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

/** One line of the summary: a step counts as one test, a jest run as its tests. */
const result = (name, started, passed, failed) => ({ name, passed, failed, ms: Date.now() - started });

/** Runs a function, or a script on this Node; a failure is reported and counted, and the next step still runs. */
export async function runStep(name, what) {
  const started = Date.now();
  console.log(`== ${name}`);
  try {
    if (typeof what === 'function') await what();
    else await node(what);
    return result(name, started, 1, 0);
  } catch (error) {
    console.error(`${name} failed: ${error instanceof Error ? error.message : String(error)}`);
    return result(name, started, 0, 1);
  }
}

/** Runs one project of jest and counts its tests. A suite that can not start counts as a failed test, in CI a skipped test does too. */
export async function runJest(project, options) {
  const started = Date.now();
  const output = path.resolve('.cache/test', `${project}.json`);
  console.log(`== ${project} tests`);
  mkdirSync(path.dirname(output), { recursive: true });
  rmSync(output, { force: true });
  const ended = await node(['node_modules/jest/bin/jest.js', '--selectProjects', project, '--json', '--outputFile', output, ...options]).then(() => true, () => false);
  const counts = readCounts(output);
  if (counts === undefined) {
    console.error(`The ${project} tests ended without a result.`);
    return result(`${project} tests`, started, 0, 1);
  }
  const skipped = counts.numPendingTests;
  if (skipped > 0) console.log(`${skipped} ${project} tests were skipped${process.env.CI === 'true' ? ', which counts as failed here' : ''}.`);
  const failed = counts.numFailedTests + counts.numRuntimeErrorTestSuites + (process.env.CI === 'true' ? skipped : 0);
  return result(`${project} tests`, started, counts.numPassedTests, failed === 0 && !ended ? 1 : failed);
}

function readCounts(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function node(argv) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, argv, { stdio: ['ignore', 'inherit', 'inherit'] });
    child.on('error', reject);
    child.on('exit', (code, signal) => (code === 0 ? resolve() : reject(new Error(`${argv[0]} ended with ${code ?? signal}.`))));
  });
}
