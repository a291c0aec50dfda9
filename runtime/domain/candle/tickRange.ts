import type { EpochMs } from '../time';

/**
 * Open, high, low and close of ticks in any order. The open is the earliest tick's price, the close the latest one's. Of ticks at the same time the one
 * with the larger day volume is the later one; where that says nothing either, the one that arrived later is.
 */
export class TickRange {
  count = 0;
  open = 0;
  high = 0;
  low = 0;
  close = 0;
  #openAt: EpochMs = Infinity;
  #openVolume = Infinity;
  #closeAt: EpochMs = -Infinity;
  #closeVolume = -Infinity;

  add(at: EpochMs, volume: number, price: number): void {
    if (this.count === 0) {
      this.high = price;
      this.low = price;
    } else if (price > this.high) this.high = price;
    else if (price < this.low) this.low = price;
    this.count += 1;
    this.#openWith(at, volume, price);
    this.#closeWith(at, volume, price);
  }

  merge(other: TickRange): void {
    if (other.count === 0) return;
    this.high = this.count === 0 ? other.high : Math.max(this.high, other.high);
    this.low = this.count === 0 ? other.low : Math.min(this.low, other.low);
    this.count += other.count;
    this.#openWith(other.#openAt, other.#openVolume, other.open);
    this.#closeWith(other.#closeAt, other.#closeVolume, other.close);
  }

  #openWith(at: EpochMs, volume: number, price: number): void {
    if (at > this.#openAt || (at === this.#openAt && volume >= this.#openVolume)) return;
    this.#openAt = at;
    this.#openVolume = volume;
    this.open = price;
  }

  #closeWith(at: EpochMs, volume: number, price: number): void {
    if (at < this.#closeAt || (at === this.#closeAt && volume < this.#closeVolume)) return;
    this.#closeAt = at;
    this.#closeVolume = volume;
    this.close = price;
  }
}
