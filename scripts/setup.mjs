/**
 * Installs what is missing and runs a script on the Node 24 that comes as an npm package: `node scripts/setup.mjs <script> [arguments]`.
 * Runs on the system's Node from version 20 and imports nothing that would have to be installed first.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = 20;
const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const windows = process.platform === 'win32';
const packagedNode = path.join(root, 'node_modules/node/bin', windows ? 'node.exe' : 'node');

const [script, ...args] = process.argv.slice(2);
if (script === undefined) stop('Say which script to run: node scripts/setup.mjs scripts/start.mjs');
if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
  stop(`Bellwether needs Node ${OLDEST_NODE} or newer to set itself up; this is ${process.version}. Install a current one from nodejs.org and try again.`);
}

const started = Date.now();
const reason = whatIsMissing();
if (reason !== undefined) install(reason);
run();

// ---------------------------------------------------------------- install

/** Compares what the lock file asks for with what npm recorded as installed; undefined when they agree. */
function whatIsMissing() {
  const installed = readLock('node_modules/.package-lock.json');
  if (installed === undefined) return 'nothing is installed yet';
  for (const [name, wanted] of Object.entries(readLock('package-lock.json') ?? {})) {
    if (name === '' || wanted.optional === true || wanted.link === true) continue;
    if (installed[name]?.version !== wanted.version) return 'the lock file has changed';
  }
  return existsSync(packagedNode) ? undefined : 'Node 24 is missing';
}

function readLock(file) {
  try {
    return JSON.parse(readFileSync(path.join(root, file), 'utf8')).packages;
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function install(why) {
  console.log(`Installing packages (${why}): about 200 MB to download the first time, one to three minutes.`);
  if (why !== 'Node 24 is missing') npm(['ci', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error']);
  // The one install script that is needed: it fetches the Node binary of this machine's architecture.
  npm(['rebuild', 'node', '--loglevel=error']);
  if (!existsSync(packagedNode)) stop('npm did not bring Node 24. Run "npm rebuild node" to see why.');
}

function npm(argv) {
  const result = spawnSync('npm', argv, { cwd: root, stdio: ['ignore', 'inherit', 'pipe'], shell: windows, encoding: 'utf8' });
  if (result.error !== undefined) stop(`npm could not be started (${result.error.message}). It comes with Node: install Node again from nodejs.org.`);
  process.stderr.write(result.stderr);
  if (result.status === 0) return;
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH/.test(result.stderr)) {
    stop('The npm registry can not be reached. The first run needs the internet (or your registry: "npm config get registry"); later runs do not.');
  }
  if (result.stderr.includes('ENOSPC')) stop('The disk is full. The first run needs about 700 MB.');
  stop(`"npm ${argv.join(' ')}" failed; its messages are above.`);
}

// ---------------------------------------------------------------- run

function run() {
  const env = { ...process.env, PATH: `${path.join(root, 'node_modules/.bin')}${path.delimiter}${process.env.PATH ?? ''}`, BELLWETHER_INSTALL_MS: String(Date.now() - started) };
  const child = spawn(packagedNode, [path.resolve(root, script), ...args], { cwd: root, env, stdio: 'inherit' });
  // The terminal sends Ctrl+C to the child as well; a signal to this process alone is passed on.
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => stop(`Node 24 could not be started (${error.message}). Delete node_modules and try again.`));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}

function stop(message) {
  console.error(message);
  process.exit(1);
}
