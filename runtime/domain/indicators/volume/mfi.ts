import { z } from 'zod';
import { hlc3, type Bar } from '../core/bar';
import { defineIndicator, period } from '../core/define';
import { BarLine } from '../core/indicator';
import { RollingSum } from '../core/rollingSum';

/** TA-Lib takes less money than this in the whole window for none. */
const LEAST_FLOW = 1;

/**
 * Money flow index: 100 P / (P + N), sums over `period` candles of typical price × volume where the typical price rose (P) or fell
 * (N). Percent; first value at `period`. Quong and Soudack 1989, TA-Lib's MFI: 0 without volume.
 */
export class Mfi extends BarLine {
  readonly begin: number;
  private readonly inflow: RollingSum;
  private readonly outflow: RollingSum;
  private last = NaN;
  private seen = 0;

  constructor(options: { readonly period: number }) {
    super();
    this.begin = options.period;
    this.inflow = new RollingSum(options.period);
    this.outflow = new RollingSum(options.period);
  }

  next(bar: Bar): number {
    const price = hlc3(bar);
    const { last } = this;
    this.last = price;
    if (Number.isNaN(last)) return NaN;
    const flow = price * bar.volume;
    const inflow = this.inflow.push(price > last ? flow : 0);
    const outflow = this.outflow.push(price < last ? flow : 0);
    this.seen += 1;
    if (this.seen < this.begin) return NaN;
    const total = inflow + outflow;
    return total < LEAST_FLOW ? 0 : (100 * inflow) / total;
  }
}

export const mfi = defineIndicator({
  name: 'mfi', title: 'Money flow index', inputs: ['high', 'low', 'close', 'volume'], outputs: ['value'], units: ['percent'],
  parameters: z.object({ period: period(14, 2) }),
  build: (options) => new Mfi(options),
});
