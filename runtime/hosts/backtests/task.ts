import { loadCalendar } from '../../adapters/calendar/loadCalendar';
import { loadInstruments } from '../../adapters/instruments/loadInstruments';
import type { BacktestResult, BacktestTerms } from '../../domain/backtest';
import { ok, type Outcome } from '../../domain/denial';
import { createCatalogue } from '../../domain/instrument';
import type { Instruments } from '../../domain/ports';
import { createAlwaysOpenCalendar, createTradingCalendar, type TradingCalendar } from '../../domain/session';
import type { EpochMs } from '../../domain/time';
import { metricsOf } from '../../domain/metrics';
import { checkLookahead, readFlow, runBacktest, type BacktestProgress, type BacktestRequest, type Definitions, type LookaheadReport } from '../replay';
import { figuresJson, type FiguresJson } from '../report';
import { changedGraph, type NodeChange } from './changes';

/** What many backtests of one flow share. Plain data: it is handed to worker threads. */
export interface BacktestSetup {
  /** A flow file of either editor, parsed. */
  readonly file: unknown;
  /** Which flow of the file, where it holds several. */
  readonly flow?: string;
  /** For headlines; default the flow's own name. */
  readonly name?: string;
  readonly terms: BacktestTerms;
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
  /** figures: them alone, for sweeps. lookahead: whether the flow ever saw the future. */
  readonly give: 'result' | 'figures' | 'lookahead';
}

export type TaskDone =
  | { readonly kind: 'result'; readonly result: BacktestResult }
  | { readonly kind: 'figures'; readonly figures: FiguresJson; readonly stoppedEarly: boolean }
  | { readonly kind: 'lookahead'; readonly report: LookaheadReport };

export interface TaskHooks {
  readonly onProgress?: (progress: BacktestProgress) => void;
  readonly shouldStop?: () => boolean;
  readonly pause?: () => Promise<void>;
}

/** Reads the flow, sets it up and walks it. */
export async function runTask(setup: BacktestSetup, task: BacktestTask, definitions: Definitions, hooks: TaskHooks = {}): Promise<Outcome<TaskDone>> {
  const request = requestOf(setup, task, definitions);
  if (!request.ok) return request;
  if (task.give === 'lookahead') {
    const report = await Promise.resolve(checkLookahead(request.value));
    return report.ok ? ok({ kind: 'lookahead', report: report.value }) : report;
  }
  const result = await runBacktest({ ...request.value, ...hooks });
  if (!result.ok) return result;
  if (task.give === 'result') return ok({ kind: 'result', result: result.value });
  return ok({ kind: 'figures', figures: figuresJson(metricsOf(result.value).all), stoppedEarly: result.value.stoppedEarly });
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

/** Whose days and hours hold for a setup. */
export function calendarOf({ home, hours }: { readonly home?: string | undefined; readonly hours?: BacktestSetup['hours'] | undefined }): TradingCalendar {
  if (hours === 'always') return createAlwaysOpenCalendar();
  return home === undefined ? createTradingCalendar() : loadCalendar(home);
}

/** Which instruments a setup knows beside those of its data. */
export function instrumentsOf({ home }: { readonly home?: string | undefined }): Instruments {
  return home === undefined ? createCatalogue() : loadInstruments(home);
}
