import type { CandleColumns } from '../../domain/candle/columns';
import { DAY_MS, MINUTE_MS } from '../../domain/time';

/** Bars that a page carries for all its instruments together: some two megabytes. */
export const MOST_BARS = 40_000;
const FEWEST_BARS = 2_000;
const INDIA_OFFSET_MS = 330 * MINUTE_MS;
const OPENING_MS = (9 * 60 + 15) * MINUTE_MS;
const LENGTHS_MS = [1, 3, 5, 10, 15, 30, 60, 120, 24 * 60, 7 * 24 * 60].map((minutes) => minutes * MINUTE_MS);

/** Bars by column, times in seconds. */
export interface Bars {
  readonly barMs: number;
  readonly time: readonly number[];
  readonly open: readonly number[];
  readonly high: readonly number[];
  readonly low: readonly number[];
  readonly close: readonly number[];
}

/** How many bars one instrument of several may have. */
export function barBudget(instruments: number): number {
  return Math.max(FEWEST_BARS, Math.floor(MOST_BARS / Math.max(1, instruments)));
}

/**
 * Candles between `from` and `until` as they are, where there are no more than `most` of them; otherwise joined into the shortest longer bars of which there are no more
 * (counted from the session's opening; days and weeks of India). A joined bar keeps the first open, the highest high, the lowest low and the last close.
 */
export function barsOf(candles: CandleColumns, timeframeMs: number, span: { readonly from: number; readonly until: number }, most: number): Bars {
  const begin = firstAt(candles, span.from);
  const end = firstAt(candles, span.until);
  if (end - begin <= most) return joined(candles, begin, end, timeframeMs);
  let bars: Bars | undefined;
  for (const barMs of LENGTHS_MS) {
    if (barMs <= timeframeMs) continue;
    bars = joined(candles, begin, end, barMs);
    if (bars.time.length <= most) return bars;
  }
  return bars ?? joined(candles, begin, end, timeframeMs);
}

function firstAt({ time, length }: CandleColumns, at: number): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((time[middle] ?? Infinity) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function joined(candles: CandleColumns, begin: number, end: number, barMs: number): Bars {
  const bars = { barMs, time: new Array<number>(), open: new Array<number>(), high: new Array<number>(), low: new Array<number>(), close: new Array<number>() };
  let slot = NaN;
  let last = -1;
  for (let index = begin; index < end; index += 1) {
    const time = candles.time[index] ?? NaN;
    const own = slotOf(time, candles.session[index] ?? NaN, barMs);
    const [high, low, close] = [candles.high[index] ?? NaN, candles.low[index] ?? NaN, candles.close[index] ?? NaN];
    if (own !== slot) {
      slot = own;
      last += 1;
      bars.time.push(Math.floor(Math.max(own, barMs >= DAY_MS ? own : time) / 1_000));
      bars.open.push(candles.open[index] ?? NaN);
      bars.high.push(high);
      bars.low.push(low);
      bars.close.push(close);
      continue;
    }
    bars.high[last] = Math.max(bars.high[last] ?? high, high);
    bars.low[last] = Math.min(bars.low[last] ?? low, low);
    bars.close[last] = close;
  }
  return bars;
}

/** The beginning of the bar that a time belongs to. */
function slotOf(time: number, session: number, barMs: number): number {
  if (barMs >= DAY_MS) {
    // 1970-01-01 was a Thursday: weeks begin on the Monday before.
    const shift = barMs > DAY_MS ? 3 * DAY_MS : 0;
    return Math.floor((time + INDIA_OFFSET_MS + shift) / barMs) * barMs - INDIA_OFFSET_MS - shift;
  }
  // Where a session is not known: the usual opening of shares.
  const origin = Number.isFinite(session) ? session : Math.floor((time + INDIA_OFFSET_MS) / DAY_MS) * DAY_MS - INDIA_OFFSET_MS + OPENING_MS;
  return origin + Math.floor((time - origin) / barMs) * barMs;
}

/** `5 min`, `1 h`, `1 day`. */
export function barName(barMs: number): string {
  if (barMs >= 7 * DAY_MS) return '1 week';
  if (barMs >= DAY_MS) return '1 day';
  const minutes = barMs / MINUTE_MS;
  return minutes >= 60 && minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}
