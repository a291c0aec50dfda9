import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const LIMIT_MS = 120_000;

/**
 * The database of a new n8n home, as n8n's own command line makes it: hundreds of migrations, which take longer than all else of a first start.
 * Made once an installation, beside it, and copied from then on. `environment` is that of a home of the tests.
 */
export function freshDatabase(n8nFolder: string, program: string, environment: NodeJS.ProcessEnv): string {
  const file = path.join(n8nFolder, 'fresh.sqlite');
  if (existsSync(file)) return file;
  const home = mkdtempSync(path.join(tmpdir(), 'bellwether-n8n-fresh-'));
  try {
    mkdirSync(path.join(home, '.n8n'));
    const made = spawnSync(process.execPath, [program, 'list:workflow'], { env: { ...environment, N8N_USER_FOLDER: home }, cwd: home, encoding: 'utf8', timeout: LIMIT_MS });
    if (made.status !== 0) throw new Error(`n8n could not make its database:\n${made.stdout}\n${made.stderr}`);
    const draft = `${file}.${process.pid}`;
    const database = new DatabaseSync(path.join(home, '.n8n/database.sqlite'));
    database.exec(`VACUUM INTO '${draft.replaceAll('\'', '\'\'')}'`);
    database.close();
    renameSync(draft, file);
    return file;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
