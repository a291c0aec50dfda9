/** The last `size` numbers. Every number is kept twice, so that they always stand in one piece, oldest first, from `start` on. */
export class Window {
  readonly data: Float64Array;
  private at = 0;

  constructor(readonly size: number) {
    this.data = new Float64Array(2 * size);
  }

  /** Takes a number and returns the one that falls out; 0 while the window fills. */
  push(x: number): number {
    const { at, data, size } = this;
    const oldest = data[at] ?? NaN;
    data[at] = x;
    data[at + size] = x;
    this.at = at + 1 === size ? 0 : at + 1;
    return oldest;
  }

  /** Where the oldest number stands in `data`. */
  get start(): number {
    return this.at;
  }

  /** The number `ago` places before the newest (0). */
  ago(ago: number): number {
    return this.data[this.at + this.size - 1 - ago] ?? NaN;
  }
}

/** The sum of `count` numbers from `from` on, oldest first. */
export function sumOf(data: Float64Array, from: number, count: number): number {
  let sum = 0;
  for (let index = from; index < from + count; index += 1) sum += data[index] ?? NaN;
  return sum;
}
