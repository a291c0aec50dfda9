/**
 * `npm run pictures`: the README's pictures of both editors, taken in real hosts with an order that has just been filled, and of the report of a backtest.
 * Needs chromium; SKIP_N8N=1 leaves n8n's pictures as they are.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';
import { isStale } from './build/stamp.mjs';
import { demoFlows } from './start/nodeRed/demoFlows.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
// The hosts and page objects are those of the tests: TypeScript, compiled as it is loaded.
require.extensions['.ts'] = (module, file) => module._compile(transformSync(readFileSync(file, 'utf8'), { loader: 'ts', format: 'cjs', target: 'node24', sourcefile: file }).code, file);
const { chromiumPath } = require('../tests/hosts/browser/chromium.ts');
const { n8nPictures, nodeRedMarketPictures, nodeRedPictures } = require('../tests/hosts/browser/pictures.ts');
const { reportPictures } = require('../tests/hosts/browser/reportPictures.ts');

process.chdir(root);
if (chromiumPath() === undefined) {
  console.error('There is no chromium. Install one (apt-get install chromium) or name it in CHROMIUM.');
  process.exit(1);
}
if (isStale(root) && spawnSync(process.execPath, ['build.mjs'], { stdio: 'inherit' }).status !== 0) process.exit(1);

const folder = path.join(root, 'docs/pictures');
mkdirSync(folder, { recursive: true });
const album = { folder, taken: (file) => console.log(`${path.relative(root, file)}  ${Math.round(statSync(file).size / 1024)} kB`) };
await reportPictures(album);
await nodeRedPictures(album, demoFlows(root));
await nodeRedMarketPictures(album);
if (process.env.SKIP_N8N === '1') console.log('SKIP_N8N=1: the pictures of n8n stay as they are.');
else await n8nPictures(album);
