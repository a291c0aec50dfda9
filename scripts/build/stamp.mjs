import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const SOURCES = ['build.mjs', 'package.json', 'scripts/build', 'runtime', 'nodes', 'credentials', 'cli', 'flows'];
const STAMP = '.cache/build-stamp';

/** Records of which sources dist/ was made. */
export function writeStamp(root) {
  mkdirSync(path.join(root, path.dirname(STAMP)), { recursive: true });
  writeFileSync(path.join(root, STAMP), digest(root));
}

/** True when dist/ is missing or a source has changed since it was built. */
export function isStale(root) {
  const stamp = path.join(root, STAMP);
  return !existsSync(path.join(root, 'dist/runtime/index.js')) || !existsSync(stamp) || readFileSync(stamp, 'utf8') !== digest(root);
}

/** Contents, not times: a fresh checkout of the same sources is not stale. */
function digest(root) {
  const hash = createHash('sha256');
  for (const file of SOURCES.flatMap((source) => filesUnder(path.join(root, source))).sort()) {
    hash.update(path.relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

function filesUnder(target) {
  if (!existsSync(target)) return [];
  if (statSync(target).isFile()) return [target];
  return readdirSync(target, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts')).map((entry) => path.join(entry.parentPath, entry.name));
}
