import { z } from 'zod';
import type { Bar } from '../core/bar';
import { defineIndicator, period } from '../core/define';
import { BarIndicator, known, type Outputs } from '../core/indicator';
import { RollingMax, RollingMin } from '../core/rollingExtreme';
import { Window } from '../core/window';

export type IchimokuValue = {
  /** Tenkan: middle of the range of the last `conversion` candles. */
  readonly conversion: number;
  /** Kijun: middle of the range of the last `base` candles. */
  readonly base: number | undefined;
  /** The cloud over the current candle: what `leadA` and `leadB` were displacement - 1 candles ago. */
  readonly spanA: number | undefined;
  readonly spanB: number | undefined;
  /** The cloud as drawn ahead: (conversion + base) / 2, and the middle of the range of the last `span` candles. */
  readonly leadA: number | undefined;
  readonly leadB: number | undefined;
};

type Name = keyof IchimokuValue;

/** Middle of the range of the last `size` candles, NaN until there are so many. */
class Middle {
  private readonly highest: RollingMax;
  private readonly lowest: RollingMin;
  private missing: number;

  constructor(size: number) {
    this.highest = new RollingMax(size);
    this.lowest = new RollingMin(size);
    this.missing = size;
  }

  next(bar: Bar): number {
    const highest = this.highest.push(bar.high);
    const lowest = this.lowest.push(bar.low);
    if (this.missing > 0) this.missing -= 1;
    return this.missing > 0 ? NaN : (highest + lowest) / 2;
  }
}

/**
 * Ichimoku Kinko Hyo. Unit of price. No look-ahead: the spans are those over the current candle; the lagging line is the close, to be
 * drawn displacement - 1 candles back. First values at conversion - 1, base - 1, span - 1 and displacement - 1 later for the cloud.
 * Hosoda 1969, displaced as TradingView does.
 */
export class Ichimoku extends BarIndicator<IchimokuValue, Name> {
  readonly begin: number;
  private readonly middles: readonly [Middle, Middle, Middle];
  private readonly leadsA: Window;
  private readonly leadsB: Window;
  private conversion = NaN;
  private base = NaN;
  private leadA = NaN;
  private leadB = NaN;
  private spanA = NaN;
  private spanB = NaN;

  constructor(options: { readonly conversion: number; readonly base: number; readonly span: number; readonly displacement: number }) {
    super();
    this.begin = options.conversion - 1;
    this.middles = [new Middle(options.conversion), new Middle(options.base), new Middle(options.span)];
    this.leadsA = new Window(options.displacement);
    this.leadsB = new Window(options.displacement);
    this.leadsA.data.fill(NaN);
    this.leadsB.data.fill(NaN);
  }

  next(bar: Bar): number {
    const [conversion, base, span] = this.middles;
    this.conversion = conversion.next(bar);
    this.base = base.next(bar);
    this.leadA = (this.conversion + this.base) / 2;
    this.leadB = span.next(bar);
    this.leadsA.push(this.leadA);
    this.leadsB.push(this.leadB);
    this.spanA = this.leadsA.ago(this.leadsA.size - 1);
    this.spanB = this.leadsB.ago(this.leadsB.size - 1);
    return this.conversion;
  }

  protected read(): IchimokuValue | undefined {
    if (Number.isNaN(this.conversion)) return undefined;
    return {
      conversion: this.conversion, base: known(this.base), spanA: known(this.spanA), spanB: known(this.spanB),
      leadA: known(this.leadA), leadB: known(this.leadB),
    };
  }

  protected write(outputs: Outputs<Name>, index: number): void {
    outputs.conversion[index] = this.conversion;
    outputs.base[index] = this.base;
    outputs.spanA[index] = this.spanA;
    outputs.spanB[index] = this.spanB;
    outputs.leadA[index] = this.leadA;
    outputs.leadB[index] = this.leadB;
  }
}

export const ichimoku = defineIndicator({
  name: 'ichimoku', title: 'Ichimoku', inputs: ['high', 'low'], outputs: ['conversion', 'base', 'spanA', 'spanB', 'leadA', 'leadB'], units: ['price'],
  parameters: z.object({ conversion: period(9), base: period(26), span: period(52), displacement: period(26) })
    .refine(({ conversion, base }) => conversion <= base, { path: ['base'], message: 'base must not be shorter than conversion' }),
  build: (options) => new Ichimoku(options),
});
