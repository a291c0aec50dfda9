import { deny, ok } from '../../../domain/denial';
import type { History } from '../../../domain/feed';
import { splitKey } from '../../../domain/market';
import type { Clock, Log, Pause } from '../../../domain/ports';
import { indiaDate } from '../../../domain/session';
import { backgroundPause } from '../../system/pause';
import { readCandles } from '../reading/candles';
import { createPacer } from '../reading/pacer';
import { daysBackwards, readBackwards, type DaySpan, type HistoryAnswered, type HistoryRequest } from '../reading/pagesBackwards';
import type { OpenAlgoClient } from './client';
import { HistoryAnswer } from './schema';

export interface OpenAlgoHistoryOptions {
  readonly client: OpenAlgoClient;
  readonly clock: Clock;
  /** Told of rows that could not be used. Default: nobody is. */
  readonly log?: Log;
  readonly pause?: Pause;
  /** Least time between two requests, over all instruments. Default 500: the slowest brokers behind the gateway allow two to three a second. */
  readonly everyMs?: number;
  /** Requests that may wait for their turn at once. Default 200. */
  readonly mostWaiting?: number;
}

/**
 * Days asked for at once. The gateway has no limit of its own; its brokers do, and not all adapters behind it cut a request into pieces: the least are a month
 * of minutes (Angel One, Upstox) and 300 days (Fyers).
 */
const DAYS_A_PAGE = { days: 300, shorter: 28 } as const;

/**
 * History of an OpenAlgo gateway, as its broker gives it: candles stamped with their start, days with their midnight in India. Closed candles only:
 * the one that still forms and today's day are left out. Read from the newest page backwards until the request is full, the stretch is covered or the broker has no more;
 * requests of all callers follow each other at the broker's pace. Rows that are no candle are dropped, counted and logged.
 */
export function openAlgoHistory({ client, clock, log, pause = backgroundPause, everyMs = 500, mostWaiting = 200 }: OpenAlgoHistoryOptions): History {
  const pacer = createPacer({ clock, pause, everyMs, mostWaiting });

  const page = async ({ instrument, timeframe }: HistoryRequest, { start, end }: DaySpan): Promise<HistoryAnswered> => {
    if (!await pacer.turn()) return deny('TOO_MANY_REQUESTS', 'Too many requests for candles wait for OpenAlgo already.');
    const fields = { ...splitKey(instrument), interval: timeframe === '1d' ? 'D' : timeframe, start_date: start, end_date: end };
    const answer = await client.read('history', fields, HistoryAnswer);
    if (!answer.ok) return answer;
    const { candles, dropped, reason } = readCandles(answer.value.data, timeframe, clock.now());
    if (dropped > 0) log?.warn({ source: 'openalgo', instrument, timeframe, start, end, dropped, reason }, 'rows of history that are no candles were left out');
    return ok(candles);
  };

  return {
    async candles(request) {
      const { timeframe, limit } = request;
      const until = Math.min(request.until, clock.now());
      if (request.from >= until || limit <= 0) return ok([]);
      const pages = daysBackwards({ oldest: indiaDate(request.from), newest: indiaDate(until - 1), daysAPage: DAYS_A_PAGE[timeframe === '1d' ? 'days' : 'shorter'] });
      return readBackwards(request, until, pages, (days) => page(request, days));
    },
  };
}
