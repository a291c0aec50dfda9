/**
 * `npm run bench`: latency and throughput of the way from a webhook to a filled order, beside the hosts' own bare routes, in one run.
 * Prints a table and writes .cache/bench.json. Nothing is asserted: a shared machine proves nothing by a clock, ratios within one run are what counts.
 *   --only journal,in-process,stall,node-red,n8n,indicators,streaming,candles,backtest   some sections; feed-soak runs only when it is named
 *   --rounds 6                                      rounds of every comparison (default 4)
 *   --json                                          the results as JSON on standard output, everything else on standard error
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isStale } from './build/stamp.mjs';
import { loadTypeScript } from './typescript.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

// The real hosts load what was built.
if (isStale(root)) {
  console.error('Building.');
  const { status } = spawnSync(process.execPath, ['build.mjs'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) process.exit(1);
}

loadTypeScript();
const { main } = createRequire(import.meta.url)('../tests/bench/main.ts');
await main(process.argv.slice(2), root);
