import type { BacktestResult, BacktestWarning } from '../../domain/backtest';
import { ok, type Outcome } from '../../domain/denial';
import type { Log } from '../../domain/ports';
import { createAlwaysOpenCalendar, createTradingCalendar } from '../../domain/session';
import type { EpochMs } from '../../domain/time';
import { prepareTrack, Track } from '../../services/replay';
import type { BacktestRequest } from './backtestRequest';
import { resultOf } from './backtestResult';
import { startTriggers } from './backtestTriggers';
import { compile, createFlow, type Lane } from './compile';
import { hasTracks, openWorld, type World } from './world';

/** Steps between two looks at whether somebody wants a turn, or an end. */
const SLICE = 256;

const COMPILED: Lane = { compile, createFlow };

/**
 * Walks a flow over recorded candles in lane A: compiled, in a virtual world. Deterministic to the byte. Denies what makes no sense before the walk begins: parameters, symbols without data,
 * nodes that only another lane can run (NOT_SUPPORTED by the node's name). Works in slices; see `pause`, `shouldStop`, `onProgress`.
 */
export async function runBacktest(request: BacktestRequest, lane: Lane = COMPILED): Promise<Outcome<BacktestResult>> {
  const { graph, terms } = request;
  const calendar = request.calendar ?? (terms.account.marketHours === 'always' ? createAlwaysOpenCalendar() : createTradingCalendar());
  const compiled = lane.compile(graph);
  if (!compiled.ok) return compiled;
  const warnings: BacktestWarning[] = [];
  const tracks: Track[] = [];
  for (const recorded of terms.data) {
    const prepared = prepareTrack(recorded, calendar, terms.until);
    if (!prepared.ok) return prepared;
    const { note, instrument } = recorded;
    if (note !== undefined && !warnings.some(({ message }) => message === note)) warnings.push({ code: 'DATA_NOTE', message: note, about: instrument.key, count: 1 });
    warnings.push(...prepared.value.warnings);
    tracks.push(new Track(prepared.value.data, tracks.length, terms.from));
  }
  const given = hasTracks(tracks);
  if (!given.ok) return given;
  const warn = (code: string, message: string, about?: string): void => {
    const index = warnings.findIndex((each) => each.code === code && each.message === message);
    const known = warnings[index];
    if (known === undefined) warnings.push({ code, message, count: 1, ...(about === undefined ? {} : { about }) });
    else warnings[index] = { ...known, count: known.count + 1 };
  };
  const log = warningLog(warn);
  const world = await openWorld({ terms, tracks, calendar, orders: request.orders ?? 'nextTick', log, ...(request.instruments === undefined ? {} : { instruments: request.instruments }) });
  try {
    const { ready, lanes } = compiled.value;
    const tied = await lane.createFlow(graph, ready, world);
    if ('ok' in tied && !tied.ok) return tied;
    const flow = 'ok' in tied ? tied.value : tied;
    const onSilent = (node: string): void => warn('NO_ALERTS', `${node} was not started: what an alert service sent in the past is not known, and none was given.`, node);
    const onFailure = (node: string, error: unknown): void => warn('FLOW_FAILED', `${node}: ${error instanceof Error ? error.message : String(error)}`, node);
    const started = await startTriggers({ ready, flow, world, log, onFailure, onSilent }, request);
    if (!started.ok) return started;
    const stoppedEarly = await walk(request, world, tracks);
    started.value();
    return ok(resultOf({ request, world, tracks, ready, flow, lanes, warnings, stoppedEarly }));
  } finally {
    await world.close();
  }
}

/** True where it was stopped before the end. */
async function walk({ terms, onProgress, shouldStop, pause }: BacktestRequest, world: World, tracks: readonly Track[]): Promise<boolean> {
  const end = Math.min(terms.until, Math.max(...tracks.map(endOf)));
  const begin = Math.max(terms.from, Math.min(...tracks.map(({ data, firstIndex }) => data.columns.time[firstIndex] ?? Infinity)));
  const candlesInAll = tracks.reduce((sum, { data, firstIndex }) => sum + data.columns.length - firstIndex, 0);
  const tell = (at: EpochMs, isDone = false): void => {
    const done = isDone ? 1 : Math.min(1, Math.max(0, (at - begin) / Math.max(1, end - begin)));
    onProgress?.({ done, at, candles: Math.round(done * candlesInAll), candlesInAll, intents: world.store.rows.intents.size });
  };
  const step = (): boolean | Promise<boolean> => world.step(end);
  for (let steps = 1, more = step(); more === true || await more; more = step(), steps += 1) {
    if (steps % SLICE !== 0) continue;
    if (shouldStop?.() === true) return true;
    tell(world.now());
    await pause?.();
  }
  world.market.reach(end);
  tell(end, true);
  return false;
}

function endOf({ data: { until } }: Track): EpochMs {
  return until.at(-1) ?? 0;
}

/** What a service logs as an error is something that the reader of a report must know. */
function warningLog(warn: (code: string, message: string) => void): Log {
  const say = (_fields: object, message: string): void => warn('RUNTIME', message);
  return { debug: () => undefined, info: () => undefined, warn: say, error: say };
}
