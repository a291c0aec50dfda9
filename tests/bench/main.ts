import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, platform, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { benchBacktest } from './backtest';
import type { Bench } from './bench';
import { benchCandles } from './candles';
import { benchFeedSoak } from './feedSoak';
import { benchIndicators } from './indicators';
import { benchInProcess } from './inProcess';
import { benchJournal } from './journal';
import { benchN8n } from './n8n';
import { benchNodeRed } from './nodeRed';
import { table, type Report, type Row } from './report';
import { benchStall } from './stall';
import { benchStreaming } from './streaming';

const SECTIONS: Readonly<Record<string, (bench: Bench) => Promise<readonly Row[]>>> = {
  'journal': benchJournal,
  'in-process': benchInProcess,
  'stall': benchStall,
  'node-red': benchNodeRed,
  'n8n': benchN8n,
  'indicators': benchIndicators,
  'streaming': benchStreaming,
  'candles': benchCandles,
  'backtest': benchBacktest,
  'feed-soak': benchFeedSoak,
};

/** A minute of a full feed: asked for by name. */
const CAMPAIGNS: ReadonlySet<string> = new Set(['feed-soak']);

const DEFAULT_ROUNDS = 4;
const MOST_ROUNDS = 50;

/** Runs the sections that were asked for, prints the table and writes the report. */
export async function main(argv: readonly string[], root: string): Promise<void> {
  const options = optionsOf(argv);
  const rows: Row[] = [];
  const notes: string[] = [];
  const home = mkdtempSync(path.join(tmpdir(), 'bellwether-bench-'));
  const bench: Bench = {
    root, rounds: options.rounds,
    folder: (name) => mkdtempSync(path.join(home, `${name}-`)),
    say: (text) => { process.stderr.write(`${text}\n`); },
    note: (text) => { notes.push(text); },
  };
  const loadBefore = loadavg()[0] ?? 0;
  try {
    for (const name of options.sections) {
      bench.say(`${name} ...`);
      rows.push(...await orNothing(name, SECTIONS[name] ?? unknownSection(name), bench));
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
  const machine = { node: process.version, platform: platform(), cores: availableParallelism(), loadBefore, loadAfter: loadavg()[0] ?? 0 };
  publish({ at: new Date().toISOString(), machine, rows, notes }, { root, json: options.json });
}

/** One host that fails shall not cost the results of the others; the run has failed all the same. */
async function orNothing(name: string, section: (bench: Bench) => Promise<readonly Row[]>, bench: Bench): Promise<readonly Row[]> {
  try {
    return await section(bench);
  } catch (error) {
    bench.note(`${name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    process.exitCode = 1;
    return [];
  }
}

function publish(report: Report, { root, json }: { readonly root: string; readonly json: boolean }): void {
  const file = path.join(root, '.cache/bench.json');
  const text = JSON.stringify(report, undefined, 2);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${text}\n`);
  if (json) {
    process.stdout.write(`${text}\n`);
    return;
  }
  const { node, cores, loadBefore, loadAfter } = report.machine;
  process.stdout.write(`\n${table(report.rows)}\n\n`);
  for (const note of report.notes) process.stdout.write(`Note: ${note}\n`);
  process.stdout.write(`Node ${String(node)}, ${String(cores)} cores, load ${Number(loadBefore).toFixed(1)} before and ${Number(loadAfter).toFixed(1)} after. Quote the ratios: times are this machine's in this hour. Written to .cache/bench.json.\n`);
}

function optionsOf(argv: readonly string[]): { readonly sections: readonly string[]; readonly rounds: number; readonly json: boolean } {
  const { values } = parseArgs({ args: [...argv], options: { only: { type: 'string' }, rounds: { type: 'string' }, json: { type: 'boolean', default: false } } });
  const rounds = values.rounds === undefined ? DEFAULT_ROUNDS : Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > MOST_ROUNDS) throw new Error(`--rounds is a whole number from 1 to ${MOST_ROUNDS}.`);
  return { sections: values.only?.split(',') ?? Object.keys(SECTIONS).filter((name) => !CAMPAIGNS.has(name)), rounds, json: values.json };
}

function unknownSection(name: string): never {
  throw new Error(`There is no section ${name}: ${Object.keys(SECTIONS).join(', ')}.`);
}
