import type { BarColumns } from '../core/bar';

/**
 * Volume-weighted mean and deviation of the typical price since `restart`. Distances to the first price keep all digits.
 * Both are NaN until something has traded: an index has no volume, so it has no such price.
 */
export class WeightedPrice {
  mean = NaN;
  deviation = NaN;
  private pivot = NaN;
  private volume = 0;
  private distance = 0;
  private squares = 0;

  restart(): void {
    this.mean = NaN;
    this.deviation = NaN;
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
    this.volume += volume;
    this.distance += distance * volume;
    this.squares += distance * distance * volume;
    const offset = this.distance / this.volume;
    const variance = this.squares / this.volume - offset * offset;
    this.mean = this.pivot + offset;
    this.deviation = variance > 0 ? Math.sqrt(variance) : 0;
  }

  /** Takes the candles from `from` up to, not including, `to`, and writes mean and deviation after each. */
  nextAll({ high, low, close, volume: volumes }: BarColumns, from: number, to: number, means: Float64Array, deviations: Float64Array): void {
    let { mean, deviation, pivot, volume, distance, squares } = this;
    for (let index = from; index < to; index += 1) {
      const traded = volumes[index] ?? NaN;
      if (traded > 0) {
        const price = ((high[index] ?? NaN) + (low[index] ?? NaN) + (close[index] ?? NaN)) / 3;
        if (volume === 0) pivot = price;
        const away = price - pivot;
        volume += traded;
        distance += away * traded;
        squares += away * away * traded;
        const offset = distance / volume;
        const variance = squares / volume - offset * offset;
        mean = pivot + offset;
        deviation = variance > 0 ? Math.sqrt(variance) : 0;
      }
      means[index] = mean;
      deviations[index] = deviation;
    }
    this.mean = mean;
    this.deviation = deviation;
    this.pivot = pivot;
    this.volume = volume;
    this.distance = distance;
    this.squares = squares;
  }
}
