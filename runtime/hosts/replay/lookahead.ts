import type { BacktestResult, BacktestTerms } from '../../domain/backtest';
import type { CandleColumns } from '../../domain/candle';
import { ok, type Outcome } from '../../domain/denial';
import { chainOf } from '../../domain/eventChain';
import type { Intent } from '../../domain/order';
import { PROTECTION_NODE } from '../../domain/protection';
import type { EpochMs } from '../../domain/time';
import { runBacktest } from './backtest';
import type { BacktestRequest } from './backtestRequest';

/** One cut through the data: everything behind it was changed, and what was decided before it compared. */
export interface LookaheadCut {
  readonly at: EpochMs;
  /** The first thing that differs before the cut; absent where nothing does. */
  readonly difference?: string;
}

/** Whether the flow ever looked ahead: it did where a cut has a difference. */
export interface LookaheadReport {
  readonly cuts: readonly LookaheadCut[];
  readonly clean: boolean;
}

export interface LookaheadOptions {
  /** Default 5, spread evenly over the candles that are walked. */
  readonly cuts?: number;
  /** Who walks; another one in tests. */
  readonly run?: (request: BacktestRequest) => Promise<Outcome<BacktestResult>>;
}

/** By how much prices behind a cut differ: enough to turn any average, little enough to stay prices. */
const FACTOR = 1.07;

/**
 * Changes the future behind several moments, walks again and compares everything that was decided before each of them: intents, fills, alerts, refusals, to the byte. A flow that looks ahead by
 * whatever way decides differently then. Progress and stops are those of the request; a walk that is stopped ends the check with the cuts that are done.
 */
export async function checkLookahead(request: BacktestRequest, { cuts = 5, run = runBacktest }: LookaheadOptions = {}): Promise<Outcome<LookaheadReport>> {
  const quiet: BacktestRequest = { ...request, onProgress: () => undefined };
  const whole = await run(quiet);
  if (!whole.ok) return whole;
  const done: LookaheadCut[] = [];
  const moments = momentsOf(request.terms, cuts);
  for (const [index, at] of moments.entries()) {
    if (request.shouldStop?.() === true) break;
    const other = await run({ ...quiet, terms: { ...request.terms, data: request.terms.data.map((recorded) => ({ ...recorded, columns: changedBehind(recorded.columns, at, recorded.timeframeMs) })) } });
    if (!other.ok) return other;
    const difference = firstDifference(decidedBefore(whole.value, at), decidedBefore(other.value, at));
    done.push({ at, ...(difference === undefined ? {} : { difference }) });
    request.onProgress?.({ done: (index + 1) / moments.length, at, candles: 0, candlesInAll: 0, intents: whole.value.intents.length });
  }
  return ok({ cuts: done, clean: done.every(({ difference }) => difference === undefined) });
}

/** Ends of candles, evenly over those that are walked. */
function momentsOf({ data, from, until }: BacktestTerms, cuts: number): readonly EpochMs[] {
  const [longest] = [...data].sort((one, other) => other.columns.length - one.columns.length);
  if (longest === undefined) return [];
  const { columns: { time }, timeframeMs } = longest;
  const walked = Array.from(time.filter((at) => at >= from && at < until));
  const moments = Array.from({ length: cuts }, (_, index) => walked[Math.floor(((index + 1) * walked.length) / (cuts + 1))]);
  return [...new Set(moments.flatMap((at) => (at === undefined ? [] : [at + timeframeMs])))];
}

/** The same candles up to the cut; behind it other prices, turned round and moved, and other volumes. */
function changedBehind(columns: CandleColumns, at: EpochMs, timeframeMs: number): CandleColumns {
  const changed = { ...columns, open: columns.open.slice(), high: columns.high.slice(), low: columns.low.slice(), close: columns.close.slice(), volume: columns.volume.slice() };
  for (let index = 0; index < columns.length; index += 1) {
    if ((columns.time[index] ?? NaN) + timeframeMs <= at) continue;
    const [open, high, low, close] = [columns.close[index], columns.high[index], columns.low[index], columns.open[index]].map((price) => onTick((price ?? NaN) * FACTOR));
    changed.open[index] = open ?? NaN;
    changed.close[index] = close ?? NaN;
    changed.high[index] = Math.max(high ?? NaN, open ?? NaN, close ?? NaN);
    changed.low[index] = Math.min(low ?? NaN, open ?? NaN, close ?? NaN);
    changed.volume[index] = (columns.volume[index] ?? 0) * 2;
  }
  return changed;
}

function onTick(price: number): number {
  return Math.round(price * 20) / 20;
}

/**
 * One line for everything that was decided or happened up to the moment, in order. The first price behind the cut bears the time of the cut itself: of that moment count the decisions of candles
 * and schedules, which come before it, and not what follows from prices, such as exits at a stop and flows that an event of the account began.
 */
function decidedBefore({ intents, fills, alerts, refusals }: BacktestResult, at: EpochMs): readonly string[] {
  const countsAt = ({ nodeKey, signalId }: Intent): boolean => nodeKey !== PROTECTION_NODE && chainOf(signalId) === 0;
  return [
    ...intents.filter((intent) => intent.happenedAt < at || (intent.happenedAt === at && countsAt(intent))).map((intent) => `intent ${JSON.stringify(intent)}`),
    ...fills.filter(({ happenedAt }) => happenedAt < at).map((fill) => `fill ${JSON.stringify(fill)}`),
    ...alerts.filter((alert) => alert.at < at).map((alert) => `alert ${JSON.stringify(alert)}`),
    ...refusals.filter((refusal) => refusal.at < at).map((refusal) => `refusal ${JSON.stringify(refusal)}`),
  ];
}

function firstDifference(one: readonly string[], other: readonly string[]): string | undefined {
  const index = Array.from({ length: Math.max(one.length, other.length) }, (_, at) => at).find((at) => one[at] !== other[at]);
  return index === undefined ? undefined : `${one[index] ?? 'nothing'} became ${other[index] ?? 'nothing'}`;
}
