import type { Candle } from '../../../domain/candle/candle';
import { deny, ok, type Outcome } from '../../../domain/denial';
import type { History } from '../../../domain/feed';
import type { Clock, Log, Pause } from '../../../domain/ports';
import { addDays, indiaDate } from '../../../domain/session';
import { SECOND_MS, type IsoDate } from '../../../domain/time';
import { backgroundPause } from '../../system/pause';
import { readCandles } from '../reading/candles';
import { createPacer } from '../reading/pacer';
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

type Request = Parameters<History['candles']>[0];
type Answered = Outcome<readonly Candle[]>;

/** Upstox gives a month of minutes and ten years of days at once; a little less is asked for. */
const DAYS_A_PAGE = { '1m': 28, '1d': 3_600 } as const;
const UNIT = { '1m': 'minutes/1', '1d': 'days/1' } as const;
/** Four years of minutes. */
const MOST_PAGES = 52;
/** So much without a single candle lies before the listing, or before what Upstox keeps. */
const EMPTY_PAGES = 2;

/**
 * Candles of Upstox, closed ones only: the minute that still forms and today's day are left out. Minutes of today have an endpoint of their own; the past is read from the newest page backwards
 * until the request is full, the stretch is covered or there is no more. Requests of all callers follow each other at Upstox' pace. Rows that are no candle are dropped, counted and logged.
 */
export function upstoxHistory({ client, keys, clock, log, pause = backgroundPause, everyMs = 500, mostWaiting = 200 }: UpstoxHistoryOptions): History {
  const pacer = createPacer({ clock, pause, everyMs, mostWaiting });

  const page = async ({ instrument, timeframe }: Request, path: string): Promise<Answered> => {
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
      let found: readonly Candle[] = [];
      let empty = 0;
      let count = 0;
      for (const { path } of pagesOf(key, timeframe, { oldest: indiaDate(request.from), newest: indiaDate(until - 1), today: indiaDate(clock.now()) })) {
        if (found.length >= limit || empty >= EMPTY_PAGES) break;
        const answer = await page(request, path);
        if (!answer.ok) return count > 0 && isEndOfHistory(answer) ? newestOf(found, limit) : answer;
        count += 1;
        // More than was asked for gives nothing twice.
        const before = found[0]?.time ?? until;
        const earlier = answer.value.filter(({ time }) => time >= request.from && time < before);
        empty = earlier.length === 0 ? empty + 1 : 0;
        found = [...earlier, ...found];
      }
      return newestOf(found, limit);
    },
  };
}

/** What to ask for, the newest first. */
function* pagesOf(key: string, timeframe: Request['timeframe'], { oldest, newest, today }: { readonly oldest: IsoDate; readonly newest: IsoDate; readonly today: IsoDate }): Generator<{ readonly path: string }> {
  const base = '/v3/historical-candle';
  const name = encodeURIComponent(key);
  if (timeframe === '1m' && newest >= today) yield { path: `${base}/intraday/${name}/${UNIT[timeframe]}` };
  let end = newest >= today ? addDays(today, -1) : newest;
  for (let count = 0; count < MOST_PAGES && end >= oldest; count += 1) {
    const start = laterOf(oldest, addDays(end, 1 - DAYS_A_PAGE[timeframe]));
    yield { path: `${base}/${name}/${UNIT[timeframe]}/${end}/${start}` };
    end = addDays(start, -1);
  }
}

/** A row as the reader of candles knows it; anything else stays what it is and is dropped there. */
function named(row: unknown): unknown {
  const read = CandleRow.safeParse(row);
  if (!read.success) return row;
  const [start, open, high, low, close, volume] = read.data;
  return { timestamp: Date.parse(start) / SECOND_MS, open, high, low, close, volume };
}

/** A broker that keeps a limited past refuses what lies before it; whatever else goes wrong may not pass for the end. */
function isEndOfHistory(answer: Extract<Answered, { ok: false }>): boolean {
  return answer.denial.code === 'NOT_SUPPORTED' || answer.denial.code === 'UNKNOWN_SYMBOL';
}

function newestOf(candles: readonly Candle[], limit: number): Answered {
  return ok(candles.slice(-limit));
}

function laterOf(a: IsoDate, b: IsoDate): IsoDate {
  return a > b ? a : b;
}
