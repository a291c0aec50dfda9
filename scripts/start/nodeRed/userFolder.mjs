import { randomBytes } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const PACKAGE = '@bellwether/n8n-nodes-trading';

/** Makes Node-RED's user folder with this package linked into it. True when there were no flows yet. */
export function prepareUserFolder(userDir, root) {
  const link = path.join(userDir, 'node_modules', PACKAGE);
  mkdirSync(path.dirname(link), { recursive: true });
  if (!pointsTo(link, root)) {
    rmSync(link, { recursive: true, force: true });
    symlinkSync(root, link, process.platform === 'win32' ? 'junction' : 'dir');
  }
  return !existsSync(path.join(userDir, 'flows.json'));
}

export function settingsOf(userDir, port) {
  return {
    userDir, uiHost: '127.0.0.1', uiPort: port, flowFile: 'flows.json', credentialSecret: credentialSecret(userDir),
    httpAdminRoot: '/', httpNodeRoot: '/',
    telemetry: { enabled: false, updateNotification: false },
    logging: { console: { level: 'off' }, quiet: { level: 'warn', metrics: false, audit: false, handler: () => printProblem } },
    editorTheme: { tours: false, projects: { enabled: false }, page: { title: 'Bellwether' }, header: { title: 'Bellwether' }, palette: { categories: ['bellwether', 'common', 'function', 'network'] } },
  };
}

const WARNING = 30;

/** Node-RED's own notes on start-up are not news; what goes wrong is. */
function printProblem({ level, msg, type, name, id }) {
  if (level >= WARNING && type === undefined) return;
  const source = type === undefined ? '' : `${name || id || ''} (${type}): `;
  console.error(`${level >= WARNING ? 'Warning' : 'Error'}: ${source}${msg?.message ?? msg}`);
}

/** The key of Node-RED's credential store, made once and kept beside it. */
function credentialSecret(userDir) {
  const file = path.join(userDir, 'credential-secret');
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}

function pointsTo(link, root) {
  return lstatSync(link, { throwIfNoEntry: false }) !== undefined && existsSync(link) && realpathSync(link) === realpathSync(root);
}
