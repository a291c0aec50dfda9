/**
 * The highest (sign 1) or lowest (sign -1) of the last `size` numbers in constant time: the numbers come in blocks of `size`; of the
 * previous block the extreme from each place to its end is kept, of the current one the extreme so far (van Herk 1992, Gil and Werman 1993).
 */
class RollingExtreme {
  /** The current block up to `at`, the previous block's extremes behind it; all times `sign`. */
  private readonly kept: Float64Array;
  private at = 0;
  private highest = -Infinity;

  constructor(readonly size: number, private readonly sign: 1 | -1) {
    this.kept = new Float64Array(size).fill(-Infinity);
  }

  /** Takes a number and returns the extreme; of all while there are fewer than `size`. */
  push(x: number): number {
    const { kept, at, size, sign } = this;
    const signed = x * sign;
    const highest = signed > this.highest ? signed : this.highest;
    kept[at] = signed;
    if (at + 1 === size) {
      this.closeBlock();
      return highest * sign;
    }
    this.at = at + 1;
    this.highest = highest;
    const earlier = kept[at + 1] ?? NaN;
    return (earlier > highest ? earlier : highest) * sign;
  }

  /** Takes all of `x` and writes the extreme after each. */
  pushAll(x: Float64Array, extremes: Float64Array): void {
    const { kept, size, sign } = this;
    for (let index = 0; index < x.length;) {
      const stop = Math.min(x.length, index + size - 1 - this.at);
      let { at, highest } = this;
      for (; index < stop; index += 1) {
        const signed = (x[index] ?? NaN) * sign;
        if (signed > highest) highest = signed;
        kept[at] = signed;
        at += 1;
        const earlier = kept[at] ?? NaN;
        extremes[index] = (earlier > highest ? earlier : highest) * sign;
      }
      this.at = at;
      this.highest = highest;
      if (index < x.length) {
        extremes[index] = this.push(x[index] ?? NaN);
        index += 1;
      }
    }
  }

  private closeBlock(): void {
    const { kept } = this;
    for (let index = this.size - 2; index >= 0; index -= 1) {
      const later = kept[index + 1] ?? NaN;
      if (later > (kept[index] ?? NaN)) kept[index] = later;
    }
    this.at = 0;
    this.highest = -Infinity;
  }
}

export class RollingMax extends RollingExtreme {
  constructor(size: number) {
    super(size, 1);
  }
}

export class RollingMin extends RollingExtreme {
  constructor(size: number) {
    super(size, -1);
  }
}
