import { z } from 'zod';
import type { Bar } from '../core/bar';
import { defineIndicator, period } from '../core/define';
import { BarIndicator, BarLine, type Outputs } from '../core/indicator';
import { Window } from '../core/window';

export type AroonValue = {
  readonly down: number;
  readonly up: number;
};

/** How many candles ago the extremes of the last period + 1 candles were; of equal ones the latest counts. */
class Ages {
  high = NaN;
  low = NaN;
  private readonly highs: Window;
  private readonly lows: Window;
  private seen = 0;

  constructor(private readonly period: number) {
    this.highs = new Window(period + 1);
    this.lows = new Window(period + 1);
  }

  next(bar: Bar): void {
    this.highs.push(bar.high);
    this.lows.push(-bar.low);
    if (this.seen < this.period) {
      this.seen += 1;
      return;
    }
    this.high = ageOfHighest(this.highs);
    this.low = ageOfHighest(this.lows);
  }
}

function ageOfHighest({ data, start, size }: Window): number {
  let place = start;
  let highest = data[start] ?? NaN;
  for (let index = start + 1; index < start + size; index += 1) {
    const x = data[index] ?? NaN;
    if (x >= highest) {
      highest = x;
      place = index;
    }
  }
  return start + size - 1 - place;
}

/**
 * Aroon: up = 100 (period - candles since the highest high) / period, down likewise from the lowest low, within the last
 * period + 1 candles. Percent; first value at `period`. Chande 1995, TA-Lib's AROON.
 */
export class Aroon extends BarIndicator<AroonValue, 'down' | 'up'> {
  readonly begin: number;
  private readonly ages: Ages;

  constructor(options: { readonly period: number }) {
    super();
    this.begin = options.period;
    this.ages = new Ages(options.period);
  }

  next(bar: Bar): number {
    this.ages.next(bar);
    return this.share(this.ages.low);
  }

  protected read(): AroonValue | undefined {
    return Number.isNaN(this.ages.low) ? undefined : { down: this.share(this.ages.low), up: this.share(this.ages.high) };
  }

  protected write(outputs: Outputs<'down' | 'up'>, index: number): void {
    outputs.down[index] = this.share(this.ages.low);
    outputs.up[index] = this.share(this.ages.high);
  }

  private share(age: number): number {
    return (100 * (this.begin - age)) / this.begin;
  }
}

/** Aroon oscillator: up - down. Percent, -100 to 100; first value at `period`. TA-Lib's AROONOSC. */
export class AroonOscillator extends BarLine {
  readonly begin: number;
  private readonly ages: Ages;

  constructor(options: { readonly period: number }) {
    super();
    this.begin = options.period;
    this.ages = new Ages(options.period);
  }

  next(bar: Bar): number {
    this.ages.next(bar);
    return (100 * (this.ages.low - this.ages.high)) / this.begin;
  }
}

export const aroon = defineIndicator({
  name: 'aroon', title: 'Aroon', inputs: ['high', 'low'], outputs: ['down', 'up'], units: ['percent'],
  parameters: z.object({ period: period(14, 2) }),
  build: (options) => new Aroon(options),
});

export const aroonOscillator = defineIndicator({
  name: 'aroonOscillator', title: 'Aroon oscillator', inputs: ['high', 'low'], outputs: ['value'], units: ['percent'],
  parameters: z.object({ period: period(14, 2) }),
  build: (options) => new AroonOscillator(options),
});
