import { z } from 'zod';
import { CandleSchema, type Candle } from '../../../domain/candle/candle';
import { STORED_LENGTH_MS, type StoredTimeframe } from '../../../domain/feed';
import { indiaMidnight } from '../../../domain/session';
import { MINUTE_MS, SECOND_MS, type EpochMs } from '../../../domain/time';
import { AnyNumber, Numeric } from './fields';

/** `timestamp` in epoch seconds or milliseconds; prices in rupees. */
const CandleRow = z.object({ timestamp: AnyNumber, open: Numeric, high: Numeric, low: Numeric, close: Numeric, volume: Numeric.nullish().transform((volume) => volume ?? 0) });

export interface ReadCandles {
  /** Closed candles by time, each start once: of two rows the later one holds. */
  readonly candles: readonly Candle[];
  /** Rows that are no candle. */
  readonly dropped: number;
  /** What was wrong with the first of them. */
  readonly reason?: string;
}

/** Smaller numbers are seconds; larger ones are the milliseconds of a broker that does not keep to them. */
const FIRST_MILLISECONDS = 1e11;
/** 1973 and 2286: numbers outside are no times. */
const FIRST_TIME = 1e11;
const LAST_TIME = 1e13;

/** The rows of a history answer that are closed candles at `now`. */
export function readCandles(rows: readonly unknown[], timeframe: StoredTimeframe, now: EpochMs): ReadCandles {
  const byTime = new Map<EpochMs, Candle>();
  let dropped = 0;
  let reason: string | undefined;
  // When a session ends is not known here: a day is over when the next one has begun.
  const end = timeframe === '1d' ? indiaMidnight(now) : now - STORED_LENGTH_MS[timeframe] + 1;
  for (const row of rows) {
    const read = candleOf(row, timeframe);
    if (typeof read === 'string') {
      dropped += 1;
      reason ??= read;
    } else if (read.time < end) byTime.set(read.time, read);
  }
  const candles = [...byTime.values()].sort((a, b) => a.time - b.time);
  return { candles, dropped, ...(reason === undefined ? {} : { reason }) };
}

function candleOf(row: unknown, timeframe: StoredTimeframe): Candle | string {
  const read = CandleRow.safeParse(row);
  if (!read.success) return `${read.error.issues[0]?.path.join('.') ?? ''}: ${read.error.issues[0]?.message ?? 'unreadable'}`;
  const { timestamp, open, high, low, close, volume } = read.data;
  if (low <= 0) return `a price of ${low}`;
  const time = startOf(timestamp, timeframe);
  if (time === undefined) return `a time of ${timestamp}`;
  const candle = CandleSchema.safeParse({ time, open, high, low, close, volume, closed: true });
  return candle.success ? candle.data : candle.error.issues[0]?.message ?? 'no candle';
}

/**
 * The start of a candle. A day is stamped with India's midnight, or 5:30 later by brokers that took the time for UTC: both lie on the day in India.
 * Anything else that is stamped within a minute is put to that minute's start.
 */
function startOf(timestamp: number, timeframe: StoredTimeframe): EpochMs | undefined {
  const at = timestamp < FIRST_MILLISECONDS ? Math.round(timestamp * SECOND_MS) : Math.round(timestamp);
  if (at < FIRST_TIME || at > LAST_TIME) return undefined;
  return timeframe === '1d' ? indiaMidnight(at) : Math.floor(at / MINUTE_MS) * MINUTE_MS;
}
