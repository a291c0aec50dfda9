import { isZero, type Convention } from '../core/convention';
import { trueRangeOf } from '../volatility/trueRange';

/**
 * Wilder's directional movement, the ground of +DI, -DI, DX and ADX. Sums of movements and of the true range decay by 1 / period a
 * candle. TA-Lib starts from the sum of the first period - 1, Pine from that of the first `period`; both begin at `period`.
 * Where nothing ranges, TA-Lib gives 0 for both indicators and repeats the last DX; so do we in both conventions.
 */
export class DirectionalMovement {
  readonly begin: number;
  /** Percent; NaN while unknown. */
  plus = NaN;
  minus = NaN;
  dx = NaN;
  /** Whether the last candle's DX could be computed. */
  moves = false;
  private readonly keep: number;
  private readonly summed: number;
  private seen = -1;
  private high = NaN;
  private low = NaN;
  private close = NaN;
  private up = 0;
  private down = 0;
  private range = 0;

  constructor(options: { readonly period: number; readonly convention?: Convention }) {
    this.begin = options.period;
    this.keep = (options.period - 1) / options.period;
    this.summed = options.convention === 'pine' ? options.period : options.period - 1;
  }

  step(high: number, low: number, close: number): void {
    const rise = high - this.high;
    const fall = this.low - low;
    const range = trueRangeOf(high, low, this.close);
    this.high = high;
    this.low = low;
    this.close = close;
    this.seen += 1;
    if (this.seen === 0) return;
    const keep = this.seen <= this.summed ? 1 : this.keep;
    this.up = this.up * keep + positive(rise) * Number(rise > fall);
    this.down = this.down * keep + positive(fall) * Number(fall > rise);
    this.range = this.range * keep + range;
    if (this.seen >= this.begin) this.settle();
  }

  private settle(): void {
    const flat = isZero(this.range);
    this.plus = flat ? 0 : (100 * this.up) / this.range;
    this.minus = flat ? 0 : (100 * this.down) / this.range;
    const both = this.plus + this.minus;
    this.moves = !isZero(both);
    if (this.moves) this.dx = (100 * Math.abs(this.minus - this.plus)) / both;
    else if (Number.isNaN(this.dx)) this.dx = 0;
  }
}

/** x above 0, else 0; without a branch that the price decides. */
function positive(x: number): number {
  return (Math.abs(x) + x) * 0.5;
}
