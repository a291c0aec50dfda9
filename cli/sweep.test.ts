import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { z } from 'zod';
import { inlineRunner, threadRunner } from '../runtime/hosts/backtests';
import { indiaTime } from '../runtime/domain/session';
import { DEFINITIONS } from './definitions';
import { main, type World } from './main';
import { readAxis, readWindows } from './sweepWords';

const EMA = path.resolve(__dirname, '../flows/n8n/EMA crossover.json');
const ROOT = path.resolve(__dirname, '..');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'cli-sweep-'));
  const rows = ['time,open,high,low,close,volume'];
  for (const day of ['01', '02', '03', '06', '07', '08']) {
    for (let minute = 0; minute < 375; minute += 1) {
      const price = 450 + 8 * Math.sin((Number(day) * 375 + minute) / 40) + 3 * Math.sin(minute / 9);
      rows.push(`${indiaTime(`2022-06-${day}`, '09:15') + minute * 60_000},${price.toFixed(2)},${(price + 0.5).toFixed(2)},${(price - 0.5).toFixed(2)},${(price + 0.1).toFixed(2)},100000`);
    }
  }
  writeFileSync(path.join(folder, 'sbin.csv'), rows.join('\n'));
  // The program of the threads, as the build makes it but in one file.
  buildSync({ absWorkingDir: ROOT, entryPoints: ['cli/backtestWorker.ts'], outfile: path.join(folder, 'worker.js'), bundle: true, platform: 'node', format: 'cjs', target: 'node24', logLevel: 'error' });
});
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

async function run(words: readonly string[], { threads, stopAfter = Infinity }: { readonly threads?: number; readonly stopAfter?: number } = {}): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let [out, err, asked] = ['', '', 0];
  const world: World = {
    env: {}, workingDirectory: folder, userFolder: folder, now: () => 0, openStore: () => { throw new Error('no journal is needed'); },
    readText: (file) => readFileSync(path.resolve(folder, file), 'utf8'), out: (text) => { out += text; }, err: (text) => { err += text; },
    backtest: {
      isTerminal: false, interrupted: () => (asked += 1) > stopAfter, writeText: () => undefined,
      runner: () => (threads === undefined ? inlineRunner(DEFINITIONS) : threadRunner({ program: path.join(folder, 'worker.js'), threads })),
    },
  };
  return { code: await main(['sweep', EMA, '--data', 'sbin.csv', ...words], world), out, err };
}

const GRID = ['--param', 'fast=3,5,9', '--param', 'slow=8..21:13', '--set', 'Enter.condition=ema({fast}) crosses above ema({slow})', '--set', 'Leave.condition=ema({fast}) crosses below ema({slow})', '--where', 'fast<slow', '--fees', 'none'];
const Rows = z.object({ metric: z.string(), rows: z.array(z.object({ values: z.record(z.string(), z.union([z.number(), z.string()])), figures: z.looseObject({ netPnl: z.number(), totalTrades: z.number() }).nullable(), refused: z.string().optional() })) });

test('every allowed combination is walked, the best stands first, and one thread or two give the same bytes', async () => {
  const inline = await run([...GRID, '--json']);
  const { rows } = Rows.parse(JSON.parse(inline.out));
  expect(rows.map(({ values }) => `${values['fast'] ?? ''}/${values['slow'] ?? ''}`).sort()).toEqual(['3/21', '3/8', '5/21', '5/8', '9/21']);
  const worth = rows.map(({ figures }) => figures?.netPnl ?? NaN);
  expect(worth).toEqual(worth.toSorted((a, b) => b - a));
  expect(new Set(worth).size).toBeGreaterThan(2);
  expect(await run([...GRID, '--json'], { threads: 1 })).toEqual(inline);
  expect(await run([...GRID, '--json'], { threads: 2 })).toEqual(inline);
});

test('numbers inside a condition and whole parameters are varied in place', async () => {
  const { out } = await run(['--param', 'Enter.condition.0=5,9', '--param', 'Enter.timeframe=3m,5m', '--json', '--metric', 'totalTrades', '--lowest']);
  const { rows, metric } = Rows.parse(JSON.parse(out));
  expect([metric, rows.length]).toEqual(['totalTrades', 4]);
  const trades = rows.map(({ figures }) => figures?.totalTrades ?? NaN);
  expect(trades).toEqual(trades.toSorted((a, b) => a - b));
});

test('the table names values and figures, and what a best of many is worth', async () => {
  const { code, out } = await run([...GRID, '--top', '2']);
  expect(code).toBe(0);
  expect(out).toMatch(/^FAST {2}SLOW {2}NET P&L/);
  expect(out).toMatch(/The first 2 of 5\. The best of many is partly luck/);
});

test('a walk-forward tells apart what values were chosen by and what they were worth afterwards', async () => {
  const { out } = await run([...GRID, '--walk-forward', 'train=2d,test=1d', '--json']);
  const Report = z.looseObject({
    windows: z.array(z.object({ train: z.object({ from: z.number(), until: z.number() }), test: z.object({ from: z.number(), until: z.number() }), values: z.record(z.string(), z.number()).nullable(), trained: z.number().nullable(), tested: z.looseObject({ netPnl: z.number() }).nullable() })),
    inSample: z.object({ netPnl: z.number(), totalTrades: z.number() }), outOfSample: z.object({ netPnl: z.number(), totalTrades: z.number() }), warnings: z.array(z.string()),
  });
  const { windows, outOfSample, warnings } = Report.parse(JSON.parse(out));
  expect(windows.length).toBeGreaterThan(3);
  expect(windows.every(({ train, test: tried }) => train.until === tried.from && tried.until - tried.from <= 86_400_000)).toBe(true);
  expect(outOfSample.netPnl).toBeCloseTo(windows.reduce((sum, { tested }) => sum + (tested?.netPnl ?? 0), 0), 3);
  expect(warnings.join('\n')).toMatch(/too few to say anything/);
  expect((await run([...GRID, '--walk-forward', 'train=2d,test=1d'])).out).toMatch(/On what it had not seen: /);
});

test('Ctrl+C gives out what was walked until then', async () => {
  const { code, out } = await run([...GRID, '--json'], { stopAfter: 3 });
  const { rows } = Rows.parse(JSON.parse(out));
  expect(code).toBe(130);
  expect(rows.length).toBeLessThan(5);
});

test.each<[string, readonly string[], number, RegExp]>([
  ['nothing to vary', [], 2, /What is to be varied\?/],
  ['a node that is not there', ['--param', 'Nobody.quantity=1,2'], 1, /The flow has no node "Nobody"\. Its nodes are: Enter, Risk Gate/],
  ['a parameter that is not there', ['--param', 'Enter.speed=1,2'], 1, /"Enter" has no parameter "speed"\. It has: fires, symbols/],
  ['a number that is not there', ['--param', 'Enter.condition.7=1,2'], 1, /"Enter" has no number 7 in "condition"/],
  ['a name that nobody uses', ['--param', 'fast=1,2'], 1, /Nothing uses "fast"/],
  ['a name without values', ['--param', 'fast=1,2', '--set', 'Enter.condition=ema({fast}) crosses above ema({slow})'], 1, /\{slow\} has no values/],
  ['a grid without end', ['--param', 'Enter.condition.0=1..5000', '--param', 'Enter.condition.1=1..5000'], 1, /25000000 combinations are more than 20000/],
  ['a metric that is none', ['--param', 'Enter.condition.0=5', '--metric', 'fun'], 2, /--metric is one of netPnl/],
  ['windows longer than the data', ['--param', 'Enter.condition.0=5', '--walk-forward', 'train=6mo,test=1mo'], 1, /too short for one window/],
  ['a value that no parameter takes', ['--param', 'Enter.timeframe=7x'], 1, /Timeframe/],
])('%s is refused with a word that helps', async (_what, words, code, why) => {
  expect(await run(words)).toMatchObject({ code, out: '', err: expect.stringMatching(why) as string });
});

test('ranges and lists are read as a person means them', () => {
  expect(readAxis('fast=5..20:5')).toEqual({ name: 'fast', values: [5, 10, 15, 20] });
  expect(readAxis('stop=0.1..0.5:0.1').values).toEqual([0.1, 0.2, 0.3, 0.4, 0.5]);
  expect(readAxis('Risk Gate.defaultQuantity=10,20')).toMatchObject({ values: [10, 20], place: { node: 'Risk Gate', parameter: 'defaultQuantity' } });
  expect(readAxis('v1.2 gate.product=MIS,CNC')).toMatchObject({ values: ['MIS', 'CNC'], place: { node: 'v1.2 gate', parameter: 'product' } });
  expect(readWindows('train=6mo,test=2w')).toEqual({ train: { count: 6, unit: 'mo' }, test: { count: 2, unit: 'w' } });
});
