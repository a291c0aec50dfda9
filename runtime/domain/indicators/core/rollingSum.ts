import { sumOf, Window } from './window';

/** A running sum is computed afresh this often, so that rounding does not gather (windows longer than this: once a window). */
export const ANCHOR_EVERY = 256;

/** How many numbers after which the sum over `size` is computed afresh. */
export function anchorInterval(size: number): number {
  return Math.max(ANCHOR_EVERY, size);
}

/** The sum of the last `size` numbers; of all of them while there are fewer. */
export class RollingSum {
  readonly window: Window;
  private sum = 0;
  private sinceAnchor = 0;
  private readonly interval: number;

  constructor(readonly size: number) {
    this.window = new Window(size);
    this.interval = anchorInterval(size);
  }

  push(x: number): number {
    const oldest = this.window.push(x);
    this.sinceAnchor += 1;
    if (this.sinceAnchor === this.interval) {
      this.sinceAnchor = 0;
      this.sum = sumOf(this.window.data, this.window.start, this.size);
    } else {
      this.sum += x - oldest;
    }
    return this.sum;
  }

  /** Takes all of `x` and writes the sum after each. */
  pushAll(x: Float64Array, sums: Float64Array): void {
    const { size, interval } = this;
    const filled = Math.min(size, x.length);
    for (let index = 0; index < filled; index += 1) sums[index] = this.push(x[index] ?? NaN);
    let { sum, sinceAnchor } = this;
    for (let index = filled; index < x.length;) {
      const stop = Math.min(x.length, index + interval - 1 - sinceAnchor);
      sinceAnchor += stop - index;
      for (; index < stop; index += 1) {
        sum += (x[index] ?? NaN) - (x[index - size] ?? NaN);
        sums[index] = sum;
      }
      if (index < x.length) {
        sum = sumOf(x, index - size + 1, size);
        sums[index] = sum;
        sinceAnchor = 0;
        index += 1;
      }
    }
    this.sum = sum;
    this.sinceAnchor = sinceAnchor;
    for (let index = Math.max(filled, x.length - size); index < x.length; index += 1) this.window.push(x[index] ?? NaN);
  }
}
