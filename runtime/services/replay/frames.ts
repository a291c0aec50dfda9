import type { CandleColumns } from '../../domain/candle';
import { slotsOf } from '../../domain/candle';
import { timeframeMs } from '../../domain/condition';
import { deny, ok, type Outcome } from '../../domain/denial';
import type { SeenCandle } from '../../domain/feed';
import { roomFor } from '../../domain/indicators/run';
import { sourceOf } from '../../domain/indicators/core/bar';
import { BarCursor } from '../../domain/indicators/core/columns';
import type { Frame, FrameCandle, Resolved, StudyReading, Unknown } from '../../domain/series';
import type { TradingCalendar } from '../../domain/session';
import { DAY_MS, MINUTE_MS, type EpochMs } from '../../domain/time';
import type { TrackData } from './track';

/**
 * All candles of one timeframe by column, those to come included: `newest` never lets anybody at them before they have closed. An indicator is computed over the whole columns when it is
 * first asked for; what it says of a candle depends on no later one.
 */
export class ColumnFrame implements Frame {
  readonly #studies = new Map<string, Readonly<Record<string, Float64Array>>>();
  readonly #bar = new BarCursor();
  #last = -1;

  /** `known`: no candle that ends later is shown. */
  constructor(readonly columns: CandleColumns, readonly ends: Float64Array, private readonly known: () => EpochMs) {}

  get length(): number {
    return this.columns.length;
  }

  /** Mostly the one that was newest last, or the one behind it. */
  newest(asOf: EpochMs): number | undefined {
    const { ends, length } = this;
    const at = Math.min(asOf, this.known());
    let position = this.#last;
    if (position >= 0 && (ends[position] ?? Infinity) > at) position = -1;
    let step = 1;
    while (position + step < length && (ends[position + step] ?? Infinity) <= at) {
      position += step;
      step *= 2;
    }
    for (step = Math.floor(step / 2); step >= 1; step = Math.floor(step / 2)) {
      while (position + step < length && (ends[position + step] ?? Infinity) <= at) position += step;
    }
    this.#last = position;
    return position < 0 ? undefined : position;
  }

  until(position: number): EpochMs | undefined {
    return this.ends[position];
  }

  at(position: number): FrameCandle | undefined {
    const seen = this.seen(position);
    return seen === undefined ? undefined : { ...seen, session: this.columns.session[position] };
  }

  seen(position: number): SeenCandle | undefined {
    const { time, open, high, low, close, volume, length } = this.columns;
    if (position < 0 || position >= length) return undefined;
    const candle = { time: time[position] ?? NaN, open: open[position] ?? NaN, high: high[position] ?? NaN, low: low[position] ?? NaN, close: close[position] ?? NaN, volume: volume[position] ?? NaN, closed: true };
    return { candle, incomplete: false, until: this.ends[position] ?? NaN };
  }

  value(position: number, what: Resolved): number | boolean | undefined {
    if (position < 0 || position >= this.length || what.kind === 'field') return undefined;
    if (what.kind === 'price') return sourceOf(this.#bar.at(this.columns, position), what.price);
    const value = this.study(what)[what.output]?.[position] ?? NaN;
    return Number.isNaN(value) ? undefined : what.read(value);
  }

  why(): Unknown {
    return 'no value yet';
  }

  /** Every output of an indicator, NaN where there is no value. */
  study({ key, spec, parameters }: StudyReading): Readonly<Record<string, Float64Array>> {
    const known = this.#studies.get(key);
    if (known !== undefined) return known;
    const outputs = roomFor(spec, this.length);
    spec.create(parameters).batch(this.columns, outputs);
    this.#studies.set(key, outputs);
    return outputs;
  }
}

/** The candles of a timeframe from those of a track. Denies where they can not be made of them. */
export function frameOf(track: TrackData, timeframe: string, calendar: Pick<TradingCalendar, 'day' | 'sessionAt'>, known: () => EpochMs): Outcome<ColumnFrame> {
  const wanted = timeframeMs(timeframe);
  const { timeframeMs: own, columns, until, instrument } = track;
  if (wanted === own) return ok(new ColumnFrame(columns, until, known));
  if (wanted < own || wanted % own !== 0) {
    return deny('INVALID_PARAMETER', `Candles of ${timeframe} can not be made of the ${Math.round(own / MINUTE_MS)}-minute candles of ${instrument.key}.`, { field: 'timeframe', remedy: 'Use data of a shorter timeframe.' });
  }
  return ok(wanted >= DAY_MS ? cutByDays(track, timeframe, calendar, known) : cutInSession(track, wanted, known));
}

/** From the opening of each session. */
function cutInSession({ columns, closes }: TrackData, lengthMs: number, known: () => EpochMs): ColumnFrame {
  return cut(columns, known, (index) => {
    const opens = columns.session[index] ?? NaN;
    const start = opens + Math.floor(((columns.time[index] ?? NaN) - opens) / lengthMs) * lengthMs;
    return { start, until: Math.min(start + lengthMs, closes[index] ?? Infinity) };
  });
}

function cutByDays({ columns, instrument }: TrackData, timeframe: string, calendar: Pick<TradingCalendar, 'day' | 'sessionAt'>, known: () => EpochMs): ColumnFrame {
  const slotOf = slotsOf(calendar, instrument, timeframe);
  return cut(columns, known, (index) => {
    const time = columns.time[index] ?? NaN;
    return slotOf(time) ?? { start: time, until: time };
  });
}

function cut(columns: CandleColumns, known: () => EpochMs, slotAt: (index: number) => { readonly start: EpochMs; readonly until: EpochMs }): ColumnFrame {
  const { length, time, open, high, low, close, volume, session } = columns;
  const made = { time: new Float64Array(length), open: new Float64Array(length), high: new Float64Array(length), low: new Float64Array(length), close: new Float64Array(length), volume: new Float64Array(length), session: new Float64Array(length) };
  const ends = new Float64Array(length);
  let count = 0;
  let index = 0;
  while (index < length) {
    const slot = slotAt(index);
    let top = high[index] ?? NaN;
    let bottom = low[index] ?? NaN;
    let sum = volume[index] ?? NaN;
    const first = index;
    for (index += 1; index < length && (time[index] ?? Infinity) < slot.until; index += 1) {
      top = Math.max(top, high[index] ?? NaN);
      bottom = Math.min(bottom, low[index] ?? NaN);
      sum += volume[index] ?? NaN;
    }
    made.time[count] = slot.start;
    made.open[count] = open[first] ?? NaN;
    made.high[count] = top;
    made.low[count] = bottom;
    made.close[count] = close[index - 1] ?? NaN;
    made.volume[count] = sum;
    made.session[count] = session[first] ?? NaN;
    ends[count] = slot.until;
    count += 1;
  }
  const part = (column: Float64Array): Float64Array => column.slice(0, count);
  return new ColumnFrame({ length: count, time: part(made.time), open: part(made.open), high: part(made.high), low: part(made.low), close: part(made.close), volume: part(made.volume), session: part(made.session) }, part(ends), known);
}
