import type { Candle } from '../../../domain/candle/candle';
import { deny, ok, type Outcome } from '../../../domain/denial';
import type { History } from '../../../domain/feed';
import { splitKey } from '../../../domain/market';
import type { Clock, Log, Pause } from '../../../domain/ports';
import { addDays, indiaDate } from '../../../domain/session';
import type { IsoDate } from '../../../domain/time';
import { backgroundPause } from '../../system/pause';
import { readCandles } from '../reading/candles';
import { createPacer } from '../reading/pacer';
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

type Request = Parameters<History['candles']>[0];
type Answered = Outcome<readonly Candle[]>;

/**
 * Days asked for at once. The gateway has no limit of its own; its brokers do, and not all adapters behind it cut a request into pieces: the least are a month
 * of minutes (Angel One, Upstox) and 300 days (Fyers).
 */
const DAYS_A_PAGE = { '1m': 28, '1d': 300 } as const;
const INTERVAL = { '1m': '1m', '1d': 'D' } as const;
/** Ten years of days, four of minutes. */
const MOST_PAGES = 52;
/** So much without a single candle lies before the listing, or before what the broker keeps. */
const EMPTY_PAGES = 2;

/**
 * History of an OpenAlgo gateway, as its broker gives it: one-minute candles stamped with their start, days with their midnight in India. Closed candles only:
 * the minute that still forms and today's day are left out. Read from the newest page backwards until the request is full, the stretch is covered or the broker has no more;
 * requests of all callers follow each other at the broker's pace. Rows that are no candle are dropped, counted and logged.
 */
export function openAlgoHistory({ client, clock, log, pause = backgroundPause, everyMs = 500, mostWaiting = 200 }: OpenAlgoHistoryOptions): History {
  const pacer = createPacer({ clock, pause, everyMs, mostWaiting });

  const page = async ({ instrument, timeframe }: Request, start: IsoDate, end: IsoDate): Promise<Answered> => {
    if (!await pacer.turn()) return deny('TOO_MANY_REQUESTS', 'Too many requests for candles wait for OpenAlgo already.');
    const fields = { ...splitKey(instrument), interval: INTERVAL[timeframe], start_date: start, end_date: end };
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
      const oldest = indiaDate(request.from);
      let end = indiaDate(until - 1);
      let found: readonly Candle[] = [];
      let empty = 0;
      for (let count = 0; count < MOST_PAGES && end >= oldest && found.length < limit && empty < EMPTY_PAGES; count += 1) {
        const start = laterOf(oldest, addDays(end, 1 - DAYS_A_PAGE[timeframe]));
        const answer = await page(request, start, end);
        if (!answer.ok) return count > 0 && isEndOfHistory(answer) ? newest(found, limit) : answer;
        // A gateway that gives more than was asked for gives nothing twice.
        const before = found[0]?.time ?? until;
        const earlier = answer.value.filter(({ time }) => time >= request.from && time < before);
        empty = earlier.length === 0 ? empty + 1 : 0;
        found = [...earlier, ...found];
        end = addDays(start, -1);
      }
      return newest(found, limit);
    },
  };
}

/** A broker that keeps a limited past refuses what lies before it; whatever else goes wrong may not pass for the end. */
function isEndOfHistory(answer: Extract<Answered, { ok: false }>): boolean {
  return answer.denial.code === 'NOT_SUPPORTED' || answer.denial.code === 'UNKNOWN_SYMBOL';
}

function newest(candles: readonly Candle[], limit: number): Answered {
  return ok(candles.slice(-limit));
}

function laterOf(a: IsoDate, b: IsoDate): IsoDate {
  return a > b ? a : b;
}
