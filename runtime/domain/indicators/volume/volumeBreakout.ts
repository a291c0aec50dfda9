import { z } from 'zod';
import type { Bar } from '../core/bar';
import { defineIndicator, factor, period } from '../core/define';
import { BarIndicator, type Outputs } from '../core/indicator';
import { RollingSum } from '../core/rollingSum';

export type VolumeBreakoutValue = {
  /** Volume of the candle / average volume of the `period` candles before it. */
  readonly ratio: number;
  /** 1 while the ratio is at least `multiple`, else 0. */
  readonly breakout: number;
};

type Name = keyof VolumeBreakoutValue;

/** Volume breakout: a candle with much more volume than those before it. First value at `period`; unknown where those had none. */
export class VolumeBreakout extends BarIndicator<VolumeBreakoutValue, Name> {
  readonly begin: number;
  private readonly multiple: number;
  private readonly volumes: RollingSum;
  private sum = 0;
  private idle = 0;
  private seen = 0;
  private ratio = NaN;

  constructor(options: { readonly period: number; readonly multiple: number }) {
    super();
    this.begin = options.period;
    this.multiple = options.multiple;
    this.volumes = new RollingSum(options.period);
  }

  next(bar: Bar): number {
    this.ratio = this.seen < this.begin || this.idle >= this.begin ? NaN : (bar.volume * this.begin) / this.sum;
    this.sum = this.volumes.push(bar.volume);
    this.idle = bar.volume > 0 ? 0 : this.idle + 1;
    if (this.seen < this.begin) this.seen += 1;
    return this.ratio;
  }

  protected read(): VolumeBreakoutValue | undefined {
    return Number.isNaN(this.ratio) ? undefined : { ratio: this.ratio, breakout: Number(this.ratio >= this.multiple) };
  }

  protected write(outputs: Outputs<Name>, index: number): void {
    outputs.ratio[index] = this.ratio;
    outputs.breakout[index] = Number.isNaN(this.ratio) ? NaN : Number(this.ratio >= this.multiple);
  }
}

export const volumeBreakout = defineIndicator({
  name: 'volumeBreakout', title: 'Volume breakout', inputs: ['volume'], outputs: ['ratio', 'breakout'], units: ['ratio', 'flag'], pauses: true,
  parameters: z.object({ period: period(20), multiple: factor(2) }),
  build: (options) => new VolumeBreakout(options),
});
