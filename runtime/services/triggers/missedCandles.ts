import { timeframeMs } from '../../domain/condition';
import type { CandleBook, CandleRequest, SeenCandle, SeriesBook, SeriesRequest, SeriesSnapshot } from '../../domain/feed';
import type { Clock, Log, Pause } from '../../domain/ports';
import { SECOND_MS, type EpochMs } from '../../domain/time';
import type { Stop } from './stop';

/** Candles that a restart may have hidden: an older one would be too old for its flow anyway. */
const LOOK_BACK_CANDLES = 2;
/** A source's history may come later than its candle: waits between the looks for it. */
const LOOK_AGAIN_MS = [3 * SECOND_MS, 10 * SECOND_MS, 20 * SECOND_MS] as const;

export interface MissedPorts {
  readonly clock: Clock;
  readonly pause: Pause;
  readonly log: Log;
  readonly stop: Stop;
  /** Since when the trigger has been watching, earlier lives included: what closed before is none of its business. Undefined: it was stopped meanwhile. */
  readonly since: () => Promise<EpochMs | undefined>;
}

/** One watch of closed candles, of whatever kind. */
interface Watch<Seen> {
  readonly timeframe: string;
  readonly watch: (listener: (seen: Seen) => void | Promise<void>) => () => void;
  readonly candleOf: (seen: Seen) => SeenCandle;
  /** What has closed lately, oldest first; empty where nobody knows. */
  readonly lately: () => Promise<readonly Seen[]>;
}

export function candleWatch(book: Pick<CandleBook, 'watch' | 'closed'>, request: CandleRequest, options?: Parameters<CandleBook['watch']>[2]): Watch<SeenCandle> {
  return {
    timeframe: request.timeframe,
    watch: (listener) => book.watch(request, listener, options),
    candleOf: (seen) => seen,
    async lately() {
      const closed = await book.closed(request, { limit: LOOK_BACK_CANDLES });
      return closed.ok ? closed.value : [];
    },
  };
}

export function seriesWatch(book: Pick<SeriesBook, 'watch' | 'at'>, request: SeriesRequest): Watch<SeriesSnapshot> {
  return {
    timeframe: request.timeframe,
    watch: (listener) => book.watch(request, listener),
    candleOf: ({ newest }) => newest,
    async lately() {
      const newest = await book.at(request);
      if (!newest.ok) return [];
      const before = await book.at(request, newest.value.newest.until - 1);
      return before.ok ? [before.value, newest.value] : [newest.value];
    },
  };
}

/**
 * Watches on from where an earlier life of the trigger ended: a candle that closed while the process was being restarted is judged when it is back, if it
 * is young enough to act on. One that was judged before is judged the same again, and its key keeps its signal single. Candles come in order: when
 * the next one has closed, none before it is looked for any more.
 */
export function watchOn<Seen>(ports: MissedPorts, { timeframe, watch, candleOf, lately }: Watch<Seen>, listener: (seen: Seen) => void | Promise<void>): () => void {
  let newest = -Infinity;

  function judge(seen: Seen): void | Promise<void> {
    const { candle } = candleOf(seen);
    if (candle.closed && candle.time <= newest) return undefined;
    if (candle.closed) newest = candle.time;
    return listener(seen);
  }

  async function look(since: EpochMs): Promise<boolean> {
    const oldest = Math.max(since, ports.clock.now() - LOOK_BACK_CANDLES * timeframeMs(timeframe));
    const before = newest;
    const missed = (await lately()).filter((seen) => candleOf(seen).until >= oldest);
    // Meanwhile the next one has closed.
    if (newest !== before || ports.stop.isStopped) return true;
    for (const seen of missed) await judge(seen);
    return missed.length > 0;
  }

  async function catchUp(): Promise<void> {
    const since = await ports.since();
    if (since === undefined || await look(since)) return;
    void lookAgain(since).catch(complain);
  }

  async function lookAgain(since: EpochMs): Promise<void> {
    for (const wait of LOOK_AGAIN_MS) {
      await ports.stop.orAfter(ports.pause(wait));
      if (ports.stop.isStopped || newest !== -Infinity || await look(since)) return;
    }
  }

  const complain = (error: unknown): void => ports.log.error({ err: error, timeframe }, 'It could not be looked for candles that closed during the restart.');
  const first = catchUp().catch(complain);
  return watch(async (seen) => {
    await first;
    await judge(seen);
  });
}
