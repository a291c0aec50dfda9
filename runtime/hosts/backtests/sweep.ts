import { DateTime } from 'luxon';
import { deny, explained, ok, type Outcome } from '../../domain/denial';
import type { FigureName } from '../../domain/metrics';
import { INDIA_ZONE, type EpochMs } from '../../domain/time';
import type { FiguresJson } from '../report';
import type { Combination } from './grid';
import type { BacktestRunner } from './runner';
import type { BacktestSetup, BacktestTask, TaskDone } from './task';

/** One flow with many values. */
export interface Search {
  readonly setup: BacktestSetup;
  readonly combinations: readonly Combination[];
  /** What the best is best at. */
  readonly metric: FigureName;
  readonly direction: 'highest' | 'lowest';
  readonly runner: BacktestRunner;
  readonly hooks: {
    /** `done` of all backtests, with the share of those that run. */
    readonly onProgress?: (done: number, of: number) => void;
    readonly shouldStop?: () => boolean;
  };
}

/** What one combination came to. */
export interface SweepRow {
  readonly values: Combination['values'];
  /** Null where it was refused. */
  readonly figures: FiguresJson | null;
  readonly refused?: string;
}

/**
 * Every combination over the whole span, best first; of equals the one that was named first. Those that were broken off, or not begun, are left out. Denies where every one is refused:
 * what is wrong then is the flow or its data.
 */
export async function sweepOver(search: Search): Promise<Outcome<readonly SweepRow[]>> {
  const { setup: { terms: { from, until } }, combinations } = search;
  const outcomes = await ran(search, combinations.map(({ changes }) => ({ changes, from, until, give: 'figures' })));
  const rows = outcomes.flatMap((outcome, index) => rowOf(combinations[index], outcome));
  const [only] = outcomes;
  if (rows.length > 0 && rows.every(({ figures }) => figures === null) && only?.ok === false) return only;
  return ok(ranked(rows, search));
}

/** A stretch of time; `until` is exclusive. */
export interface Stretch {
  readonly from: EpochMs;
  readonly until: EpochMs;
}

export interface WindowLengths {
  readonly train: { readonly count: number; readonly unit: 'd' | 'w' | 'mo' | 'y' };
  readonly test: { readonly count: number; readonly unit: 'd' | 'w' | 'mo' | 'y' };
}

/** The windows of a walk-forward: each is tried on the stretch right behind what it was chosen on; they move on by one test at a time. The last one is shorter where the data end. */
export function spanParts({ from, until }: Stretch, { train, test }: WindowLengths): readonly { readonly train: Stretch; readonly test: Stretch }[] {
  const windows: { readonly train: Stretch; readonly test: Stretch }[] = [];
  const begin = DateTime.fromMillis(from, { zone: INDIA_ZONE }).startOf('day');
  for (let step = 0; step < MOST_WINDOWS; step += 1) {
    const start = begin.plus(inUnits({ count: test.count * step, unit: test.unit }));
    const turn = start.plus(inUnits(train)).toMillis();
    if (turn >= until) break;
    windows.push({ train: { from: Math.max(from, start.toMillis()), until: turn }, test: { from: turn, until: Math.min(until, start.plus(inUnits(train)).plus(inUnits(test)).toMillis()) } });
  }
  return windows;
}

const MOST_WINDOWS = 1_000;
const UNITS = { d: 'days', w: 'weeks', mo: 'months', y: 'years' } as const;

function inUnits({ count, unit }: WindowLengths['train']): Readonly<Record<string, number>> {
  return { [UNITS[unit]]: count };
}

export interface WalkForwardReport {
  readonly windows: readonly {
    readonly train: Stretch;
    readonly test: Stretch;
    /** The best of the training stretch; null where there was none. */
    readonly values: Combination['values'] | null;
    /** The metric there. */
    readonly trained: number | null;
    /** Every figure where it had not been chosen on. */
    readonly tested: FiguresJson | null;
  }[];
  /** Sums over the best of every window, where they were chosen. */
  readonly inSample: { readonly netPnl: number; readonly totalTrades: number };
  /** Sums over the tests: what is worth looking at. */
  readonly outOfSample: { readonly netPnl: number; readonly totalTrades: number };
  readonly warnings: readonly string[];
  readonly stoppedEarly: boolean;
}

/** Chooses values on one stretch and tries them on the next, window by window. Denies a span too short for one window. */
export async function walkForward(search: Search, windows: readonly { readonly train: Stretch; readonly test: Stretch }[]): Promise<Outcome<WalkForwardReport>> {
  const { combinations } = search;
  if (windows.length === 0) return deny('INVALID_PARAMETER', 'The data are too short for one window of training and testing.', { field: 'walk-forward', remedy: 'Use shorter windows, or more data.' });
  const training = windows.flatMap(({ train }) => combinations.map(({ changes }): BacktestTask => ({ changes, ...train, give: 'figures' })));
  const inAll = training.length + windows.length;
  const trained = await ran(search, training, { before: 0, inAll });
  const best = windows.map((_, window) => ranked(combinations.flatMap((combination, index) => rowOf(combination, trained[window * combinations.length + index])), search)[0]);
  const [only] = trained;
  if (best.every((row) => row?.figures == null) && only?.ok === false) return only;
  const chosen = best.map((row) => (row?.figures == null ? undefined : combinations.find(({ values }) => values === row.values)));
  const tested = await ran(search, windows.map(({ test }, window): BacktestTask => ({ changes: chosen[window]?.changes ?? [], ...test, give: 'figures' })), { before: training.length, inAll });
  const rows = windows.map(({ train, test }, window) => ({
    train, test, values: chosen[window]?.values ?? null, trained: chosen[window] === undefined ? null : best[window]?.figures?.[search.metric] ?? null, tested: chosen[window] === undefined ? null : figuresOf(tested[window]),
  }));
  const inSample = summed(best.map((row) => row?.figures ?? null));
  const outOfSample = summed(rows.map((row) => row.tested));
  const stoppedEarly = [...trained, ...tested].some((outcome) => outcome === undefined || (outcome.ok && outcome.value.kind === 'figures' && outcome.value.stoppedEarly));
  return ok({ windows: rows, inSample, outOfSample, stoppedEarly, warnings: warningsOf({ windows: rows, combinations: combinations.length, inSample, outOfSample }) });
}

/** Fewer trades than this prove nothing about a set of values. */
const FEW_TRADES = 30;

function warningsOf({ windows, combinations, inSample, outOfSample }: { readonly windows: WalkForwardReport['windows']; readonly combinations: number; readonly inSample: WalkForwardReport['inSample']; readonly outOfSample: WalkForwardReport['outOfSample'] }): readonly string[] {
  const different = new Set(windows.map(({ values }) => JSON.stringify(values))).size;
  return [
    ...(inSample.netPnl > 0 && outOfSample.netPnl <= 0 ? ['what earned where it was chosen lost where it had not been: the values fit the past, not the market.'] : []),
    ...(inSample.netPnl > 0 && outOfSample.netPnl > 0 && outOfSample.netPnl / Math.max(1, outOfSample.totalTrades) < inSample.netPnl / Math.max(1, inSample.totalTrades) / 2 ? ['a trade earned less than half of what it earned where the values were chosen.'] : []),
    ...(outOfSample.totalTrades < FEW_TRADES ? [`${outOfSample.totalTrades} trades outside of the choice are too few to say anything.`] : []),
    ...(windows.length > 1 && different === windows.length ? ['every window chose other values: none of them is stable.'] : []),
    ...(combinations > 100 ? [`the best of ${combinations} combinations is partly luck.`] : []),
  ];
}

async function ran({ setup, runner, hooks: { onProgress, shouldStop } }: Search, tasks: readonly BacktestTask[], { before, inAll }: { readonly before: number; readonly inAll: number } = { before: 0, inAll: tasks.length }): ReturnType<BacktestRunner['run']> {
  const shares = new Map<number, number>();
  let ended = 0;
  const tell = (): void => onProgress?.(before + ended + [...shares.values()].reduce((sum, share) => sum + share, 0), inAll);
  return runner.run(setup, tasks, {
    onProgress: (task, { done }) => { shares.set(task, done); tell(); },
    onDone: (task) => { shares.delete(task); ended += 1; tell(); },
    ...(shouldStop === undefined ? {} : { shouldStop }),
  });
}

function rowOf(combination: Combination | undefined, outcome: Outcome<TaskDone> | undefined): readonly SweepRow[] {
  if (combination === undefined || outcome === undefined) return [];
  if (!outcome.ok) return [{ values: combination.values, figures: null, refused: explained(outcome.denial) }];
  return outcome.value.kind === 'figures' && !outcome.value.stoppedEarly ? [{ values: combination.values, figures: outcome.value.figures }] : [];
}

function figuresOf(outcome: Outcome<TaskDone> | undefined): FiguresJson | null {
  return outcome?.ok === true && outcome.value.kind === 'figures' ? outcome.value.figures : null;
}

/** Best first; those without the figure stand behind, in their order. */
function ranked(rows: readonly SweepRow[], { metric, direction }: Pick<Search, 'metric' | 'direction'>): readonly SweepRow[] {
  const sign = direction === 'highest' ? -1 : 1;
  const worth = ({ figures }: SweepRow): number => (figures?.[metric] == null ? Infinity : sign * figures[metric]);
  return rows.toSorted((a, b) => (worth(a) === worth(b) ? 0 : worth(a) - worth(b)));
}

function summed(all: readonly (FiguresJson | null)[]): { readonly netPnl: number; readonly totalTrades: number } {
  const sum = (name: 'netPnl' | 'totalTrades'): number => all.reduce((total, figures) => total + (figures?.[name] ?? 0), 0);
  return { netPnl: Math.round(sum('netPnl') * 10_000) / 10_000, totalTrades: sum('totalTrades') };
}
