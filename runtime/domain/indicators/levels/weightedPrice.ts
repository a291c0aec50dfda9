import type { BarColumns } from '../core/bar';
import type { Outputs } from '../core/indicator';

/**
 * Volume-weighted mean and deviation of the typical price since `restart`. Distances to the first price keep all digits.
 * Both are NaN until something has traded: an index has no volume, so it has no such price.
 */
export class WeightedPrice {
  mean = NaN;
  private pivot = NaN;
  private volume = 0;
  private distance = 0;
  private squares = 0;

  /** Worked out when it is asked for: most who want the mean do not want the bands. */
  get deviation(): number {
    if (this.volume === 0) return NaN;
    const share = 1 / this.volume;
    const offset = this.distance * share;
    return deviationOf(this.squares * share - offset * offset);
  }

  restart(): void {
    this.mean = NaN;
    this.pivot = NaN;
    this.volume = 0;
    this.distance = 0;
    this.squares = 0;
  }

  /** Takes a typical price and the volume traded at it. */
  next(price: number, volume: number): void {
    if (!(volume > 0)) return;
    if (this.volume === 0) this.pivot = price;
    const distance = price - this.pivot;
    const weighted = distance * volume;
    this.volume += volume;
    this.distance += weighted;
    this.squares += distance * weighted;
    this.mean = this.pivot + this.distance * (1 / this.volume);
  }

  /** Takes the candles from `from` up to, not including, `to`, and writes mean and mean ± `multiplier` × deviation after each. */
  nextAll({ high, low, close, volume: volumes }: BarColumns, from: number, to: number, multiplier: number, { value, upper, lower }: Outputs<'value' | 'upper' | 'lower'>): void {
    let { mean, pivot, volume, distance, squares } = this;
    let reach = multiplier * this.deviation;
    for (let index = from; index < to; index += 1) {
      const traded = volumes[index] ?? NaN;
      if (traded > 0) {
        const price = ((high[index] ?? NaN) + (low[index] ?? NaN) + (close[index] ?? NaN)) / 3;
        if (volume === 0) pivot = price;
        const away = price - pivot;
        const weighted = away * traded;
        volume += traded;
        distance += weighted;
        squares += away * weighted;
        const share = 1 / volume;
        const offset = distance * share;
        mean = pivot + offset;
        reach = multiplier * deviationOf(squares * share - offset * offset);
      }
      value[index] = mean;
      upper[index] = mean + reach;
      lower[index] = mean - reach;
    }
    this.mean = mean;
    this.pivot = pivot;
    this.volume = volume;
    this.distance = distance;
    this.squares = squares;
  }
}

/** Rounding may leave a little less than nothing. */
function deviationOf(variance: number): number {
  return variance > 0 ? Math.sqrt(variance) : 0;
}
