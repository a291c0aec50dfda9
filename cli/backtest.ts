import { parseArgs } from 'node:util';
import type { BacktestResult } from '../runtime/domain/backtest';
import type { Outcome } from '../runtime/domain/denial';
import { findingsCount, findingsOf, inlineRunner, termRows, type BacktestRunner, type BacktestSetup, type BacktestTask, type TaskDone } from '../runtime/hosts/backtests';
import type { Finding } from '../runtime/hosts/check';
import type { BacktestProgress, LookaheadReport } from '../runtime/hosts/replay';
import { resultJson, tearsheet } from '../runtime/hosts/report';
import { allowed } from './allowed';
import { parsedWords, UsageError } from './arguments';
import { readSetup } from './backtestData';
import { lookaheadText, resultText } from './backtestView';
import { TERMS_OPTIONS } from './backtestWords';
import { DEFINITIONS } from './definitions';
import type { World } from './main';
import { dayReached, progressLine } from './progress';
import { indianTime } from './table';
import type { Answer, Tool } from './tools';

const OPTIONS = {
  ...TERMS_OPTIONS, name: { type: 'string' }, out: { type: 'string' }, json: { type: 'boolean', default: false }, 'check-lookahead': { type: 'boolean', default: false },
  lane: { type: 'string', default: 'compiled' }, 'node-red': { type: 'string' },
} as const;

/** What the shell says of a process that Ctrl+C ended. */
const INTERRUPTED = 130;

/** `bellwether backtest <flow.json> --data <file|store>`: a flow over history, as numbers, as a page, and as JSON. */
export const backtestTool: Tool = {
  async run(words, world): Promise<Answer> {
    const { values, positionals: [file, ...more] } = parsedWords(() => parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true, strict: true }));
    if (file === undefined) throw new UsageError('backtest wants the file of a flow: bellwether backtest flow.json --data candles.csv --symbol NSE:SBIN.');
    if (more.length > 0) throw new UsageError(`"${more.join(' ')}" is too much: one flow at a time.`);
    if (values.out !== undefined && world.backtest === undefined) throw new Error('This process can not write reports.');
    const setup = { ...(await readSetup(file, values, world)), ...(values.name === undefined ? {} : { name: values.name }) };
    const result = await walked(setup, world, laneOf(values, world));
    const lookahead = values['check-lookahead'] && !result.stoppedEarly ? await looked(setup, world) : undefined;
    const findings = findingsOf(setup, DEFINITIONS);
    if (values.out !== undefined) world.backtest?.writeText(values.out, tearsheet(result, { candles: setup.terms.data, terms: termRows(setup), findings }));
    return answer(result, { lookahead, findings, json: values.json, out: values.out });
  },
};

function answer(result: BacktestResult, { lookahead, findings, json, out }: { readonly lookahead: LookaheadReport | undefined; readonly findings: readonly Finding[]; readonly json: boolean; readonly out: string | undefined }): Answer {
  const code = result.stoppedEarly ? INTERRUPTED : lookahead?.clean === false ? 1 : 0;
  if (json) return { text: `${JSON.stringify({ ...resultJson(result), findings, ...(lookahead === undefined ? {} : { lookahead }) })}\n`, code };
  const count = findingsCount(findings);
  const parts = [resultText(result), ...(count === undefined ? [] : [`Check of the flow: ${count}.\n${findings.map(({ severity, text }) => `  ${severity}  ${text}`).join('\n')}`]), ...(lookahead === undefined ? [] : [lookaheadText(lookahead)]), ...(out === undefined ? [] : [`Report: ${out}`])];
  if (result.stoppedEarly) parts.push(`Broken off: all of this is true up to ${indianTime(result.until)}.`);
  return { text: `${parts.join('\n\n')}\n`, code };
}

/** compiled: here. node-red: the flow in a Node-RED of its own, which also runs what can not be translated. */
function laneOf({ lane, 'node-red': folder }: { readonly lane: string; readonly 'node-red'?: string | undefined }, { backtest }: World): BacktestRunner {
  if (lane === 'compiled') return inlineRunner(DEFINITIONS);
  if (lane !== 'node-red') throw new UsageError(`--lane is compiled or node-red, not "${lane}".`);
  if (backtest?.nodeRed === undefined) throw new Error('This process can not start a Node-RED.');
  return allowed(backtest.nodeRed(folder));
}

async function walked(setup: BacktestSetup, world: World, runner: BacktestRunner): Promise<BacktestResult> {
  const done = await ran(setup, { give: 'result' }, world, runner);
  if (done.kind !== 'result') throw new Error('The walk gave no result.');
  return done.result;
}

async function looked(setup: BacktestSetup, world: World): Promise<LookaheadReport> {
  const done = await ran(setup, { give: 'lookahead' }, world, inlineRunner(DEFINITIONS));
  if (done.kind !== 'lookahead') throw new Error('The check gave no report.');
  return done.report;
}

/** The event loop of this thread goes on: progress is drawn and Ctrl+C is heard. */
async function ran(setup: BacktestSetup, task: BacktestTask, world: World, runner: BacktestRunner): Promise<TaskDone> {
  const line = progressLine({ isTerminal: world.backtest?.isTerminal ?? false, now: () => world.now(), write: (text) => { world.err(text); } });
  try {
    const [outcome] = await runner.run(setup, [task], {
      onProgress: (_, { done, at, candles, intents }: BacktestProgress) => { line.show(done, `${dayReached(at)}  ${candles} candles  ${intents} intents`); },
      shouldStop: () => world.backtest?.interrupted() ?? false,
    });
    return allowed(begun(outcome));
  } finally {
    line.end();
  }
}

function begun(outcome: Outcome<TaskDone> | undefined): Outcome<TaskDone> {
  if (outcome === undefined) throw new Error('Broken off before anything was done.');
  return outcome;
}
