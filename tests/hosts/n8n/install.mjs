import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder } from '../../../scripts/test/cache.mjs';

/** Written last: an installation without it was cut off and is made again. */
const MARKER = 'complete';

/**
 * A real n8n of exactly the committed lock file, installed once into the cache and kept there.
 * Returns its folder; `root` is the project's. Runs on Node 24, which n8n needs: npm takes the one that leads the PATH.
 */
export function ensureN8n(root = process.cwd()) {
  const source = path.join(root, 'tests/hosts/n8n');
  const lock = readFileSync(path.join(source, 'package-lock.json'));
  const folder = path.join(cacheFolder(), `n8n-${createHash('sha256').update(lock).digest('hex').slice(0, 16)}`);
  if (existsSync(path.join(folder, MARKER))) return folder;
  console.log(`Installing n8n (2.5 GB) into ${folder}: two minutes with a warm npm cache, four with a cold one.`);
  const draft = `${folder}.${process.pid}`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) copyFileSync(path.join(source, file), path.join(draft, file));
  // npm hands the project's own settings down to the npm that it starts; these folders need their peers.
  npm(draft, root, ['ci', '--ignore-scripts', '--legacy-peer-deps=false', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error']);
  // The one native module that comes without a binary in its package.
  npm(draft, root, ['rebuild', 'sqlite3', '--loglevel=error']);
  writeFileSync(path.join(draft, MARKER), new Date().toISOString());
  rmSync(folder, { recursive: true, force: true });
  renameSync(draft, folder);
  return folder;
}

function npm(cwd, root, args) {
  const env = { ...process.env, PATH: `${path.join(root, 'node_modules/.bin')}${path.delimiter}${process.env.PATH ?? ''}` };
  const result = spawnSync('npm', args, { cwd, env, stdio: ['ignore', 'inherit', 'inherit'], shell: process.platform === 'win32' });
  if (result.status === 0) return;
  rmSync(cwd, { recursive: true, force: true });
  throw new Error(`Installing n8n failed at "npm ${args.join(' ')}"; npm's messages are above. It needs the npm registry, 3 GB of disk and, where no ready-made sqlite3 fits, a C++ compiler.`);
}
