import { z } from 'zod';
import type { Convention } from '../core/convention';
import type { Bar, BarColumns } from '../core/bar';
import { convention, defineIndicator, period } from '../core/define';
import { BarLine, type Outputs } from '../core/indicator';
import { DirectionalMovement } from './directionalMovement';

/**
 * Average directional index: Wilder's average of DX, seeded with the simple average of the first `period` ones. Percent, 0 to 100;
 * first value at 2 period - 1. Wilder 1978, TA-Lib's ADX: a candle without direction leaves it as it is.
 * Pine's ta.dmi differs in how the movements start, see DirectionalMovement.
 */
export class Adx extends BarLine {
  readonly begin: number;
  private readonly period: number;
  private readonly keep: number;
  private readonly share: number;
  private readonly movement: DirectionalMovement;
  private level = 0;
  private seen = 0;

  constructor(options: { readonly period: number; readonly convention?: Convention }) {
    super();
    this.period = options.period;
    this.begin = 2 * options.period - 1;
    this.keep = (options.period - 1) / options.period;
    this.share = 1 / options.period;
    this.movement = new DirectionalMovement(options);
  }

  next(bar: Bar): number {
    return this.step(bar.high, bar.low, bar.close);
  }

  private step(high: number, low: number, close: number): number {
    const { movement } = this;
    movement.step(high, low, close);
    if (Number.isNaN(movement.dx)) return NaN;
    if (this.seen === this.period) {
      if (movement.moves) this.level = this.level * this.keep + movement.dx * this.share;
      return this.level;
    }
    this.seen += 1;
    if (movement.moves) this.level += movement.dx;
    return this.seen < this.period ? NaN : (this.level /= this.period);
  }

  override batch({ length, high, low, close }: BarColumns, { value }: Outputs): void {
    for (let index = 0; index < length; index += 1) value[index] = this.step(high[index] ?? NaN, low[index] ?? NaN, close[index] ?? NaN);
  }
}

export const adx = defineIndicator({
  name: 'adx', title: 'Average directional index', inputs: ['high', 'low', 'close'], outputs: ['value'], units: ['percent'],
  parameters: z.object({ period: period(14, 2), convention }),
  build: (options) => new Adx(options),
});
