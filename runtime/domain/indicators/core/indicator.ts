import { isWhole, type Bar, type BarColumns } from './bar';
import { BarCursor } from './columns';

/** Preallocated columns of results, by output name; each at least as long as the input. NaN stands where a value is not known. */
export type Outputs<Name extends string = 'value'> = Readonly<Record<Name, Float64Array>>;

/** A number that is known, or undefined. */
export function known(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value;
}

/**
 * An indicator of one series of numbers. `update` takes the next number; `batch` takes many at once, gives the very same bits
 * and leaves the same state, so that both may be mixed at will. A number that is not finite is left out: state stays as it was.
 */
export abstract class ValueIndicator<Value, Name extends string> {
  /** Index of the first value, counted from 0. */
  abstract readonly begin: number;

  /** Takes one finite number and returns the first output, NaN while unknown. */
  abstract next(x: number): number;

  protected abstract read(): Value | undefined;
  protected abstract write(outputs: Outputs<Name>, index: number): void;

  update(x: number): Value | undefined {
    if (!Number.isFinite(x)) return undefined;
    this.next(x);
    return this.read();
  }

  /** `x` holds finite numbers only. */
  batch(x: Float64Array, outputs: Outputs<Name>): void {
    for (let index = 0; index < x.length; index += 1) {
      this.next(x[index] ?? NaN);
      this.write(outputs, index);
    }
  }
}

/** An indicator of one series with one output. */
export abstract class ValueLine {
  /** Index of the first value, counted from 0. */
  abstract readonly begin: number;

  /** Takes one finite number and returns the value, NaN while unknown. */
  abstract next(x: number): number;

  update(x: number): number | undefined {
    return Number.isFinite(x) ? known(this.next(x)) : undefined;
  }

  /** `x` holds finite numbers only. */
  batch(x: Float64Array, { value }: Outputs): void {
    for (let index = 0; index < x.length; index += 1) value[index] = this.next(x[index] ?? NaN);
  }
}

/** An indicator of candles with several outputs; the rules of `ValueIndicator` hold. */
export abstract class BarIndicator<Value, Name extends string> {
  /** Index of the first value, counted from 0. */
  abstract readonly begin: number;

  /** Takes one whole candle and returns the first output, NaN while unknown. */
  abstract next(bar: Bar): number;

  protected abstract read(): Value | undefined;
  protected abstract write(outputs: Outputs<Name>, index: number): void;

  update(bar: Bar): Value | undefined {
    if (!isWhole(bar)) return undefined;
    this.next(bar);
    return this.read();
  }

  batch(columns: BarColumns, outputs: Outputs<Name>): void {
    const cursor = new BarCursor();
    for (let index = 0; index < columns.length; index += 1) {
      this.next(cursor.at(columns, index));
      this.write(outputs, index);
    }
  }
}

/** An indicator of candles with one output. */
export abstract class BarLine {
  /** Index of the first value, counted from 0. */
  abstract readonly begin: number;

  /** Takes one whole candle and returns the value, NaN while unknown. */
  abstract next(bar: Bar): number;

  update(bar: Bar): number | undefined {
    return isWhole(bar) ? known(this.next(bar)) : undefined;
  }

  batch(columns: BarColumns, { value }: Outputs): void {
    const cursor = new BarCursor();
    for (let index = 0; index < columns.length; index += 1) value[index] = this.next(cursor.at(columns, index));
  }
}
