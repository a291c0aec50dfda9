/**
 * The highest of the last `size` numbers in constant time: the numbers come in blocks of `size`; of the previous block the highest
 * from each place to its end is kept, of the current one the highest so far (van Herk 1992, Gil and Werman 1993).
 */
export class RollingMax {
  private readonly kept: Float64Array;
  private at = 0;
  private highest = -Infinity;

  constructor(readonly size: number) {
    this.kept = new Float64Array(size).fill(-Infinity);
  }

  /** Takes a number and returns the highest; of all while there are fewer than `size`. */
  push(x: number): number {
    const { kept, at, size } = this;
    const highest = x > this.highest ? x : this.highest;
    kept[at] = x;
    if (at + 1 === size) {
      for (let index = size - 2; index >= 0; index -= 1) {
        const later = kept[index + 1] ?? NaN;
        if (later > (kept[index] ?? NaN)) kept[index] = later;
      }
      this.at = 0;
      this.highest = -Infinity;
      return highest;
    }
    this.at = at + 1;
    this.highest = highest;
    const earlier = kept[at + 1] ?? NaN;
    return earlier > highest ? earlier : highest;
  }
}

/** The lowest of the last `size` numbers: the mirror image. */
export class RollingMin {
  private readonly mirrored: RollingMax;

  constructor(size: number) {
    this.mirrored = new RollingMax(size);
  }

  push(x: number): number {
    return -this.mirrored.push(-x);
  }
}
