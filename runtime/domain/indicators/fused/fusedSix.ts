import { hlc3, type Bar } from '../core/bar';
import { isZero } from '../core/convention';
import { trueRangeOf } from '../volatility/trueRange';

/** Lengths of the six indicators; TA-Lib's convention, following the close. */
export interface FusedSixOptions {
  readonly symbols: number;
  readonly ema?: number;
  readonly rsi?: number;
  readonly macd?: { readonly fast: number; readonly slow: number; readonly signal: number };
  readonly atr?: number;
  readonly supertrend?: { readonly period: number; readonly multiplier: number };
}

/** Values of one symbol; NaN while unknown. */
export interface SixValues {
  readonly ema: number;
  readonly rsi: number;
  readonly macd: number;
  readonly signal: number;
  readonly histogram: number;
  readonly atr: number;
  readonly supertrend: number;
  /** 1 rising, -1 falling. */
  readonly direction: number;
  readonly vwap: number;
}

/** Places within a symbol's row. */
const SEEN = 0, CLOSE = 1, EMA = 2, RISE = 3, FALL = 4, RSI = 5, FAST = 6, SLOW = 7, SIGNAL = 8, ATR = 9, TREND_ATR = 10, UPPER = 11, LOWER = 12, RISING = 13;
const SESSION = 14, WHOLE = 15, PIVOT = 16, VOLUME = 17, DISTANCE = 18, VWAP = 19;
const ROW = 20;

/**
 * EMA, RSI, MACD, ATR, Supertrend and session VWAP of many symbols at once: one row of 20 numbers (160 bytes) a symbol instead of a dozen objects, one pass
 * a candle. The very bits of Ema, Rsi, Macd, Atr, Supertrend and SessionVwap; the formulas are theirs.
 */
export class FusedSix {
  static readonly bytesPerSymbol = ROW * Float64Array.BYTES_PER_ELEMENT;
  private readonly rows: Float64Array;
  private readonly periods: { readonly ema: number; readonly rsi: number; readonly fast: number; readonly slow: number; readonly signal: number; readonly atr: number; readonly trend: number };
  private readonly emaGain: number;
  private readonly fastGain: number;
  private readonly slowGain: number;
  private readonly signalGain: number;
  private readonly rsiKeep: number;
  private readonly rsiHalf: number;
  private readonly atrKeep: number;
  private readonly atrShare: number;
  private readonly trendKeep: number;
  private readonly trendShare: number;
  private readonly multiplier: number;
  /** Candles after which nothing is being seeded any more. */
  private readonly warm: number;

  constructor({ symbols, ema = 20, rsi = 14, macd = { fast: 12, slow: 26, signal: 9 }, atr = 14, supertrend = { period: 10, multiplier: 3 } }: FusedSixOptions) {
    this.rows = new Float64Array(symbols * ROW);
    for (let row = 0; row < this.rows.length; row += ROW) {
      for (const place of [CLOSE, RSI, UPPER, LOWER, SESSION, PIVOT, VWAP]) this.rows[row + place] = NaN;
      this.rows[row + RISING] = 1;
    }
    this.periods = { ema, rsi, ...macd, atr, trend: supertrend.period };
    this.emaGain = 2 / (ema + 1);
    this.fastGain = 2 / (macd.fast + 1);
    this.slowGain = 2 / (macd.slow + 1);
    this.signalGain = 2 / (macd.signal + 1);
    this.rsiKeep = (rsi - 1) / rsi;
    this.rsiHalf = 0.5 / rsi;
    this.atrKeep = (atr - 1) / atr;
    this.atrShare = 1 / atr;
    this.trendKeep = (supertrend.period - 1) / supertrend.period;
    this.trendShare = 1 / supertrend.period;
    this.multiplier = supertrend.multiplier;
    this.warm = Math.max(ema, rsi + 1, macd.slow + macd.signal - 1, atr + 1, supertrend.period + 1);
  }

  /** Takes a symbol's next closed candle, all of whose numbers are finite. */
  update(symbol: number, bar: Bar): void {
    const row = symbol * ROW;
    const { rows } = this;
    const seen = (rows[row + SEEN] ?? NaN) + 1;
    rows[row + SEEN] = seen;
    if (seen > this.warm) this.follow(row, bar);
    else this.seed(row, bar, seen);
    this.weigh(row, bar);
    rows[row + CLOSE] = bar.close;
  }

  /** The values after a symbol's last candle. */
  values(symbol: number): SixValues {
    const at = (place: number): number => this.rows[symbol * ROW + place] ?? NaN;
    const { ema, slow, signal, atr, trend } = this.periods;
    const seen = at(SEEN);
    const isTrending = seen > trend;
    const hasSignal = seen >= slow + signal - 1;
    const macd = hasSignal ? at(FAST) - at(SLOW) : NaN;
    return {
      ema: seen >= ema ? at(EMA) : NaN, rsi: at(RSI), macd, signal: hasSignal ? at(SIGNAL) : NaN, histogram: hasSignal ? macd - at(SIGNAL) : NaN,
      atr: seen > atr ? at(ATR) : NaN, supertrend: isTrending ? at(at(RISING) === 1 ? LOWER : UPPER) : NaN, direction: isTrending ? at(RISING) : NaN, vwap: at(VWAP),
    };
  }

  /** The steady part: every average has begun. */
  private follow(row: number, { high, low, close }: Bar): void {
    const { rows, emaGain, fastGain, slowGain, signalGain, rsiKeep, rsiHalf } = this;
    const lastClose = rows[row + CLOSE] ?? NaN;
    rows[row + EMA] = (rows[row + EMA] ?? NaN) * (1 - emaGain) + close * emaGain;
    const change = close - lastClose;
    const size = Math.abs(change);
    const rise = (rows[row + RISE] ?? NaN) * rsiKeep + (size + change) * rsiHalf;
    const fall = (rows[row + FALL] ?? NaN) * rsiKeep + (size - change) * rsiHalf;
    rows[row + RISE] = rise;
    rows[row + FALL] = fall;
    rows[row + RSI] = strength(rise, fall);
    const fast = (rows[row + FAST] ?? NaN) * (1 - fastGain) + close * fastGain;
    const slow = (rows[row + SLOW] ?? NaN) * (1 - slowGain) + close * slowGain;
    rows[row + FAST] = fast;
    rows[row + SLOW] = slow;
    rows[row + SIGNAL] = (rows[row + SIGNAL] ?? NaN) * (1 - signalGain) + (fast - slow) * signalGain;
    const range = trueRangeOf(high, low, lastClose);
    rows[row + ATR] = (rows[row + ATR] ?? NaN) * this.atrKeep + range * this.atrShare;
    const reach = (rows[row + TREND_ATR] ?? NaN) * this.trendKeep + range * this.trendShare;
    rows[row + TREND_ATR] = reach;
    this.turn(row, (high + low) / 2, this.multiplier * reach, close, lastClose);
  }

  /** Supertrend's bands around the middle of the candle. */
  private turn(row: number, middle: number, reach: number, close: number, lastClose: number): void {
    const { rows } = this;
    let upper = rows[row + UPPER] ?? NaN;
    let lower = rows[row + LOWER] ?? NaN;
    if (Number.isNaN(upper)) {
      rows[row + UPPER] = middle + reach;
      rows[row + LOWER] = middle - reach;
      return;
    }
    if (middle + reach < upper || lastClose > upper) upper = middle + reach;
    if (middle - reach > lower || lastClose < lower) lower = middle - reach;
    rows[row + UPPER] = upper;
    rows[row + LOWER] = lower;
    const isRising = rows[row + RISING] === 1 ? close >= lower : close > upper;
    rows[row + RISING] = isRising ? 1 : -1;
  }

  /** The session's volume-weighted price, from distances to its first. */
  private weigh(row: number, bar: Bar): void {
    const { rows } = this;
    const session = bar.session ?? NaN;
    const last = rows[row + SESSION] ?? NaN;
    if (session !== last) {
      rows[row + SESSION] = session;
      rows[row + WHOLE] = Number(!Number.isNaN(session) && (!Number.isNaN(last) || bar.time <= session));
      rows[row + VWAP] = NaN;
      rows[row + VOLUME] = 0;
      rows[row + DISTANCE] = 0;
    }
    if (rows[row + WHOLE] !== 1 || !(bar.volume > 0)) return;
    const price = hlc3(bar);
    const before = rows[row + VOLUME] ?? NaN;
    const pivot = before === 0 ? price : (rows[row + PIVOT] ?? NaN);
    const volume = before + bar.volume;
    const distance = (rows[row + DISTANCE] ?? NaN) + (price - pivot) * bar.volume;
    rows[row + PIVOT] = pivot;
    rows[row + VOLUME] = volume;
    rows[row + DISTANCE] = distance;
    rows[row + VWAP] = pivot + distance * (1 / volume);
  }

  /** The first candles, `seen` counting this one: averages begin with simple means. */
  private seed(row: number, { high, low, close }: Bar, seen: number): void {
    const { rows, periods: { ema, rsi, fast, slow, signal, atr, trend } } = this;
    const lastClose = rows[row + CLOSE] ?? NaN;
    this.seedAverage(row + EMA, close, { seen, period: ema, gain: this.emaGain });
    this.seedStrength(row, close - lastClose, seen - 1, rsi);
    this.seedAverage(row + SLOW, close, { seen, period: slow, gain: this.slowGain });
    if (seen > slow - fast) this.seedAverage(row + FAST, close, { seen: seen - (slow - fast), period: fast, gain: this.fastGain });
    if (seen >= slow) this.seedAverage(row + SIGNAL, (rows[row + FAST] ?? NaN) - (rows[row + SLOW] ?? NaN), { seen: seen - slow + 1, period: signal, gain: this.signalGain });
    if (seen === 1) return;
    const range = trueRangeOf(high, low, lastClose);
    this.seedRange(row + ATR, range, { seen: seen - 1, period: atr, keep: this.atrKeep, share: this.atrShare });
    this.seedRange(row + TREND_ATR, range, { seen: seen - 1, period: trend, keep: this.trendKeep, share: this.trendShare });
    if (seen > trend) this.turn(row, (high + low) / 2, this.multiplier * (rows[row + TREND_ATR] ?? NaN), close, lastClose);
  }

  private seedAverage(place: number, x: number, { seen, period, gain }: { readonly seen: number; readonly period: number; readonly gain: number }): void {
    const level = this.rows[place] ?? NaN;
    if (seen > period) this.rows[place] = level * (1 - gain) + x * gain;
    else this.rows[place] = seen === period ? (level + x) / period : level + x;
  }

  private seedRange(place: number, range: number, { seen, period, keep, share }: { readonly seen: number; readonly period: number; readonly keep: number; readonly share: number }): void {
    const level = this.rows[place] ?? NaN;
    if (seen > period) this.rows[place] = level * keep + range * share;
    else this.rows[place] = seen === period ? (level + range) / period : level + range;
  }

  private seedStrength(row: number, change: number, changes: number, period: number): void {
    const { rows } = this;
    let rise = rows[row + RISE] ?? NaN;
    let fall = rows[row + FALL] ?? NaN;
    if (changes > period) {
      const size = Math.abs(change);
      rise = rise * this.rsiKeep + (size + change) * this.rsiHalf;
      fall = fall * this.rsiKeep + (size - change) * this.rsiHalf;
    } else {
      if (change > 0) rise += change;
      if (change < 0) fall -= change;
    }
    if (changes === period) {
      rise /= period;
      fall /= period;
    }
    rows[row + RISE] = rise;
    rows[row + FALL] = fall;
    if (changes >= period) rows[row + RSI] = strength(rise, fall);
  }
}

function strength(rise: number, fall: number): number {
  const movement = rise + fall;
  return isZero(movement) ? 0 : (100 * rise) / movement;
}
