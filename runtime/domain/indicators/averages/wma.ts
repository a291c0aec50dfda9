import { z } from 'zod';
import { defineIndicator, following, period, source } from '../core/define';
import { ValueLine } from '../core/indicator';
import { anchorInterval } from '../core/rollingSum';
import { sumOf, Window } from '../core/window';

/**
 * Linearly weighted moving average: weights 1 (oldest) … period (newest) over their sum. Unit of its source; first value at
 * `period - 1`. TA-Lib's WMA and Pine's ta.wma agree.
 */
export class Wma extends ValueLine {
  readonly begin: number;
  private readonly period: number;
  private readonly divisor: number;
  private readonly window: Window;
  private readonly interval: number;
  private weighted = 0;
  private plain = 0;
  private seen = 0;
  private untilAnchor: number;

  constructor(options: { readonly period: number }) {
    super();
    this.period = options.period;
    this.begin = options.period - 1;
    this.divisor = (options.period * (options.period + 1)) / 2;
    this.window = new Window(options.period);
    this.interval = anchorInterval(options.period);
    this.untilAnchor = options.period;
  }

  next(x: number): number {
    const oldest = this.window.push(x);
    this.weighted += this.period * x - this.plain;
    this.plain += x - oldest;
    this.untilAnchor -= 1;
    if (this.untilAnchor === 0) this.anchor();
    if (this.seen < this.begin) {
      this.seen += 1;
      return NaN;
    }
    return this.weighted / this.divisor;
  }

  private anchor(): void {
    const { data, start } = this.window;
    this.untilAnchor = this.interval;
    this.plain = sumOf(data, start, this.period);
    let weighted = 0;
    for (let weight = 1; weight <= this.period; weight += 1) weighted += weight * (data[start + weight - 1] ?? NaN);
    this.weighted = weighted;
  }
}

export const wma = defineIndicator({
  name: 'wma', title: 'Weighted moving average', inputs: ['source'], outputs: ['value'], units: ['price'],
  parameters: z.object({ period: period(20), source }),
  build: (options) => following(options.source, new Wma(options)),
});
