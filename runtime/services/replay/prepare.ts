import type { BacktestWarning, RecordedCandles } from '../../domain/backtest';
import { deny, ok, type Outcome } from '../../domain/denial';
import { indiaDate, type TradingCalendar } from '../../domain/session';
import { MINUTE_MS, type EpochMs } from '../../domain/time';
import type { TrackData } from './track';

const DAY_MS = 24 * 60 * MINUTE_MS;
const COLUMNS = ['time', 'open', 'high', 'low', 'close', 'volume'] as const;

export interface Prepared {
  readonly data: TrackData;
  readonly warnings: readonly BacktestWarning[];
}

/**
 * A recording as it may be walked: rows outside of sessions are left out, as a live market has none; rows that repeat, go back or hold no numbers as well. What was left out, and what is
 * missing within sessions, is said. Denies where nothing is left.
 */
export function prepareTrack({ instrument, timeframeMs, columns }: RecordedCandles, calendar: TradingCalendar, until: EpochMs): Outcome<Prepared> {
  const { length } = columns;
  const kept = { length: 0, time: new Float64Array(length), open: new Float64Array(length), high: new Float64Array(length), low: new Float64Array(length), close: new Float64Array(length), volume: new Float64Array(length), session: new Float64Array(length) };
  const ends = new Float64Array(length);
  const closes = new Float64Array(length);
  const counts = { outside: 0, broken: 0, gaps: 0 };
  const isOfDays = timeframeMs >= DAY_MS;
  let opensAt = NaN;
  let closesAt = NaN;
  let before = -Infinity;
  let expected = NaN;
  let traded = 0;
  let count = 0;
  for (let index = 0; index < length; index += 1) {
    let time = columns.time[index] ?? NaN;
    if (time >= until) break;
    if (isOfDays || !(time >= opensAt && time < closesAt)) {
      const session = isOfDays ? wholeDay(calendar, instrument, time) : calendar.sessionAt(instrument, time);
      if (session === undefined) { counts.outside += 1; continue; }
      opensAt = session.from;
      closesAt = session.until;
      expected = NaN;
      if (isOfDays) time = opensAt;
    }
    const open = columns.open[index] ?? NaN;
    const high = columns.high[index] ?? NaN;
    const low = columns.low[index] ?? NaN;
    const close = columns.close[index] ?? NaN;
    const volume = columns.volume[index] ?? 0;
    if (!(time > before) || !(low > 0 && high >= low && open >= low && open <= high && close >= low && close <= high && high < 1e11)) { counts.broken += 1; continue; }
    if (time > expected) counts.gaps += 1;
    before = time;
    const end = isOfDays ? closesAt : Math.min(time + timeframeMs, closesAt);
    expected = end;
    kept.time[count] = time;
    kept.open[count] = open;
    kept.high[count] = high;
    kept.low[count] = low;
    kept.close[count] = close;
    kept.volume[count] = volume > 0 ? volume : 0;
    kept.session[count] = opensAt;
    ends[count] = end;
    closes[count] = closesAt;
    traded += volume > 0 ? 1 : 0;
    count += 1;
  }
  if (count === 0) return nothing(instrument.key, columns.time[0]);
  const cut = (column: Float64Array): Float64Array => column.subarray(0, count);
  const cells = Object.fromEntries(COLUMNS.map((name) => [name, cut(kept[name])]));
  const whole = { ...kept, ...cells, session: cut(kept.session), length: count };
  return ok({
    data: { instrument, timeframeMs, columns: whole, until: cut(ends), closes: cut(closes) },
    warnings: warningsOf(instrument.key, counts, traded === 0 && instrument.segment !== 'index'),
  });
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

function warningsOf(about: string, { outside, broken, gaps }: { readonly outside: number; readonly broken: number; readonly gaps: number }, isSilent: boolean): readonly BacktestWarning[] {
  const warnings: BacktestWarning[] = [];
  const warn = (code: string, count: number, message: string): void => { if (count > 0) warnings.push({ code, message, about, count }); };
  warn('OUTSIDE_SESSION', outside, `${outside} candles of ${about} lie outside of trading sessions and were left out.`);
  warn('BROKEN_CANDLE', broken, `${broken} candles of ${about} repeat a time, go back in time or hold prices that can not be; they were left out.`);
  warn('GAP', gaps, `${gaps} times candles of ${about} are missing within a session: nothing is decided and nothing fills there.`);
  warn('NO_VOLUME', isSilent ? 1 : 0, `The candles of ${about} have no volume: orders fill as a whole, whatever was traded.`);
  return warnings;
}
