import { z } from 'zod';
import type { Bar } from '../core/bar';
import { defineIndicator } from '../core/define';
import { BarIndicator, type Outputs } from '../core/indicator';

export type HeikinAshiValue = {
  readonly close: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
};

type Name = keyof HeikinAshiValue;

/**
 * Heikin-Ashi candles: close = mean of the four prices; open = middle of the last Heikin-Ashi body, at first of the candle's own;
 * high and low hold both. Unit of price; first value at 0. Smoothed prices: never trade at them.
 */
export class HeikinAshi extends BarIndicator<HeikinAshiValue, Name> {
  readonly begin = 0;
  private close = NaN;
  private open = NaN;
  private high = NaN;
  private low = NaN;

  next(bar: Bar): number {
    this.open = Number.isNaN(this.close) ? (bar.open + bar.close) / 2 : (this.open + this.close) / 2;
    this.close = (bar.open + bar.high + bar.low + bar.close) / 4;
    this.high = Math.max(bar.high, this.open, this.close);
    this.low = Math.min(bar.low, this.open, this.close);
    return this.close;
  }

  protected read(): HeikinAshiValue {
    return { close: this.close, open: this.open, high: this.high, low: this.low };
  }

  protected write(outputs: Outputs<Name>, index: number): void {
    outputs.close[index] = this.close;
    outputs.open[index] = this.open;
    outputs.high[index] = this.high;
    outputs.low[index] = this.low;
  }
}

export const heikinAshi = defineIndicator({
  name: 'heikinAshi', title: 'Heikin-Ashi', inputs: ['open', 'high', 'low', 'close'], outputs: ['close', 'open', 'high', 'low'], units: ['price'],
  parameters: z.object({}),
  build: () => new HeikinAshi(),
});
