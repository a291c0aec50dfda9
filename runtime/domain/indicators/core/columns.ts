import { isWhole, sourceOf, type Bar, type BarColumns, type Source } from './bar';

/** Candles by column. Throws RangeError for a candle with a number that is not finite: indicators must never see one. */
export function columnsOf(bars: readonly Bar[]): BarColumns {
  const { length } = bars;
  const column = (): Float64Array => new Float64Array(length);
  const columns = { length, time: column(), open: column(), high: column(), low: column(), close: column(), volume: column(), session: column() };
  bars.forEach((bar, index) => {
    if (!isWhole(bar)) throw new RangeError(`Candle ${index} holds a number that is not finite`);
    columns.time[index] = bar.time;
    columns.open[index] = bar.open;
    columns.high[index] = bar.high;
    columns.low[index] = bar.low;
    columns.close[index] = bar.close;
    columns.volume[index] = bar.volume;
    columns.session[index] = bar.session ?? NaN;
  });
  return columns;
}

/** The candles from `from` up to, not including, `to`; shares memory. */
export function sliceColumns(columns: BarColumns, from: number, to: number): BarColumns {
  const cut = (column: Float64Array): Float64Array => column.subarray(from, to);
  return {
    length: to - from, time: cut(columns.time), open: cut(columns.open), high: cut(columns.high), low: cut(columns.low),
    close: cut(columns.close), volume: cut(columns.volume), session: cut(columns.session),
  };
}

/** One number a candle: the column itself where there is one. */
export function sourceColumn(columns: BarColumns, source: Source): Float64Array {
  if (source !== 'hl2' && source !== 'hlc3' && source !== 'ohlc4') return columns[source];
  const cursor = new BarCursor();
  const values = new Float64Array(columns.length);
  for (let index = 0; index < columns.length; index += 1) values[index] = sourceOf(cursor.at(columns, index), source);
  return values;
}

/** One candle object that walks over columns: the batch path without an object per candle. */
export class BarCursor implements Bar {
  time = NaN;
  open = NaN;
  high = NaN;
  low = NaN;
  close = NaN;
  volume = NaN;
  session = NaN;

  at(columns: BarColumns, index: number): this {
    this.time = columns.time[index] ?? NaN;
    this.open = columns.open[index] ?? NaN;
    this.high = columns.high[index] ?? NaN;
    this.low = columns.low[index] ?? NaN;
    this.close = columns.close[index] ?? NaN;
    this.volume = columns.volume[index] ?? NaN;
    this.session = columns.session[index] ?? NaN;
    return this;
  }
}
