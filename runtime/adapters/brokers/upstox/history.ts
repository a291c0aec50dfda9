import { deny, ok } from '../../../domain/denial';
import type { History, StoredTimeframe } from '../../../domain/feed';
import type { Clock, Log, Pause } from '../../../domain/ports';
import { addDays, indiaDate } from '../../../domain/session';
import { SECOND_MS, type IsoDate } from '../../../domain/time';
import { backgroundPause } from '../../system/pause';
import { readCandles } from '../reading/candles';
import { createPacer } from '../reading/pacer';
import { daysBackwards, readBackwards, type HistoryAnswered, type HistoryRequest } from '../reading/pagesBackwards';
import type { UpstoxClient } from './client';
import type { UpstoxKeys } from './instrumentKeys';
import { CandleData, CandleRow } from './schema';

export interface UpstoxHistoryOptions {
  readonly client: UpstoxClient;
  readonly keys: UpstoxKeys;
  readonly clock: Clock;
  /** Told of rows that could not be used. Default: nobody is. */
  readonly log?: Log;
  readonly pause?: Pause;
  /** Least time between two requests, over all instruments. Default 500: Upstox allows many a second, and 2,000 in half an hour. */
  readonly everyMs?: number;
  /** Requests that may wait for their turn at once. Default 200. */
  readonly mostWaiting?: number;
}

/** Upstox gives a month of minutes, a quarter of hours and ten years of days at once; a little less is asked for. */
const DAYS_A_PAGE = { days: 3_600, shorter: 28 } as const;
const UNIT: Readonly<Record<StoredTimeframe, string>> = { '1m': 'minutes/1', '3m': 'minutes/3', '5m': 'minutes/5', '10m': 'minutes/10', '15m': 'minutes/15', '30m': 'minutes/30', '1h': 'hours/1', '1d': 'days/1' };

/**
 * Candles of Upstox, closed ones only: the one that still forms and today's day are left out. Those of today have an endpoint of their own; the past is read from the newest page backwards
 * until the request is full, the stretch is covered or there is no more. Requests of all callers follow each other at Upstox' pace. Rows that are no candle are dropped, counted and logged.
 */
export function upstoxHistory({ client, keys, clock, log, pause = backgroundPause, everyMs = 500, mostWaiting = 200 }: UpstoxHistoryOptions): History {
  const pacer = createPacer({ clock, pause, everyMs, mostWaiting });

  const page = async ({ instrument, timeframe }: HistoryRequest, path: string): Promise<HistoryAnswered> => {
    if (!await pacer.turn()) return deny('TOO_MANY_REQUESTS', 'Too many requests for candles wait for Upstox already.');
    const answer = await client.read(path, CandleData);
    if (!answer.ok) return answer;
    const { candles, dropped, reason } = readCandles(answer.value.candles.map(named), timeframe, clock.now());
    if (dropped > 0) log?.warn({ source: 'upstox', instrument, timeframe, path, dropped, reason }, 'rows of history that are no candles were left out');
    return ok(candles);
  };

  return {
    async candles(request) {
      const { timeframe, limit } = request;
      const until = Math.min(request.until, clock.now());
      if (request.from >= until || limit <= 0) return ok([]);
      const table = await keys.table();
      if (!table.ok) return table;
      const key = table.value.upstoxKey(request.instrument);
      if (key === undefined) return deny('UNKNOWN_SYMBOL', `${request.instrument} is not in Upstox' list of today.`, { field: 'symbol', value: request.instrument });
      const pages = pagesOf(key, timeframe, { oldest: indiaDate(request.from), newest: indiaDate(until - 1), today: indiaDate(clock.now()) });
      return readBackwards(request, until, pages, (path) => page(request, path));
    },
  };
}

/** What to ask for, the newest first. */
function* pagesOf(key: string, timeframe: HistoryRequest['timeframe'], { oldest, newest, today }: { readonly oldest: IsoDate; readonly newest: IsoDate; readonly today: IsoDate }): Generator<string> {
  const base = '/v3/historical-candle';
  const name = encodeURIComponent(key);
  if (timeframe !== '1d' && newest >= today) yield `${base}/intraday/${name}/${UNIT[timeframe]}`;
  const past = daysBackwards({ oldest, newest: newest >= today ? addDays(today, -1) : newest, daysAPage: DAYS_A_PAGE[timeframe === '1d' ? 'days' : 'shorter'] });
  for (const { start, end } of past) yield `${base}/${name}/${UNIT[timeframe]}/${end}/${start}`;
}

/** A row as the reader of candles knows it; anything else stays what it is and is dropped there. */
function named(row: unknown): unknown {
  const read = CandleRow.safeParse(row);
  if (!read.success) return row;
  const [start, open, high, low, close, volume] = read.data;
  return { timestamp: Date.parse(start) / SECOND_MS, open, high, low, close, volume };
}
