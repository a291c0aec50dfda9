import { z } from 'zod';
import type { Bar } from '../core/bar';
import { defineIndicator, factor, period } from '../core/define';
import { BarIndicator, known, type Outputs } from '../core/indicator';
import { RollingMax, RollingMin } from '../core/rollingExtreme';
import { Sma } from '../averages/sma';
import { Regression } from '../trend/linearRegression';
import { RollingDeviation } from './deviation';
import { TrueRange } from './trueRange';

export type SqueezeValue = {
  /** 1 while the Bollinger bands lie within the Keltner channel, else 0. */
  readonly on: number;
  /** End of the regression line through close - mean of (middle of the range, simple average). Unit of price. */
  readonly momentum: number | undefined;
};

type Name = keyof SqueezeValue;

/**
 * Squeeze: bands of `deviations` standard deviations against a channel of `ranges` simple averages of the true range, both around the
 * simple average of the close over `period` candles. `on` begins at `period`, `momentum` at 2 (period - 1). Carter 2005, with the
 * momentum that became usual on TradingView.
 */
export class Squeeze extends BarIndicator<SqueezeValue, Name> {
  readonly begin: number;
  private readonly deviations: number;
  private readonly ranges: number;
  private readonly rolling: RollingDeviation;
  private readonly trueRange = new TrueRange({});
  private readonly averageRange: Sma;
  private readonly highest: RollingMax;
  private readonly lowest: RollingMin;
  private readonly line: Regression;
  private on = NaN;
  private momentum = NaN;

  constructor(options: { readonly period: number; readonly deviations: number; readonly ranges: number }) {
    super();
    this.begin = options.period;
    this.deviations = options.deviations;
    this.ranges = options.ranges;
    this.rolling = new RollingDeviation(options.period);
    this.averageRange = new Sma(options);
    this.highest = new RollingMax(options.period);
    this.lowest = new RollingMin(options.period);
    this.line = new Regression(options.period);
  }

  next(bar: Bar): number {
    const deviation = this.rolling.push(bar.close);
    const range = this.trueRange.next(bar);
    const averageRange = Number.isNaN(range) ? NaN : this.averageRange.next(range);
    const middle = (this.highest.push(bar.high) + this.lowest.push(bar.low)) / 2;
    if (Number.isNaN(deviation)) return NaN;
    this.line.next(bar.close - (middle + this.rolling.mean) / 2);
    this.momentum = this.line.end;
    if (!Number.isNaN(averageRange)) this.on = Number(this.deviations * deviation < this.ranges * averageRange);
    return this.on;
  }

  protected read(): SqueezeValue | undefined {
    return Number.isNaN(this.on) ? undefined : { on: this.on, momentum: known(this.momentum) };
  }

  protected write(outputs: Outputs<Name>, index: number): void {
    outputs.on[index] = this.on;
    outputs.momentum[index] = this.momentum;
  }
}

export const squeeze = defineIndicator({
  name: 'squeeze', title: 'Squeeze', inputs: ['high', 'low', 'close'], outputs: ['on', 'momentum'], units: ['flag', 'price'],
  parameters: z.object({ period: period(20, 2), deviations: factor(2), ranges: factor(1.5) }),
  build: (options) => new Squeeze(options),
});
