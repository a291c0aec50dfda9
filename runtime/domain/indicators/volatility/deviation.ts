import { anchorInterval } from '../core/rollingSum';
import { Window } from '../core/window';

/**
 * Mean and population standard deviation of the last `size` numbers, from running sums of distances to a nearby pivot: the squares
 * stay small, so subtracting them costs no digits. Pivot and sums are set afresh every so often. A flat window deviates by 0 exactly.
 */
export class RollingDeviation {
  mean = NaN;
  /** NaN while unknown. */
  deviation = NaN;
  private readonly window: Window;
  private readonly interval: number;
  private untilAnchor: number;
  private missing: number;
  private pivot = 0;
  private sum = 0;
  private squares = 0;
  private same = 0;
  private last = NaN;

  constructor(readonly size: number) {
    this.window = new Window(size);
    this.interval = anchorInterval(size);
    this.untilAnchor = size;
    this.missing = size;
  }

  /** Returns the deviation, NaN until the window is full. */
  push(x: number): number {
    const oldest = this.window.push(x);
    this.same = x === this.last ? this.same + 1 : 1;
    this.last = x;
    this.untilAnchor -= 1;
    if (this.missing > 1) {
      this.missing -= 1;
      return NaN;
    }
    if (this.untilAnchor === 0) {
      this.missing = 0;
      this.anchor(this.window.data, this.window.start);
    } else {
      const come = x - this.pivot;
      const gone = oldest - this.pivot;
      this.sum += come - gone;
      this.squares += come * come - gone * gone;
    }
    return this.settle();
  }

  /** Takes all of `x` and writes the mean and the deviation after each. */
  pushAll(x: Float64Array, means: Float64Array, deviations: Float64Array): void {
    const { size } = this;
    const filled = Math.min(x.length, size + this.missing);
    for (let index = 0; index < filled; index += 1) {
      deviations[index] = this.push(x[index] ?? NaN);
      means[index] = this.mean;
    }
    for (let index = filled; index < x.length;) {
      const stop = Math.min(x.length, index + this.untilAnchor - 1);
      this.untilAnchor -= stop - index;
      this.run(x, index, stop, means, deviations);
      index = stop;
      if (index < x.length) {
        this.same = x[index] === this.last ? this.same + 1 : 1;
        this.last = x[index] ?? NaN;
        this.anchor(x, index - size + 1);
        deviations[index] = this.settle();
        means[index] = this.mean;
        index += 1;
      }
    }
    for (let index = Math.max(filled, x.length - size); index < x.length; index += 1) this.window.push(x[index] ?? NaN);
  }

  /** The steady part between two anchors, in locals. */
  private run(x: Float64Array, from: number, to: number, means: Float64Array, deviations: Float64Array): void {
    const { size, pivot } = this;
    let { sum, squares, same, last, mean, deviation } = this;
    for (let index = from; index < to; index += 1) {
      const now = x[index] ?? NaN;
      same = now === last ? same + 1 : 1;
      last = now;
      const come = now - pivot;
      const gone = (x[index - size] ?? NaN) - pivot;
      sum += come - gone;
      squares += come * come - gone * gone;
      const offset = sum / size;
      mean = same >= size ? now : pivot + offset;
      const variance = squares / size - offset * offset;
      deviation = same >= size || variance <= 0 ? 0 : Math.sqrt(variance);
      means[index] = mean;
      deviations[index] = deviation;
    }
    this.sum = sum;
    this.squares = squares;
    this.same = same;
    this.last = last;
    this.mean = mean;
    this.deviation = deviation;
  }

  private anchor(data: Float64Array, start: number): void {
    this.untilAnchor = this.interval;
    const pivot = data[start + this.size - 1] ?? NaN;
    let [sum, squares] = [0, 0];
    for (let index = start; index < start + this.size; index += 1) {
      const distance = (data[index] ?? NaN) - pivot;
      sum += distance;
      squares += distance * distance;
    }
    this.pivot = pivot;
    this.sum = sum;
    this.squares = squares;
  }

  private settle(): number {
    const { size, same } = this;
    const offset = this.sum / size;
    this.mean = same >= size ? this.last : this.pivot + offset;
    const variance = this.squares / size - offset * offset;
    return (this.deviation = same >= size || variance <= 0 ? 0 : Math.sqrt(variance));
  }
}
