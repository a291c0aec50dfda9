/** `npm start` and `npm run start:n8n`: builds when a source has changed, then hands over to the host's own starter. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isStale } from './build/stamp.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const host = process.argv[2] ?? 'nodeRed';
const starter = path.join(root, 'scripts/start', `${host}.mjs`);

if (!existsSync(starter)) {
  console.error(`There is no host called ${host}; nodeRed and n8n are.`);
  process.exit(2);
}
if (isStale(root)) {
  console.log('Building.');
  const { status } = spawnSync(process.execPath, ['build.mjs'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) process.exit(1);
}
process.argv.splice(2, 1);
await import(pathToFileURL(starter));
