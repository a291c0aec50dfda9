import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { ROOT } from './host';

jest.setTimeout(120_000);

const home = mkdtempSync(path.join(os.tmpdir(), 'bellwether-start-'));
let running: ChildProcess | undefined;

afterEach(async () => {
  if (running?.exitCode === null && running.signalCode === null) await stop(running);
});

afterAll(() => rmSync(home, { recursive: true, force: true }));

interface Started {
  readonly child: ChildProcess;
  readonly base: string;
  readonly command: string;
  readonly output: string;
}

/** Starts `npm start`'s own starter and reads what it prints. */
async function start(): Promise<Started> {
  const child = spawn(process.execPath, ['scripts/start/nodeRed.mjs'], { cwd: ROOT, env: { ...process.env, PORT: '0', BELLWETHER_HOME: home }, stdio: ['ignore', 'pipe', 'pipe'] });
  running = child;
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { output += chunk.toString(); });
  const signal = AbortSignal.timeout(60_000);
  while (!/^curl .*\n/m.test(output)) {
    await Promise.race([once(child.stdout, 'data', { signal }), once(child, 'exit').then(() => { throw new Error(`It ended:\n${output}`); })]);
  }
  return { child, output, base: /Bellwether is ready: (\S+)/.exec(output)?.[1] ?? '', command: /^curl .*$/m.exec(output)?.[0] ?? '' };
}

async function stop(child: ChildProcess): Promise<number | null> {
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
  return child.exitCode;
}

function paste(command: string): Readonly<Record<string, unknown>> {
  return { ...JSON.parse(execFileSync('bash', ['-c', command], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })) as object };
}

/** The page that a person sees who opens the second address. */
async function reportAt(url: string): Promise<string> {
  const response = await fetch(url);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  return await response.text();
}

/** Two pastes of one minute. When the minute turns between them, the next two are. */
function pasteTwice(command: string): readonly [Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>] {
  const minute = (): number => Math.floor(Date.now() / 60_000);
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const before = minute();
    const answers = [paste(command), paste(command)] as const;
    if (minute() === before) return answers;
  }
  throw new Error('The minute turned three times.');
}

test('the printed command makes an order, twice within a minute the first receipt; a restart keeps everything', async () => {
  const first = await start();
  expect(first.output).toMatch(/^Bellwether is ready: http:\/\/127\.0\.0\.1:\d+\n/);
  expect(first.output.match(/\n/g)).toHaveLength(6);
  expect(first.output).toContain("The demo's paper account is wider than a new one: ₹1,00,00,000");
  expect(first.output).toContain(`Candles to backtest with (made-up prices): ${path.join(home, 'data/SBIN.csv')}\n`);
  const report = await reportAt(/over history.*: (\S+)/.exec(first.output)?.[1] ?? '');
  expect(report).toMatch(/<h1[^>]*>EMA crossover</);
  expect(report).toMatch(/<section class="notice">[^]*These prices are made up[^]*<\/section><section class="cards"/);
  const [one, two] = pasteTwice(first.command);
  expect(one).toMatchObject({ status: 'accepted' });
  expect(two).toMatchObject({ status: 'duplicate', receipt: one['receipt'] });
  const flows = readFileSync(path.join(home, 'node-red/flows.json'), 'utf8');
  expect(await stop(first.child)).toBe(0);

  const second = await start();
  expect(readFileSync(path.join(home, 'node-red/flows.json'), 'utf8')).toBe(flows);
  const token = /hook\/([0-9a-f]+)/.exec(first.command)?.[1];
  expect(second.command).toContain(token);
  expect(paste(second.command)['signals']).toHaveLength(1);
  expect(await stop(second.child)).toBe(0);
});

test.each([['SIGINT'], ['SIGTERM']] as const)('%s ends it cleanly', async (signal) => {
  const { child } = await start();
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
  expect([child.exitCode, child.signalCode]).toEqual([0, null]);
});

test('a taken port is said so, with what to do', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const address = taken.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const child = spawn(process.execPath, ['scripts/start/nodeRed.mjs'], { cwd: ROOT, env: { ...process.env, PORT: String(port), BELLWETHER_HOME: home }, stdio: ['ignore', 'ignore', 'pipe'] });
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => { output += chunk.toString(); });
  await once(child, 'close');
  taken.close();
  expect([child.exitCode, output.trim()]).toEqual([1, `Port ${port} is taken. Choose another one: PORT=${port + 1} npm start`]);
});
