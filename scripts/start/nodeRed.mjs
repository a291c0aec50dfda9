/**
 * `npm start`: Node-RED with Bellwether's nodes, a paper account whose market never closes, and the prebuilt flows on the canvas.
 * `PORT` (default 1880) and `BELLWETHER_HOME` (default ./.bellwether) choose where; a second start finds everything as it was left.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { demoAccountWords, NODE_RED_LIMITS } from './demoAccount.mjs';
import { placeDemoData } from './demoData.mjs';
import { ACCOUNT_NODE, demoFlows, findDemoTrigger } from './nodeRed/demoFlows.mjs';
import { REPORT_PATH } from './nodeRed/demoReport.mjs';
import { prepareUserFolder, settingsOf } from './nodeRed/userFolder.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const require = createRequire(import.meta.url);
const RED = require('node-red');
const express = createRequire(require.resolve('node-red'))('express');

const home = path.resolve(process.env.BELLWETHER_HOME || '.bellwether');
process.env.BELLWETHER_HOME = home;
mkdirSync(home, { recursive: true });

const app = express();
let isReady = false;
app.use((_request, response, next) => {
  if (isReady) next();
  else response.status(503).set('Retry-After', '2').json({ error: { code: 'NOT_READY', message: 'Bellwether is starting.' } });
});
const server = createServer(app);
let isStopping = false;
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void stop());

const port = await listen(server, portOf(process.env.PORT));

const userDir = path.join(home, 'node-red');
const isFirstStart = prepareUserFolder(userDir, root);
const candles = placeDemoData(home, path.join(root, 'flows/node-red'));
RED.init(server, settingsOf(userDir, port));
app.use('/', RED.httpAdmin);
app.use('/', RED.httpNode);

await untilFlowsRun(() => RED.start());
if (isFirstStart) await untilFlowsRun(() => RED.runtime.flows.setFlows({ flows: { flows: demoFlows(root) }, deploymentType: 'full' }));
isReady = true;
await announce();

/** Node-RED says that it has flows before they run. */
async function untilFlowsRun(begin) {
  const started = once(RED.events, 'flows:started');
  await begin();
  await started;
}

async function announce() {
  const base = `http://127.0.0.1:${port}`;
  console.log(`Bellwether is ready: ${base}`);
  const { flows } = await RED.runtime.flows.getFlows({});
  const trigger = findDemoTrigger(flows);
  if (flows.some(({ id }) => id === ACCOUNT_NODE)) console.log(demoAccountWords(NODE_RED_LIMITS));
  console.log(`Candles to backtest with (made-up prices): ${candles}`);
  if (flows.some(({ type, url }) => type === 'http in' && url === REPORT_PATH)) console.log(`See a strategy over history (made-up prices): ${base}${REPORT_PATH}`);
  if (trigger === undefined) return;
  console.log('See an order happen: paste this (again within the minute, and the answer is the first receipt).');
  console.log(`curl -sS -X POST ${base}/bellwether/hook/${trigger.token} -H 'Content-Type: application/json' -d '{"id":"demo-'$(date +%Y%m%d%H%M)'","exchange":"NSE","symbol":"SBIN","action":"BUY","quantity":1}'`);
}

/** Before everything runs there is nothing to stop; a second signal does not wait. */
async function stop() {
  if (isStopping || !isReady) process.exit(isStopping ? 1 : 0);
  isStopping = true;
  await RED.stop();
  server.closeAllConnections();
  process.exit(0);
}

async function listen(http, wanted) {
  http.listen(wanted, '127.0.0.1');
  try {
    await once(http, 'listening');
  } catch (error) {
    if (error.code === 'EADDRINUSE') fail(`Port ${wanted} is taken. Choose another one: PORT=${wanted === 65_535 ? 1880 : wanted + 1} npm start`);
    if (error.code === 'EACCES') fail(`Port ${wanted} may not be used by this user. Choose one above 1023: PORT=1880 npm start`);
    throw error;
  }
  return http.address().port;
}

function portOf(text) {
  if (text === undefined || text === '') return 1880;
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  return fail(`PORT is "${text}"; it must be a number from 0 to 65535.`);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
