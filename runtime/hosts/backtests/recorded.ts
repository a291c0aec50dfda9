import type { RecordedCandles } from '../../domain/backtest';
import type { Candle, CandleColumns } from '../../domain/candle';
import { deny, ok, type Outcome } from '../../domain/denial';
import type { Instrument } from '../../domain/market';
import type { TradingCalendar } from '../../domain/session';
import { DAY_MS, MINUTE_MS, type EpochMs } from '../../domain/time';

const NAMES = ['time', 'open', 'high', 'low', 'close', 'volume', 'session'] as const;

/** Candles of a file or a store as a backtest takes them, in memory that worker threads share. The engine leaves out what lies outside of sessions, and says so. */
export function recordedCandles(instrument: Instrument, timeframeMs: number, candles: readonly Candle[], note?: string): RecordedCandles {
  const column = (): Float64Array => new Float64Array(new SharedArrayBuffer(candles.length * Float64Array.BYTES_PER_ELEMENT));
  const columns: CandleColumns = { length: candles.length, time: column(), open: column(), high: column(), low: column(), close: column(), volume: column(), session: column() };
  for (const [index, candle] of candles.entries()) for (const name of NAMES) columns[name][index] = name === 'session' ? 0 : candle[name];
  return { instrument, timeframeMs, columns, ...(note === undefined ? {} : { note }) };
}

/** As far apart as most neighbours are. Denies candles that are too few, or apart by no whole minutes. */
export function spacingOf(times: readonly EpochMs[]): Outcome<number> {
  const counts = new Map<number, number>();
  for (let index = 1; index < times.length; index += 1) {
    const gap = (times[index] ?? NaN) - (times[index - 1] ?? NaN);
    counts.set(gap, (counts.get(gap) ?? 0) + 1);
  }
  const [gap] = [...counts].toSorted(([, a], [, b]) => b - a)[0] ?? [];
  if (gap === undefined) return deny('INVALID_PARAMETER', 'One candle does not say how long it is.', { field: 'timeframe', remedy: 'Name it: --timeframe 5m.' });
  if (gap % MINUTE_MS !== 0 || gap <= 0) return deny('INVALID_PARAMETER', `Most candles are ${gap / 1_000} seconds apart, which is no timeframe.`, { field: 'timeframe', remedy: 'Name it: --timeframe 1m.' });
  return ok(gap);
}

/** Fewer neighbours than these are no proof that a file holds longer candles than a person says: a contract that few trade has holes. */
const FEW = 4;
/** So many of them in ten lie on the grid of the longer candles, where these are what the file holds; the rest is dirt and short candles at a session's end. */
const MOST_OF_TEN = 8;

/**
 * How far apart the candles are, where that is not the length that a person names; undefined where it fits. Minutes with holes are minutes, however many are missing:
 * longer candles are those that never follow one another at the named distance, or lie on their own grid nearly all.
 */
export function otherSpacing(times: readonly EpochMs[], namedMs: number): number | undefined {
  const spacing = spacingOf(times);
  if (!spacing.ok || spacing.value === namedMs) return undefined;
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? NaN));
  if (spacing.value < namedMs) return spacing.value;
  if (gaps.length < FEW) return undefined;
  const onGrid = gaps.filter((gap) => gap % spacing.value === 0).length;
  return !gaps.includes(namedMs) || onGrid * 10 >= gaps.length * MOST_OF_TEN ? spacing.value : undefined;
}

/**
 * Candles whose times are their ENDS, with their starts instead. The last one of a session may be short: it begins where the one before it ended. A day has one time only, which stays.
 */
export function fromEnds(candles: readonly Candle[], timeframeMs: number, of: { readonly instrument: Instrument; readonly calendar: TradingCalendar }): readonly Candle[] {
  if (timeframeMs >= DAY_MS) return candles;
  return candles.map((candle) => {
    const session = of.calendar.sessionAt(of.instrument, candle.time - 1);
    const isLast = session !== undefined && session.until === candle.time;
    const start = isLast ? session.from + Math.floor((candle.time - 1 - session.from) / timeframeMs) * timeframeMs : candle.time - timeframeMs;
    return { ...candle, time: start };
  });
}
