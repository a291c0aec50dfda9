import { z } from 'zod';
import { sourceOf, type Bar, type Source } from '../core/bar';
import { defineIndicator, period, source } from '../core/define';
import { BarLine } from '../core/indicator';
import { RollingSum } from '../core/rollingSum';

/**
 * Volume-weighted moving average: sum of source × volume / sum of volume over `period` candles. Unit of its source; first value at
 * `period - 1`. Pine's ta.vwma. Unknown while the window has no volume.
 */
export class Vwma extends BarLine {
  readonly begin: number;
  private readonly source: Source;
  private readonly traded: RollingSum;
  private readonly volume: RollingSum;
  /** Candles in a row without volume: a sum of none is 0, whatever rounding says. */
  private idle = 0;
  private seen = 0;

  constructor(private readonly options: { readonly period: number; readonly source: Source }) {
    super();
    this.source = options.source;
    this.begin = options.period - 1;
    this.traded = new RollingSum(options.period);
    this.volume = new RollingSum(options.period);
  }

  next(bar: Bar): number {
    const traded = this.traded.push(sourceOf(bar, this.source) * bar.volume);
    const volume = this.volume.push(bar.volume);
    this.idle = bar.volume > 0 ? 0 : this.idle + 1;
    if (this.seen < this.begin) {
      this.seen += 1;
      return NaN;
    }
    return this.idle >= this.options.period || volume <= 0 ? NaN : traded / volume;
  }
}

export const vwma = defineIndicator({
  name: 'vwma', title: 'Volume-weighted moving average', inputs: ['source', 'volume'], outputs: ['value'], units: ['price'], pauses: true,
  parameters: z.object({ period: period(20), source }),
  build: (options) => new Vwma(options),
});
