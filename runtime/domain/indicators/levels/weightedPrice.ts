import type { BarColumns } from '../core/bar';
import { BarIndicator, type Outputs } from '../core/indicator';

export type VwapValue = {
  readonly value: number;
  /** value ± multiplier × deviation. */
  readonly upper: number;
  readonly lower: number;
};

type Name = keyof VwapValue;

/**
 * Volume-weighted mean of the typical price since `restart`, with bands of `multiplier` volume-weighted standard deviations. Distances to the first price
 * keep all digits. NaN until something has traded: an index has no volume, so it has no such price. When to start afresh is up to who builds on it;
 * all of its numbers stand in one object, because thousands of symbols are a matter of memory.
 */
export abstract class WeightedPrice extends BarIndicator<VwapValue, Name> {
  readonly begin = 0;
  private readonly multiplier: number;
  private pivot = NaN;
  private volume = 0;
  private distance = 0;
  private squares = 0;

  constructor(options: { readonly multiplier: number }) {
    super();
    this.multiplier = options.multiplier;
  }

  protected get mean(): number {
    return this.pivot + this.distance * (1 / this.volume);
  }

  protected restart(): void {
    this.pivot = NaN;
    this.volume = 0;
    this.distance = 0;
    this.squares = 0;
  }

  /** Takes a typical price and the volume traded at it. */
  protected take(price: number, volume: number): void {
    if (!(volume > 0)) return;
    if (this.volume === 0) this.pivot = price;
    const distance = price - this.pivot;
    const weighted = distance * volume;
    this.volume += volume;
    this.distance += weighted;
    this.squares += distance * weighted;
  }

  /** The bands are worked out when they are asked for: most who want the mean do not want them. */
  protected read(): VwapValue | undefined {
    if (this.volume === 0) return undefined;
    const value = this.mean;
    const reach = this.reach();
    return { value, upper: value + reach, lower: value - reach };
  }

  protected write(outputs: Outputs<Name>, index: number): void {
    const { mean } = this;
    const reach = this.reach();
    outputs.value[index] = mean;
    outputs.upper[index] = mean + reach;
    outputs.lower[index] = mean - reach;
  }

  /** Half of the width of the bands. */
  private reach(): number {
    const share = 1 / this.volume;
    const offset = this.distance * share;
    return this.multiplier * deviationOf(this.squares * share - offset * offset);
  }

  /** Takes the candles from `from` up to, not including, `to`, and writes mean and bands after each. */
  protected takeAll({ high, low, close, volume: volumes }: BarColumns, from: number, to: number, { value, upper, lower }: Outputs<Name>): void {
    const { multiplier } = this;
    let { mean, pivot, volume, distance, squares } = this;
    let reach = this.reach();
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
