import { z } from 'zod';
import { defineIndicator, following, period, source } from '../core/define';
import { ValueLine } from '../core/indicator';
import { Window } from '../core/window';

/** The straight line of least squares through the last `period` values, one unit apart. Distances to the newest keep all digits. */
export class Regression {
  slope = NaN;
  /** The line's height at the newest value. */
  end = NaN;
  private readonly window: Window;
  private readonly spread: number;
  private seen = 0;

  constructor(private readonly period: number) {
    this.window = new Window(period);
    this.spread = (period * (period * period - 1)) / 12;
  }

  next(x: number): void {
    this.window.push(x);
    this.seen += 1;
    if (this.seen < this.period) return;
    this.seen = this.period;
    const { data, start } = this.window;
    const centre = (this.period - 1) / 2;
    let [sum, moment] = [0, 0];
    for (let place = 0; place < this.period; place += 1) {
      const distance = (data[start + place] ?? NaN) - x;
      sum += distance;
      moment += (place - centre) * distance;
    }
    this.slope = moment / this.spread;
    this.end = x + sum / this.period + this.slope * centre;
  }
}

/** End of the regression line over `period` values. Unit of its source; first value at `period - 1`. TA-Lib's LINEARREG, Pine's ta.linreg. */
export class LinearRegression extends ValueLine {
  readonly begin: number;
  private readonly line: Regression;

  constructor(options: { readonly period: number }) {
    super();
    this.begin = options.period - 1;
    this.line = new Regression(options.period);
  }

  next(x: number): number {
    this.line.next(x);
    return this.line.end;
  }
}

/** Slope of the regression line over `period` values, per candle. Unit of its source; first value at `period - 1`. TA-Lib's LINEARREG_SLOPE. */
export class LinearRegressionSlope extends ValueLine {
  readonly begin: number;
  private readonly line: Regression;

  constructor(options: { readonly period: number }) {
    super();
    this.begin = options.period - 1;
    this.line = new Regression(options.period);
  }

  next(x: number): number {
    this.line.next(x);
    return this.line.slope;
  }
}

export const linearRegression = defineIndicator({
  name: 'linearRegression', title: 'Linear regression', inputs: ['source'], outputs: ['value'], units: ['price'],
  parameters: z.object({ period: period(14, 2), source }),
  build: (options) => following(options.source, new LinearRegression(options)),
});

export const linearRegressionSlope = defineIndicator({
  name: 'linearRegressionSlope', title: 'Slope of the linear regression', inputs: ['source'], outputs: ['value'], units: ['price'],
  parameters: z.object({ period: period(14, 2), source }),
  build: (options) => following(options.source, new LinearRegressionSlope(options)),
});
