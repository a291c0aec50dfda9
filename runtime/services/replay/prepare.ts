import type { BacktestWarning, RecordedCandles } from '../../domain/backtest';
import { deny, ok, type Outcome } from '../../domain/denial';
import { indiaDate, type TradingCalendar } from '../../domain/session';
import { DAY_MS, type EpochMs } from '../../domain/time';
import type { TrackData } from './track';

/** Prices above can not be held exactly. */
const HIGHEST = 1e11;

export interface Prepared {
  readonly data: TrackData;
  readonly warnings: readonly BacktestWarning[];
}

/**
 * A recording as it may be walked: rows outside of sessions are left out, as a live market has none; rows that repeat, go back or hold no numbers as well. What was left out, and what is
 * missing within sessions, is said. Denies where nothing is left.
 */
export function prepareTrack({ instrument, timeframeMs, columns }: RecordedCandles, calendar: TradingCalendar, until: EpochMs): Outcome<Prepared> {
  const { length, time, open, high, low, close, volume } = columns;
  const isOfDays = timeframeMs >= DAY_MS;
  const starts = isOfDays ? new Float64Array(length) : time;
  const [sessions, ends, closes] = [new Float64Array(length), new Float64Array(length), new Float64Array(length)];
  /** Rows that are left out; most recordings have none. */
  const dropped: number[] = [];
  const counts = { outside: 0, broken: 0, gaps: 0 };
  let [opensAt, closesAt, before, expected, traded, rows] = [NaN, NaN, -Infinity, NaN, 0, 0];
  for (; rows < length; rows += 1) {
    let start = time[rows] ?? NaN;
    if (start >= until) break;
    if (isOfDays || !(start >= opensAt && start < closesAt)) {
      const session = isOfDays ? wholeDay(calendar, instrument, start) : calendar.sessionAt(instrument, start);
      if (session === undefined) {
        counts.outside += 1;
        dropped.push(rows);
        continue;
      }
      opensAt = session.from;
      closesAt = session.until;
      expected = NaN;
      if (isOfDays) start = starts[rows] = opensAt;
    }
    if (!(start > before) || !isCandle(open[rows] ?? NaN, high[rows] ?? NaN, low[rows] ?? NaN, close[rows] ?? NaN)) {
      counts.broken += 1;
      dropped.push(rows);
      continue;
    }
    if (start > expected) counts.gaps += 1;
    before = start;
    expected = isOfDays ? closesAt : Math.min(start + timeframeMs, closesAt);
    sessions[rows] = opensAt;
    ends[rows] = expected;
    closes[rows] = closesAt;
    if ((volume[rows] ?? 0) > 0) traded += 1;
  }
  if (rows === dropped.length) return nothing(instrument.key, time[0]);
  const keep = keeping(rows, dropped);
  const kept = { length: rows - dropped.length, time: keep(starts), open: keep(open), high: keep(high), low: keep(low), close: keep(close), volume: keep(counted(volume)), session: keep(sessions) };
  return ok({
    data: { instrument, timeframeMs, columns: kept, until: keep(ends), closes: keep(closes) },
    warnings: warningsOf(instrument.key, counts, traded === 0 && instrument.segment !== 'index', isOfDays),
  });
}

/** Prices that can be: above 0, and a range that holds open and close. */
function isCandle(open: number, high: number, low: number, close: number): boolean {
  return low > 0 && high < HIGHEST && open >= low && open <= high && close >= low && close <= high;
}

/** A column without the rows that are left out; the very same where nothing is. */
function keeping(rows: number, dropped: readonly number[]): (column: Float64Array) => Float64Array {
  if (dropped.length === 0) return (column) => column.subarray(0, rows);
  return (column) => {
    const kept = new Float64Array(rows - dropped.length);
    let [from, count] = [0, 0];
    for (const gone of [...dropped, rows]) {
      kept.set(column.subarray(from, gone), count);
      count += gone - from;
      from = gone + 1;
    }
    return kept;
  };
}

/** What is no count of units counts as none. */
function counted(volume: Float64Array): Float64Array {
  return volume.every((units) => units >= 0) ? volume : volume.map((units) => (units > 0 ? units : 0));
}

/** A candle of a day belongs to all of its sessions, wherever in it a file puts its time. */
function wholeDay(calendar: TradingCalendar, instrument: RecordedCandles['instrument'], time: EpochMs): { readonly from: EpochMs; readonly until: EpochMs } | undefined {
  const day = calendar.day(instrument, indiaDate(time));
  const [first] = day.kind === 'open' ? day.sessions : [];
  const last = day.kind === 'open' ? day.sessions.at(-1) : undefined;
  return first === undefined || last === undefined ? undefined : { from: first.from, until: last.until };
}

function nothing(key: string, first: EpochMs | undefined): Outcome<never> {
  const when = first === undefined ? '' : ` (the first is of ${indiaDate(first)})`;
  return deny('INVALID_PARAMETER', `No candle of ${key} lies within a trading session${when}.`, { field: 'data', remedy: 'Check the time zone and whether times are the start or the end of candles; the calendar knows the years since 2020, others can be added to calendar.json.' });
}

function warningsOf(about: string, { outside, broken, gaps }: { readonly outside: number; readonly broken: number; readonly gaps: number }, isSilent: boolean, isOfDays: boolean): readonly BacktestWarning[] {
  const warnings: BacktestWarning[] = [];
  const warn = (code: string, count: number, message: string): void => { if (count > 0) warnings.push({ code, message, about, count }); };
  warn('OUTSIDE_SESSION', outside, `${outside} candles of ${about} lie outside of trading sessions and were left out.`);
  warn('BROKEN_CANDLE', broken, `${broken} candles of ${about} repeat a time, go back in time or hold prices that can not be; they were left out.`);
  warn('GAP', gaps, `${gaps} times candles of ${about} are missing within a session: nothing is decided and nothing fills there.`);
  warn('NO_VOLUME', isSilent ? 1 : 0, `The candles of ${about} have no volume: orders fill as a whole, whatever was traded.`);
  warn('DAILY_CANDLES', isOfDays ? 1 : 0, `The candles of ${about} are of whole days: they close when the market does, and what is decided on them then is refused as it would be live. Give minutes.`);
  return warnings;
}
