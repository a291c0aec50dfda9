import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { PACKAGE, packageFolder, startN8n, type Session } from './session';

jest.setTimeout(240_000);

const NODES = ['alert', 'approval', 'approvalTrigger', 'backtest', 'chartInkTrigger', 'condition', 'cronMarketHours', 'indicator', 'marketData', 'marketTrigger', 'orderEventTrigger', 'performance', 'placeOrder', 'position', 'riskGate', 'tradeLock', 'tradingViewTrigger'];
/** Those that only read: n8n makes a tool of each besides. */
const TOOLS = ['condition', 'indicator', 'marketData'];
const Icons = z.object({ light: z.string(), dark: z.string() });
const Type = z.looseObject({ name: z.string(), iconUrl: Icons, usableAsTool: z.unknown().optional(), codex: z.looseObject({ categories: z.array(z.string()) }) });

let session: Session;
let folder: string;

/** The tarball that npm would publish, unpacked as n8n's installer does, without its dependencies and scripts. */
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'bellwether-pack-'));
  const packed = spawnSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], { cwd: packageFolder(), encoding: 'utf8' });
  if (packed.status !== 0) throw new Error(`npm pack failed: ${packed.stderr}`);
  const unpacked = spawnSync('tar', ['-xzf', path.join(folder, packed.stdout.trim()), '-C', folder], { encoding: 'utf8' });
  if (unpacked.status !== 0) throw new Error(`tar failed: ${unpacked.stderr}`);
  session = await startN8n({ packageFolder: path.join(folder, 'package') });
});

afterAll(async () => {
  await session.host.dispose();
  rmSync(folder, { recursive: true, force: true });
});

async function ourTypes(): Promise<z.infer<typeof Type>[]> {
  const types = z.array(z.looseObject({ name: z.string() })).parse(await session.client.asset('/types/nodes.json'));
  return types.filter(({ name }) => name.startsWith(`${PACKAGE}.`)).map((type) => Type.parse(type));
}

test('a bare n8n loads every node of the packed package', async () => {
  expect((await ourTypes()).map(({ name }) => name.slice(PACKAGE.length + 1)).sort()).toEqual([...NODES, ...TOOLS.map((name) => `${name}Tool`)].sort());
});

test('every node has its codex and icons for light and dark', async () => {
  for (const { name, iconUrl, codex } of await ourTypes()) {
    expect([name, codex.categories]).toEqual([name, [name.endsWith('Tool') ? 'AI' : 'Finance & Accounting']]);
    for (const url of Object.values(iconUrl)) expect((await fetch(`${session.host.base}/${url}`)).headers.get('content-type')).toContain('svg');
  }
});

test('only nodes that read can be tools of an AI agent', async () => {
  const tools = (await ourTypes()).filter(({ name, usableAsTool }) => usableAsTool !== undefined && !name.endsWith('Tool'));
  expect(tools.map(({ name }) => name.slice(PACKAGE.length + 1)).sort()).toEqual(TOOLS);
});

test.each([
  ['a good account', 'bellwetherAccountApi', { id: 'paper', capital: 100_000 }, 'OK'],
  ['an account whose name could leave its folder', 'bellwetherAccountApi', { id: '../paper' }, 'Error'],
  ['a good key', 'bellwetherWebhookApi', { key: 'long enough' }, 'OK'],
  ['a short key', 'bellwetherWebhookApi', { key: 'short' }, 'Error'],
  ['a good channel', 'bellwetherAlertChannelApi', { kind: 'slack', url: 'https://hooks.example.com/x' }, 'OK'],
  ['a channel without its chat', 'bellwetherAlertChannelApi', { kind: 'telegram', botToken: 'x' }, 'Error'],
])('the credential test tells about %s', async (_case, type, data, status) => {
  const saved = await session.client.createCredential('tested', type, data);
  const answer = await session.client.rest('POST', '/credentials/test', { credentials: { ...saved, type, data } });
  expect(answer).toMatchObject({ status });
});
