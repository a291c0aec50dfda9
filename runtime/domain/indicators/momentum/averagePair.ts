import { Ema } from '../averages/ema';

/**
 * A fast and a slow exponential average of one series. Where they begin `together`, the fast one is seeded from the last `fast`
 * values before the slow one begins; otherwise each from the start of the series.
 */
export class AveragePair {
  /** NaN while unknown. */
  fast = NaN;
  slow = NaN;
  private readonly fastAverage: Ema;
  private readonly slowAverage: Ema;
  private skipping: number;

  constructor(options: { readonly fast: number; readonly slow: number; readonly together: boolean }) {
    this.skipping = options.together ? options.slow - options.fast : 0;
    this.fastAverage = new Ema({ period: options.fast });
    this.slowAverage = new Ema({ period: options.slow });
  }

  next(x: number): void {
    this.slow = this.slowAverage.next(x);
    if (this.skipping > 0) this.skipping -= 1;
    else this.fast = this.fastAverage.next(x);
  }

  /** Takes all of `x` and writes both averages after each. */
  nextAll(x: Float64Array, fast: Float64Array, slow: Float64Array): void {
    const skipped = Math.min(x.length, this.skipping);
    this.skipping -= skipped;
    fast.fill(NaN, 0, skipped);
    this.slowAverage.batch(x, { value: slow });
    this.fastAverage.batch(x.subarray(skipped), { value: fast.subarray(skipped) });
  }
}
