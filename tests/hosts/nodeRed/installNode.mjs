import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder } from '../../../scripts/test/cache.mjs';

/** The oldest Node that the package names, which has SQLite only behind a flag, and one of the same line that has it plainly. */
export const OLDER_NODES = ['22.9.0', '22.13.0'];

/** The older Nodes, installed once into the cache. Returns their executables, in the order of OLDER_NODES. */
export function ensureOlderNodes() {
  return OLDER_NODES.map(ensureNode);
}

function ensureNode(version) {
  const folder = path.join(cacheFolder(), `node-${version}`);
  const executable = path.join(folder, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(executable)) return executable;
  console.log(`Installing Node ${version} (170 MB on disk) into ${folder}.`);
  const draft = `${folder}.${process.pid}`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  writeFileSync(path.join(draft, 'package.json'), JSON.stringify({ private: true }));
  npm(draft, ['install', `node@${version}`, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  npm(draft, ['rebuild', 'node', '--loglevel=error']);
  rmSync(folder, { recursive: true, force: true });
  renameSync(draft, folder);
  return executable;
}

function npm(cwd, args) {
  const result = spawnSync('npm', args, { cwd, stdio: ['ignore', 'inherit', 'inherit'], shell: process.platform === 'win32' });
  if (result.status === 0) return;
  rmSync(cwd, { recursive: true, force: true });
  throw new Error(`Installing an older Node failed at "npm ${args.join(' ')}"; npm's messages are above. It needs the npm registry.`);
}
