import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openStore } from '../runtime/index';
import { main, type World } from './main';
import { streamedOutput } from './output';

const FLOW = path.join(__dirname, '../flows/node-red/EMA crossover.json');
let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'bellwether-files-'));
  mkdirSync(path.join(folder, 'inside'));
  await (await openStore(path.join(folder, '.bellwether'))).close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(...words: readonly string[]): Promise<{ readonly code: number; readonly err: string }> {
  let err = '';
  const world: World = {
    env: {}, workingDirectory: folder, userFolder: folder, now: () => Date.UTC(2026, 10, 20), openStore: (home) => openStore(home),
    readText: (file) => readFileSync(path.resolve(folder, file), 'utf8'), out: () => undefined, err: (text) => { err += text; },
    backtest: { isTerminal: false, interrupted: () => false, writeText: (file, text) => { writeFileSync(path.resolve(folder, file), text); }, runner: () => { throw new Error('no run is needed'); }, nodeRed: () => { throw new Error('no run is needed'); } },
    output: { write: () => Promise.resolve(true), file: (name) => streamedOutput(process.stdout).file(path.resolve(folder, name)) },
  };
  return { code: await main(words, world), err };
}

test.each<[string, readonly string[]]>([
  ['a flow to be walked', ['backtest', 'nothing.here', '--data', 'candles.csv', '--symbol', 'NSE:SBIN']],
  ['the candles of a backtest', ['backtest', FLOW, '--data', 'nothing.here', '--symbol', 'NSE:SBIN']],
  ['the account of a backtest', ['backtest', FLOW, '--data', 'nothing.here', '--symbol', 'NSE:SBIN', '--account', 'nothing.here']],
  ['the flow of a sweep', ['sweep', 'nothing.here', '--data', 'candles.csv', '--param', 'Risk Gate.defaultQuantity=10,20']],
  ['a flow to be checked', ['check', 'nothing.here']],
  ['a flow to be carried', ['convert', 'nothing.here', '--to', 'n8n']],
  ['candles to be imported', ['data', 'import', 'nothing.here', '--symbol', 'NSE:SBIN']],
  ['candles of an indicator', ['indicators', 'nothing.here', '--expr', 'rsi(14)']],
  ['candles of a condition', ['condition', 'nothing.here', 'rsi(14) > 30']],
])('%s that is not there is named, with what to do', async (_name, words) => {
  expect(await run(...words)).toEqual({ code: 1, err: `bellwether: There is no file "nothing.here": looked for ${path.join(folder, 'nothing.here')}. Check its name; a name without a folder is looked for where you are.\n` });
});

test('a folder is none', async () => {
  expect(await run('check', 'inside')).toEqual({ code: 1, err: 'bellwether: "inside" is a folder: name a file in it.\n' });
});

test.each<[string, readonly string[]]>([
  ['a carried flow', ['convert', FLOW, '--to', 'n8n', '--out', 'none/flow.json']],
  ['the journal', ['journal', '--export', 'csv', '--out', 'none/flow.json']],
])('%s for a folder that is not there', async (_name, words) => {
  expect(await run(...words)).toEqual({ code: 1, err: `bellwether: "none/flow.json" can not be written: there is no folder ${path.join(folder, 'none')}. Make it first, or name another one.\n` });
});

test('what is no word of the system is passed on as it is', async () => {
  let err = '';
  const broken: World = { env: {}, workingDirectory: folder, userFolder: folder, now: () => 0, openStore: () => { throw new Error('no journal'); }, readText: () => { throw new Error('odd'); }, out: () => undefined, err: (text) => { err += text; } };
  expect(await main(['check', 'x'], broken)).toBe(1);
  expect(err).toBe('bellwether: odd\n');
});
