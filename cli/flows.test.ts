import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { main, type World } from './main';

const flows = path.resolve(__dirname, '../flows');
const EMA = readFileSync(path.join(flows, 'n8n', 'EMA crossover.json'), 'utf8');

async function run(words: readonly string[], text = EMA) {
  let [out, err] = ['', ''];
  const written = new Map<string, string>();
  const world: World = {
    env: {}, workingDirectory: '', userFolder: '', now: () => 0, openStore: () => { throw new Error('no journal is needed'); },
    readText: () => text, out: (more) => { out += more; }, err: (more) => { err += more; },
    backtest: { isTerminal: false, interrupted: () => false, writeText: (file, content) => { written.set(file, content); }, runner: () => { throw new Error('no backtest is run'); } },
  };
  return { code: await main(words, world), out, err, written };
}

/** The flow with the gate passed by. */
const UNGATED = EMA.replace('"node": "Risk Gate"', '"node": "Place Order"');

test('check: a good flow ends with 0, and says that nothing was found', async () => {
  expect(await run(['check', 'ema.json'])).toMatchObject({ code: 0, out: 'EMA crossover: 13 nodes, nothing found\n\n0 errors, 0 warnings.\n' });
});

test('check: an error names the nodes and the remedy, and ends with 1', async () => {
  const { code, out } = await run(['check', 'ema.json'], UNGATED);
  expect(code).toBe(1);
  expect(out).toMatch(/error {2}"Place Order" is reached from "Enter" without a Risk Gate[^]*Put a Risk Gate \(Check an Order\) before it, wired from its Approved output\. \(order-without-gate\)/);
  const json = await run(['check', 'ema.json', '--json'], UNGATED);
  expect(JSON.parse(json.out)).toMatchObject({ flows: ['EMA crossover'], errors: 1, findings: [{ flow: 'EMA crossover', code: 'order-without-gate', severity: 'error', nodes: ['Place Order', 'Enter'] }] });
  expect(json.code).toBe(1);
});

test('check: a symbol that nobody on this machine knows is an error; the state folder\'s own rows make it known, and nothing is written', async () => {
  const unknown = EMA.replaceAll('"SBIN"', '"NOSUCHSTOCK"');
  const { code, out } = await run(['check', 'ema.json'], unknown);
  expect(code).toBe(1);
  expect(out).toMatch(/error {2}"Enter": NSE:NOSUCHSTOCK is not among the known instruments\./);
  expect(await run(['check', 'ema.json'], EMA.replaceAll('"SBIN"', '"NSE_INDEX:NIFTY"'))).toMatchObject({ out: expect.not.stringContaining('known instruments') as string });
  const home = mkdtempSync(path.join(tmpdir(), 'cli-check-'));
  try {
    expect(await run(['check', 'ema.json', '--home', home], unknown)).toMatchObject({ code: 1, err: expect.stringContaining('bellwether.db') as string });
    writeFileSync(path.join(home, 'bellwether.db'), '');
    writeFileSync(path.join(home, 'instruments.csv'), 'exchange,symbol,lotSize,tickSize\nNSE,NOSUCHSTOCK,1,0.05\n');
    expect(await run(['check', 'ema.json', '--home', home], unknown)).toMatchObject({ code: 0 });
    expect(readdirSync(home).toSorted()).toEqual(['bellwether.db', 'instruments.csv']);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

test('check: the rules are listed with where they come from', async () => {
  const { out, code } = await run(['check', '--rules', '--json']);
  expect(code).toBe(0);
  expect(z.array(z.object({ code: z.string(), source: z.string().min(1) })).parse(JSON.parse(out)).length).toBeGreaterThan(10);
});

test('check and convert: what is no flow is refused in words', async () => {
  expect(await run(['check', 'a.json'], '{')).toMatchObject({ code: 1, err: expect.stringContaining('a.json is no JSON') as string });
  expect(await run(['convert', 'a.json', '--to', 'n8n'], '{}')).toMatchObject({ code: 1, err: expect.stringContaining('neither an n8n workflow nor a Node-RED flow') as string });
  expect(await run(['convert', 'a.json', '--to', 'word'])).toMatchObject({ code: 2 });
  expect(await run(['convert', 'a.json'])).toMatchObject({ code: 2 });
  expect(await run(['convert', 'a.json', '--to', 'n8n'])).toMatchObject({ code: 1, err: expect.stringContaining('already') as string });
});

test('convert: the new file goes to standard output, the report beside it', async () => {
  const { code, out, err } = await run(['convert', 'ema.json', '--to', 'node-red']);
  expect({ code, err }).toEqual({ code: 0, err: 'Everything was carried.\n' });
  expect(z.array(z.looseObject({ type: z.string() })).parse(JSON.parse(out)).filter(({ type }) => type === 'bellwether-place-order')).toHaveLength(1);
});

test('convert: with --out the file is written and the report shown', async () => {
  const { out, written } = await run(['convert', 'ema.json', '--to', 'node-red', '--out', 'ema-red.json']);
  expect(out).toBe('ema-red.json\nEverything was carried.\n');
  expect(await run(['check', 'ema-red.json'], written.get('ema-red.json'))).toMatchObject({ code: 0 });
});

test('convert: --json holds report and flow', async () => {
  const { out } = await run(['convert', 'kill.json', '--to', 'n8n', '--json'], readFileSync(path.join(flows, 'node-red', 'Kill switch and close all.json'), 'utf8'));
  expect(JSON.parse(out)).toMatchObject({ to: 'n8n', report: [{ kind: 'changed', node: 'Re-arm' }], flow: { name: 'Kill switch and close all' } });
});
