import type { Tick } from '../feed/tick';
import type { EpochMs } from '../time';

/** Newest ticks that are compared; a source that sends more within the window may count a repeated one twice. */
const KEPT = 128;
const FIELDS = 3;

/**
 * Tells a tick that was seen before from a new one, where no count of the day does: ticks of the same time, price and quantity are the same tick.
 * Two trades that agree in all three are taken for one.
 */
export class Repeats {
  readonly #seen = new Float64Array(KEPT * FIELDS).fill(NaN);
  #next = 0;

  /** Whether the tick is a repeat; remembers it if not. `isNewest`: it is later than every one before, which no repeat can be. */
  isRepeat({ at, last, lastQuantity = -1 }: Tick, isNewest: boolean): boolean {
    if (!isNewest && this.#has(at, last, lastQuantity)) return true;
    const seen = this.#seen;
    seen[this.#next] = at;
    seen[this.#next + 1] = last;
    seen[this.#next + 2] = lastQuantity;
    this.#next = (this.#next + FIELDS) % seen.length;
    return false;
  }

  #has(at: EpochMs, last: number, quantity: number): boolean {
    const seen = this.#seen;
    for (let index = 0; index < seen.length; index += FIELDS) {
      if (seen[index] === at && seen[index + 1] === last && seen[index + 2] === quantity) return true;
    }
    return false;
  }
}
