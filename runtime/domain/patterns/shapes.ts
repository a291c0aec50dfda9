import type { Bar } from '../indicators/core/bar';

/** The longest look back of any pattern: three candles before the current one, ten before each for the averages. */
const KEPT = 16;
const MASK = KEPT - 1;

/** Which length an average is taken of. */
type Length = 'body' | 'range';

/**
 * The last candles, seen as shapes, in TA-Lib's terms. `ago` counts candles back from the current one (0). Averages are over the
 * candles BEFORE the one they are asked for, summed afresh each time, oldest first.
 */
export class Shapes {
  private readonly opens = new Float64Array(KEPT);
  private readonly highs = new Float64Array(KEPT);
  private readonly lows = new Float64Array(KEPT);
  private readonly closes = new Float64Array(KEPT);
  private readonly bodies = new Float64Array(KEPT);
  private readonly ranges = new Float64Array(KEPT);
  private at = 0;

  push(bar: Bar): void {
    this.at = (this.at + 1) & MASK;
    this.opens[this.at] = bar.open;
    this.highs[this.at] = bar.high;
    this.lows[this.at] = bar.low;
    this.closes[this.at] = bar.close;
    this.bodies[this.at] = Math.abs(bar.close - bar.open);
    this.ranges[this.at] = bar.high - bar.low;
  }

  open(ago: number): number {
    return this.opens[(this.at - ago) & MASK] ?? NaN;
  }

  high(ago: number): number {
    return this.highs[(this.at - ago) & MASK] ?? NaN;
  }

  low(ago: number): number {
    return this.lows[(this.at - ago) & MASK] ?? NaN;
  }

  close(ago: number): number {
    return this.closes[(this.at - ago) & MASK] ?? NaN;
  }

  /** |close - open|. */
  body(ago: number): number {
    return this.bodies[(this.at - ago) & MASK] ?? NaN;
  }

  /** high - low. */
  range(ago: number): number {
    return this.ranges[(this.at - ago) & MASK] ?? NaN;
  }

  /** 1 for white (close at or above open), -1 for black. */
  color(ago: number): 1 | -1 {
    return this.close(ago) >= this.open(ago) ? 1 : -1;
  }

  top(ago: number): number {
    return Math.max(this.open(ago), this.close(ago));
  }

  bottom(ago: number): number {
    return Math.min(this.open(ago), this.close(ago));
  }

  upperShadow(ago: number): number {
    return this.high(ago) - this.top(ago);
  }

  lowerShadow(ago: number): number {
    return this.bottom(ago) - this.low(ago);
  }

  /** Average body of the ten candles before: a longer body is long, a shorter one short. */
  averageBody(ago: number): number {
    return this.sum('body', ago, 10) / 10;
  }

  /** A body up to this is a doji's. */
  dojiBody(ago: number): number {
    return (0.1 * this.sum('range', ago, 10)) / 10;
  }

  /** A shadow below this is very short. */
  veryShortShadow(ago: number): number {
    return (0.1 * this.sum('range', ago, 10)) / 10;
  }

  /** Prices closer than this are near. */
  near(ago: number): number {
    return (0.2 * this.sum('range', ago, 5)) / 5;
  }

  /** Prices further apart than this are far. */
  far(ago: number): number {
    return (0.6 * this.sum('range', ago, 5)) / 5;
  }

  /** Whether the body lies wholly above that of the candle before. */
  gapsUp(ago: number): boolean {
    return this.bottom(ago) > this.top(ago + 1);
  }

  /** Whether the body lies wholly below that of the candle before. */
  gapsDown(ago: number): boolean {
    return this.top(ago) < this.bottom(ago + 1);
  }

  private sum(length: Length, ago: number, count: number): number {
    const data = length === 'body' ? this.bodies : this.ranges;
    let sum = 0;
    for (let back = count; back > 0; back -= 1) sum += data[(this.at - ago - back) & MASK] ?? NaN;
    return sum;
  }
}
