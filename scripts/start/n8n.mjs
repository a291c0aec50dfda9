/**
 * `npm run start:n8n`: a real n8n with Bellwether's nodes, an owner, a paper account whose market never closes, and the prebuilt workflows active.
 * `PORT` (default 5678) and `BELLWETHER_HOME` (default ./.bellwether) choose where; a second start finds everything as it was left.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureN8n } from '../../tests/hosts/n8n/install.mjs';
import { demoAccountWords, DEMO_LIMITS } from './demoAccount.mjs';
import { placeDemoData } from './demoData.mjs';
import { setUpDemo } from './n8n/demo.mjs';
import { freePort, hashPassword, n8nEnvironment, n8nProgram, placePackage } from './n8nHost.mjs';

const START_LIMIT_MS = 180_000;
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const home = path.resolve(process.env.BELLWETHER_HOME || '.bellwether');
const userFolder = path.join(home, 'n8n');
const logFile = path.join(userFolder, 'n8n.log');
const port = portOf(process.env.PORT);

await mustBeFree(port);
mkdirSync(userFolder, { recursive: true, mode: 0o700 });
const n8nFolder = ensureN8n(root);
placePackage(root, userFolder);
const candles = placeDemoData(home, path.join(root, 'flows/n8n'));
const owner = ownerOf(path.join(userFolder, 'owner.json'));
const base = `http://127.0.0.1:${port}`;

console.log('Starting n8n; the first time takes half a minute.');
const child = await startN8n();
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill('SIGTERM'));
child.on('exit', (code) => process.exit(code ?? 0));
const address = await setUpDemo({ base, owner, home, flowsFolder: path.join(root, 'flows/n8n'), record: path.join(userFolder, 'demo.json') });

console.log(`Bellwether is ready: ${base}`);
console.log(`Sign in as ${owner.email} with the password ${owner.password}`);
console.log(demoAccountWords(DEMO_LIMITS));
console.log(`Candles to backtest with (made-up prices): ${candles}`);
if (address !== undefined) {
  console.log('See an order happen: paste this (again within the minute, and the answer is the first receipt).');
  console.log(`curl -sS -X POST ${address} -H 'Content-Type: application/json' -d '{"id":"demo-'$(date +%Y%m%d%H%M)'","exchange":"NSE","symbol":"SBIN","action":"BUY","quantity":1}'`);
}

/** Resolves when n8n answers. Its messages go to a file: a closed terminal must not make it spin. */
async function startN8n() {
  const passwordHash = hashPassword(n8nFolder, owner.password);
  const env = { ...n8nEnvironment({ userFolder, port, brokerPort: await freePort(), owner: { email: owner.email, passwordHash } }), BELLWETHER_HOME: home };
  const log = openSync(logFile, 'w', 0o600);
  const n8n = spawn(process.execPath, [n8nProgram(n8nFolder), 'start'], { env, cwd: userFolder, stdio: ['ignore', log, log] });
  closeSync(log);
  process.once('exit', () => n8n.kill());
  const deadline = Date.now() + START_LIMIT_MS;
  while (!readFileSync(logFile, 'utf8').includes('Editor is now accessible')) {
    if (n8n.exitCode !== null) fail(`n8n ended early. Its messages are in ${logFile}`);
    if (Date.now() > deadline) fail(`n8n did not start within ${START_LIMIT_MS / 1_000} s. Its messages are in ${logFile}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return n8n;
}

/** The demo's owner, with a password of this installation's own. */
function ownerOf(file) {
  if (!existsSync(file)) writeFileSync(file, JSON.stringify({ email: 'owner@bellwether.example', password: `Bw1${randomBytes(9).toString('base64url')}` }), { mode: 0o600 });
  return JSON.parse(readFileSync(file, 'utf8'));
}

function mustBeFree(wanted) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.on('error', (error) => {
      if (error.code === 'EACCES') fail(`Port ${wanted} may not be used by this user. Choose one above 1023: PORT=5678 npm run start:n8n`);
      fail(`Port ${wanted} is taken. Choose another one: PORT=${wanted === 65_535 ? 5678 : wanted + 1} npm run start:n8n`);
    });
    probe.listen(wanted, '127.0.0.1', () => probe.close(resolve));
  });
}

function portOf(text) {
  if (text === undefined || text === '') return 5678;
  if (/^\d{1,5}$/.test(text) && Number(text) > 0 && Number(text) <= 65_535) return Number(text);
  return fail(`PORT is "${text}"; it must be a number from 1 to 65535.`);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
