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
}
