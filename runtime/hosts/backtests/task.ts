import type { BacktestReport, BacktestResult, BacktestTerms } from '../../domain/backtest';
import { ok, type Outcome } from '../../domain/denial';
import type { EpochMs } from '../../domain/time';
import { metricsOf } from '../../domain/metrics';
import { checkLookahead, readFlow, runBacktest, type BacktestProgress, type BacktestRequest, type Definitions, type LookaheadReport } from '../replay';
import { figuresJson, resultJson, tearsheet, type FiguresJson } from '../report';
import { changedGraph, type NodeChange } from './changes';
import { findingsOf, toldOf } from './findings';
import { calendarOf, instrumentsOf } from './surroundings';
import { termRows } from './termRows';
import { setupOf, type WishedSetup } from './wish';

/** What many backtests of one flow share. Plain data: it is handed to worker threads. */
export interface BacktestSetup {
  /** A flow file of either editor, parsed. */
  readonly file: unknown;
  /** Which flow of the file, where it holds several. */
  readonly flow?: string;
  /** For headlines; default the flow's own name. */
  readonly name?: string;
  readonly terms: BacktestTerms;
  /** Where the candles came from, in words, for the report. */
  readonly source?: string;
  readonly orders?: NonNullable<BacktestRequest['orders']>;
  readonly alerts?: NonNullable<BacktestRequest['alerts']>;
  readonly starts?: NonNullable<BacktestRequest['starts']>;
  /** State folder whose `calendar.json` and `instruments.csv` hold; absent: the bundled ones. */
  readonly home?: string;
  /** always: around the clock, for markets that this calendar does not know. Default 'exchange'. */
  readonly hours?: 'exchange' | 'always';
}

/** One backtest of a setup. */
export interface BacktestTask {
  readonly changes?: readonly NodeChange[];
  /** Instead of the terms' own. */
  readonly from?: EpochMs;
  readonly until?: EpochMs;
  /** figures: them alone, for sweeps. report: figures, trades and page, for nodes. lookahead: whether the flow ever saw the future. */
  readonly give: 'result' | 'figures' | 'lookahead' | 'report';
}

export type TaskDone =
  | { readonly kind: 'result'; readonly result: BacktestResult }
  | { readonly kind: 'figures'; readonly figures: FiguresJson; readonly stoppedEarly: boolean }
  | { readonly kind: 'report'; readonly report: BacktestReport }
  | { readonly kind: 'lookahead'; readonly report: LookaheadReport };

export interface TaskHooks {
  readonly onProgress?: (progress: BacktestProgress) => void;
  readonly shouldStop?: () => boolean;
  readonly pause?: () => Promise<void>;
  /** Another lane's way to walk; default lane A. A look-ahead check walks in lane A. */
  readonly walk?: typeof runBacktest;
}

/** Reads the flow, sets it up and walks it. */
export async function runTask(wanted: BacktestSetup | WishedSetup, task: BacktestTask, definitions: Definitions, hooks: TaskHooks = {}): Promise<Outcome<TaskDone>> {
  const read = 'wish' in wanted ? await setupOf(wanted, definitions) : ok(wanted);
  if (!read.ok) return read;
  const setup = read.value;
  const request = requestOf(setup, task, definitions);
  if (!request.ok) return request;
  if (task.give === 'lookahead') {
    const report = await Promise.resolve(checkLookahead(request.value));
    return report.ok ? ok({ kind: 'lookahead', report: report.value }) : report;
  }
  const { walk = runBacktest, ...heard } = hooks;
  const result = await walk({ ...request.value, ...heard });
  if (!result.ok) return result;
  if (task.give === 'report') return ok({ kind: 'report', report: reportOf(result.value, setup, definitions) });
  if (task.give === 'result') return ok({ kind: 'result', result: result.value });
  return ok({ kind: 'figures', figures: figuresJson(metricsOf(result.value).all), stoppedEarly: result.value.stoppedEarly });
}

/** Trades that leave a node with its item; all of them are in the page. */
const MOST_TRADES = 1_000;

function reportOf(result: BacktestResult, setup: BacktestSetup, definitions: Definitions): BacktestReport {
  const metrics = metricsOf(result);
  const findings = findingsOf(setup, definitions);
  const { intents, refusals, alerts, trades, ...rest } = resultJson(result, metrics);
  const counts = { tradeCount: trades.length, intentCount: intents.length, refusalCount: refusals.length, alertCount: alerts.length };
  return { json: { ...rest, ...counts, trades: trades.slice(-MOST_TRADES), findings }, page: tearsheet(result, { metrics, candles: setup.terms.data, terms: termRows(setup), findings }), told: toldOf(metrics, findings, result.stoppedEarly) };
}

function requestOf({ file, flow, name, terms, orders, alerts, starts, home, hours }: BacktestSetup, { changes = [], from = terms.from, until = terms.until }: BacktestTask, definitions: Definitions): Outcome<BacktestRequest> {
  const read = readFlow(file, definitions, flow);
  if (!read.ok) return read;
  const graph = changedGraph(read.value.graph, changes);
  if (!graph.ok) return graph;
  return ok({
    graph: graph.value, name: name ?? read.value.document.name, terms: { ...terms, from, until }, calendar: calendarOf({ home, hours }), instruments: instrumentsOf({ home }),
    ...(orders === undefined ? {} : { orders }), ...(alerts === undefined ? {} : { alerts }), ...(starts === undefined ? {} : { starts }),
  });
}
