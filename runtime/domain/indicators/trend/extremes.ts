import { z } from 'zod';
import { Source } from '../core/bar';
import { defineIndicator, following, period } from '../core/define';
import { ValueLine, type Outputs } from '../core/indicator';
import { RollingMax, RollingMin } from '../core/rollingExtreme';

/** The highest of the last `period` values. Unit of its source; first value at `period - 1`. TA-Lib's MAX, Pine's ta.highest. */
export class Highest extends ValueLine {
  readonly begin: number;
  private readonly rolling: RollingMax;
  private seen = 0;

  constructor(options: { readonly period: number }) {
    super();
    this.begin = options.period - 1;
    this.rolling = new RollingMax(options.period);
  }

  next(x: number): number {
    const highest = this.rolling.push(x);
    if (this.seen >= this.begin) return highest;
    this.seen += 1;
    return NaN;
  }

  override batch(x: Float64Array, { value }: Outputs): void {
    const unknown = Math.min(x.length, this.begin - this.seen);
    this.seen += unknown;
    this.rolling.pushAll(x, value);
    value.fill(NaN, 0, unknown);
  }
}

/** The lowest of the last `period` values. Unit of its source; first value at `period - 1`. TA-Lib's MIN, Pine's ta.lowest. */
export class Lowest extends ValueLine {
  readonly begin: number;
  private readonly rolling: RollingMin;
  private seen = 0;

  constructor(options: { readonly period: number }) {
    super();
    this.begin = options.period - 1;
    this.rolling = new RollingMin(options.period);
  }

  next(x: number): number {
    const lowest = this.rolling.push(x);
    if (this.seen >= this.begin) return lowest;
    this.seen += 1;
    return NaN;
  }

  override batch(x: Float64Array, { value }: Outputs): void {
    const unknown = Math.min(x.length, this.begin - this.seen);
    this.seen += unknown;
    this.rolling.pushAll(x, value);
    value.fill(NaN, 0, unknown);
  }
}

export const highest = defineIndicator({
  name: 'highest', title: 'Highest', inputs: ['source'], outputs: ['value'], units: ['price'],
  parameters: z.object({ period: period(20), source: Source.default('high') }),
  build: (options) => following(options.source, new Highest(options)),
});

export const lowest = defineIndicator({
  name: 'lowest', title: 'Lowest', inputs: ['source'], outputs: ['value'], units: ['price'],
  parameters: z.object({ period: period(20), source: Source.default('low') }),
  build: (options) => following(options.source, new Lowest(options)),
});
