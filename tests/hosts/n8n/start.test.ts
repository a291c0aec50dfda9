import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openStore } from '../../../runtime/openStore';
import { freePort } from '../../../scripts/start/n8nHost.mjs';
import { until } from './poll';
import { packageFolder, send } from './session';

jest.setTimeout(300_000);

let home: string;
let running: Started | undefined;

interface Started {
  readonly child: ChildProcess;
  output: string;
}

beforeAll(() => {
  home = mkdtempSync(path.join(tmpdir(), 'bellwether-start-'));
});

afterAll(async () => {
  if (running !== undefined) await stop(running);
  rmSync(home, { recursive: true, force: true });
});

function start(port: number): Started {
  const child = spawn(process.execPath, [path.join(packageFolder(), 'scripts/start/n8n.mjs')], { cwd: packageFolder(), env: { ...process.env, PORT: String(port), BELLWETHER_HOME: home }, stdio: ['ignore', 'pipe', 'pipe'] });
  const started: Started = { child, output: '' };
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { started.output += chunk.toString(); });
  return started;
}

async function stop({ child }: Started): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

/** The address in the printed command. */
function printedUrl(started: Started): Promise<string> {
  return until('the printed command', () => {
    if (started.child.exitCode !== null) throw new Error(`It ended early:\n${started.output}`);
    return /curl .*?(http:\S+)/.exec(started.output)?.[1];
  }, 200_000);
}

async function orders(): Promise<number> {
  const store = await openStore(home);
  try {
    return (await store.orders()).filter(({ status }) => status === 'FILLED').length;
  } finally {
    await store.close();
  }
}

test('the printed command makes an order, twice it shows the first receipt, and a restart keeps everything', async () => {
  const port = await freePort();
  running = start(port);
  const url = await printedUrl(running);
  expect(running.output).toContain(`Bellwether is ready: http://127.0.0.1:${port}`);
  expect(running.output).toContain("The demo's paper account is wider than a new one: ₹1,00,00,000");
  const alert = { id: 'demo-1', exchange: 'NSE', symbol: 'SBIN', action: 'BUY', quantity: 1 };
  const first = await send(url, alert);
  expect([first.status, (await send(url, alert)).body['receipt']]).toEqual([202, first.body['receipt']]);
  await until('the filled order', async () => ((await orders()) === 1 ? true : undefined));
  await stop(running);
  running = start(port);
  expect(await printedUrl(running)).toBe(url);
  expect((await send(url, alert)).status).toBe(200);
  expect((await send(url, { ...alert, id: 'demo-2' })).status).toBe(202);
  await until('the second order', async () => ((await orders()) === 2 ? true : undefined));
});

test('a taken port gives a message with the remedy', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const started = start(port);
  await once(started.child, 'exit');
  other.close();
  expect(started.child.exitCode).toBe(1);
  expect(started.output).toContain(`Port ${port} is taken. Choose another one: PORT=`);
});
