/**
 * `npm run bench`: latency and throughput of the way from a webhook to a filled order, beside the hosts' own bare routes, in one run.
 * Prints a table and writes .cache/bench.json. Nothing is asserted: a shared machine proves nothing by a clock, ratios within one run are what counts.
 *   --only journal,in-process,stall,node-red,n8n,indicators,streaming,candles   some sections; feed-soak runs only when it is named
 *   --rounds 6                                      rounds of every comparison (default 4)
 *   --json                                          the results as JSON on standard output, everything else on standard error
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transformSync } from 'esbuild';
import { isStale } from './build/stamp.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

// The real hosts load what was built.
if (isStale(root)) {
  console.error('Building.');
  const { status } = spawnSync(process.execPath, ['build.mjs'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) process.exit(1);
}

/** TypeScript as it stands, compiled file by file with the compiler that also makes the package. */
registerHooks({
  resolve(specifier, context, next) {
    const found = specifier.startsWith('.') ? sourceFile(specifier, context.parentURL) : undefined;
    return found === undefined ? next(specifier, context) : { url: pathToFileURL(found).href, format: 'commonjs', shortCircuit: true };
  },
  load(url, context, next) {
    if (!url.endsWith('.ts')) return next(url, context);
    const file = fileURLToPath(url);
    const { code } = transformSync(readFileSync(file, 'utf8'), { loader: 'ts', format: 'cjs', target: 'node24', sourcefile: file, sourcemap: 'inline' });
    return { format: 'commonjs', source: code, shortCircuit: true };
  },
});

function sourceFile(specifier, parent) {
  if (!parent?.startsWith('file:')) return undefined;
  const base = path.resolve(path.dirname(fileURLToPath(parent)), specifier);
  return [`${base}.ts`, `${base}/index.ts`, ...(base.endsWith('.ts') ? [base] : [])].find((file) => existsSync(file));
}

const { main } = createRequire(import.meta.url)('../tests/bench/main.ts');
await main(process.argv.slice(2), root);
