import { z } from 'zod';
import type { Convention } from '../core/convention';
import type { Bar, BarColumns } from '../core/bar';
import { convention, defineIndicator } from '../core/define';
import { BarLine, type Outputs } from '../core/indicator';

/**
 * On-balance volume: adds the volume of a candle that closes higher, takes off that of one that closes lower. Unit of volume; first
 * value at 0. Granville 1963. TA-Lib's OBV starts at the first candle's volume, Pine's ta.obv at 0.
 */
export class Obv extends BarLine {
  readonly begin = 0;
  private readonly early: boolean;
  private lastClose = NaN;
  private level = 0;

  constructor(options: { readonly convention?: Convention }) {
    super();
    this.early = options.convention === 'pine';
  }

  next(bar: Bar): number {
    const { lastClose } = this;
    this.lastClose = bar.close;
    if (Number.isNaN(lastClose)) return (this.level = this.early ? 0 : bar.volume);
    return (this.level += direction(bar.close, lastClose) * bar.volume);
  }

  override batch({ length, close, volume }: BarColumns, { value }: Outputs): void {
    let { level, lastClose } = this;
    let index = 0;
    if (length > 0 && Number.isNaN(lastClose)) {
      lastClose = close[0] ?? NaN;
      value[0] = level = this.early ? 0 : (volume[0] ?? NaN);
      index = 1;
    }
    for (; index < length; index += 1) {
      const now = close[index] ?? NaN;
      level += direction(now, lastClose) * (volume[index] ?? NaN);
      lastClose = now;
      value[index] = level;
    }
    this.level = level;
    this.lastClose = lastClose;
  }
}

/** 1, 0 or -1 without a branch that the price decides. */
function direction(close: number, lastClose: number): number {
  return Number(close > lastClose) - Number(close < lastClose);
}

export const obv = defineIndicator({
  name: 'obv', title: 'On-balance volume', inputs: ['close', 'volume'], outputs: ['value'], units: ['volume'],
  parameters: z.object({ convention }),
  build: (options) => new Obv(options),
});
