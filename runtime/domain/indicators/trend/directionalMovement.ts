import { isZero, type Convention } from '../core/convention';
import type { Bar } from '../core/bar';
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

  next(bar: Bar): void {
    const { high, low, close } = this;
    this.high = bar.high;
    this.low = bar.low;
    this.close = bar.close;
    this.seen += 1;
    if (this.seen === 0) return;
    const rise = bar.high - high;
    const fall = low - bar.low;
    const keep = this.seen <= this.summed ? 1 : this.keep;
    this.up = this.up * keep + (rise > 0 && rise > fall ? rise : 0);
    this.down = this.down * keep + (fall > 0 && fall > rise ? fall : 0);
    this.range = this.range * keep + trueRangeOf(bar.high, bar.low, close);
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
