import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder } from '../../scripts/test/cache.mjs';

/** Installs n8n's lint rules once, in a folder named after the lock file; resolves to that folder. */
export async function ensureLint(root = process.cwd()) {
  const source = path.join(root, 'tests/lint');
  const lock = path.join(source, 'package-lock.json');
  const key = createHash('sha256').update(readFileSync(lock)).digest('hex').slice(0, 12);
  const dir = path.join(cacheFolder(), `n8n-lint-${key}`);
  if (existsSync(dir)) return { dir };
  // Installed beside and moved when complete: an interrupted installation leaves nothing that looks ready.
  const draft = `${dir}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) copyFileSync(path.join(source, file), path.join(draft, file));
  // npm hands the project's own settings down to the npm that it starts; these folders need their peers.
  const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--legacy-peer-deps=false', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: draft, stdio: ['ignore', 'ignore', 'inherit'] });
  if (npm.status !== 0) {
    rmSync(draft, { recursive: true, force: true });
    throw new Error("n8n's lint rules could not be installed; npm's message is above.");
  }
  renameSync(draft, dir);
  return { dir };
}
