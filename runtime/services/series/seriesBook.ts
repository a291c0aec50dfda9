import { deny, ok, type Outcome } from '../../domain/denial';
import type { CandleBook, SeenCandle, SeriesBook, SeriesRequest, SeriesSnapshot } from '../../domain/feed';
import type { Instrument } from '../../domain/market';
import type { Clock, Log } from '../../domain/ports';
import { demandsOf, FrameSeries, type Demand, type Demands, type Frame, type FrameCandle, type LiveFrame } from '../../domain/series';
import type { TradingCalendar } from '../../domain/session/tradingCalendar';
import type { EpochMs } from '../../domain/time';
import { createFramePool, type FramePool } from './framePool';
import { watchInOrder } from './watchInOrder';

/** Bounds of a series book. */
export interface SeriesLimits {
  /** Indicator states kept at once; the ones that nobody watches go first, the longest unused before the others. Default 20,000. */
  readonly states: number;
  /** How long a state lives on that nobody watches or asks for. Default 10 minutes. */
  readonly lingerMs: number;
  /** Newest values kept of each state, at least; more where a request looks further back. Default 32. */
  readonly kept: number;
}

export interface SeriesBookOptions {
  readonly candles: CandleBook;
  /** When the session opened to which a candle belongs. Without it everything that is bound to a session stays unknown. */
  readonly calendar?: Pick<TradingCalendar, 'sessionAt'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits?: Partial<SeriesLimits>;
}

const DEFAULT_LIMITS: SeriesLimits = { states: 20_000, lingerMs: 600_000, kept: 32 };

/**
 * Runs each indicator once per (instrument, timeframe, expression, convention), however many flows ask for it. A state begins with so much history that its
 * values no longer depend on where it began (`warmUpOf`: its first value + 24 periods for averages that fade, at most 10,000 candles) and takes every candle
 * that closes. Moments older than what is kept are computed afresh from history.
 */
export function createSeriesBook({ candles, calendar, clock, log, limits }: SeriesBookOptions): SeriesBook & { close(): void } {
  const bounds = { ...DEFAULT_LIMITS, ...limits };
  const sessionOpen = (instrument: Instrument, time: EpochMs): EpochMs | undefined => calendar?.sessionAt(instrument, time)?.from;
  const pool = createFramePool({ candles, sessionOpen, clock, log, ...bounds });
  let closed = false;

  const at = async (request: SeriesRequest, asOf: EpochMs = clock.now()): Promise<Outcome<SeriesSnapshot>> => {
    if (closed) return deny('NOT_READY', 'The runtime is closing.');
    return snapshotAt(pool, request, demandsOf(request.lookups, request.timeframe, request.convention), asOf);
  };

  return {
    at,
    watch(request, listener) {
      const demands = demandsOf(request.lookups, request.timeframe, request.convention);
      const order = watchInOrder({ log, limit: bounds.kept, what: `${request.instrument.key} ${request.timeframe}` });
      const release = pool.watch(request.instrument, demands, ({ until }) => order.next(async () => {
        const snapshot = await snapshotAt(pool, request, demands, until);
        if (snapshot.ok) await listener(snapshot.value);
        else log.warn({ instrument: request.instrument.key, timeframe: request.timeframe, denial: snapshot.denial }, 'a closed candle could not be looked at');
      }));
      // Warm before the first candle closes; a failure is tried again with that candle.
      void order.next(async () => { await pool.ensure(request.instrument, demands); });
      return () => {
        order.stop();
        release();
      };
    },
    close() {
      closed = true;
      pool.close();
    },
  };
}

async function snapshotAt(pool: FramePool, request: SeriesRequest, demands: Demands, asOf: EpochMs): Promise<Outcome<SeriesSnapshot>> {
  const { instrument } = request;
  const all = [demands.own, ...demands.others];
  const live = await pool.ensure(instrument, demands);
  if (!live.ok) return live;
  for (const demand of all) {
    const caughtUp = await pool.catchUp(instrument, demand.timeframe, asOf);
    if (!caughtUp.ok) return caughtUp;
  }
  const frames = new Map<string, Frame & { readonly length: number; at(position: number): FrameCandle | undefined }>();
  for (const demand of all) {
    const frame = pool.frame(instrument, demand.timeframe);
    if (frame !== undefined && isThere(frame, demand, asOf)) {
      frames.set(demand.timeframe, frame);
      continue;
    }
    const past = await pool.past(instrument, demand, asOf);
    if (!past.ok) return past;
    frames.set(demand.timeframe, past.value);
  }
  const own = frames.get(demands.own.timeframe);
  const position = own?.newest(asOf);
  const newest = position === undefined ? undefined : own?.at(position);
  if (own === undefined || position === undefined || newest === undefined) return deny('NOT_READY', `No candle of ${instrument.key} in ${request.timeframe} has closed yet.`);
  const series = new FrameSeries({ own, moment: asOf, frame: (timeframe) => frames.get(demands.timeframeOf(timeframe)), resolve: (source) => demands.resolve(source) });
  return ok({ instrument, newest: seenOf(newest), series, candles: position + 1 });
}

/** Whether memory holds all that is asked: the indicators run, and it reaches back far enough. */
function isThere(frame: LiveFrame, { studies, depth }: Demand, asOf: EpochMs): boolean {
  return studies.every(({ key }) => frame.has(key)) && frame.covers(asOf, depth);
}

function seenOf({ candle, until, incomplete }: FrameCandle): SeenCandle {
  return { candle, until, incomplete };
}
