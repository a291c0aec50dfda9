import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DateTime } from 'luxon';
import { readCandleFile } from '../../runtime/adapters/candleFile/readCandleFile';
import type { Recording } from '../../runtime/adapters/ticks/file/recording';
import type { Candle } from '../../runtime/domain/candle';
import { createCatalogue } from '../../runtime/domain/instrument';
import { instrumentKey, type Instrument } from '../../runtime/domain/market';
import { indiaTime } from '../../runtime/domain/session';
import { INDIA_ZONE, MINUTE_MS, type EpochMs } from '../../runtime/domain/time';

/** Real months of two indices, read in place, never copied. */
const SHARED = path.resolve(__dirname, '../../../shared/data');
export const REAL_MONTHS_ARE_HERE = existsSync(SHARED);

const instruments = createCatalogue();
const months = new Map<Course['of'], readonly Candle[]>();

/**
 * A share that moves as an index did in June 2022: nobody can trade an index, and a twentieth of NIFTY costs what SBIN costs.
 * `mirrored` falls where the index rises.
 */
export interface Course {
  readonly symbol: string;
  readonly of: 'NIFTY' | 'BNF';
  readonly factor: number;
  readonly mirrored?: boolean;
}

export function recordingOf(course: Course): Recording {
  return { instrument: listing(course.symbol), content: { kind: 'candles', candles: candlesOf(course), timeframeMs: MINUTE_MS }, problems: [], problemCount: 0 };
}

/** Writes the minutes from `from` to `until` (`2022-06-08 09:00`) to a file as the months come: without a header, each time the end of its minute. */
export function writeCourse(file: string, course: Course, { from, until }: { readonly from: string; readonly until: string }): void {
  const rows = candlesOf(course)
    .filter(({ time }) => time >= atIndiaTime(from) && time < atIndiaTime(until))
    .map(({ time, open, high, low, close, volume }) => [course.symbol, DateTime.fromMillis(time + MINUTE_MS, { zone: INDIA_ZONE }).toFormat('yyyyMMdd,HH:mm'), open, high, low, close, volume].join(','));
  writeFileSync(file, rows.join('\n'));
}

export function listing(symbol: string): Instrument {
  const instrument = instruments.find(instrumentKey('NSE', symbol));
  if (instrument === undefined) throw new Error(`${symbol} is not listed.`);
  return instrument;
}

/** Day and time in India, `2022-06-08 09:00`. */
export function atIndiaTime(text: string): EpochMs {
  const [date = '', time = ''] = text.split(' ');
  return indiaTime(date, time);
}

function candlesOf({ of, factor, mirrored = false }: Course): readonly Candle[] {
  const first = monthOf(of)[0]?.open ?? 0;
  const price = (value: number): number => Math.round((mirrored ? 2 * first - value : value) * factor * 20) / 20;
  return monthOf(of).map(({ open, high, low, close, ...rest }) => ({ ...rest, open: price(open), high: price(mirrored ? low : high), low: price(mirrored ? high : low), close: price(close) }));
}

function monthOf(index: Course['of']): readonly Candle[] {
  const known = months.get(index) ?? readCandleFile(readFileSync(path.join(SHARED, `${index}-2022-JUN.txt`), 'utf8'), { timeIs: 'end' }).candles;
  months.set(index, known);
  return known;
}
