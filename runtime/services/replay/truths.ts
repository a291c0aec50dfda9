import type { Comparison, CompareOperator, Condition, Reading, Value } from '../../domain/condition/ast';
import { calculate } from '../../domain/condition/evaluateValue';
import { lookupOf, stepsOf, type Step } from '../../domain/condition/lookup';
import { sourceColumn } from '../../domain/indicators/core/columns';
import type { Resolved } from '../../domain/series';
import type { ColumnFrame } from './frames';

/** How a condition stands with each candle of its own timeframe. */
export const FALSE = 0;
export const TRUE = 1;
export const UNKNOWN = 2;

export interface TruthWorld {
  readonly own: ColumnFrame;
  readonly frame: (timeframe: string) => ColumnFrame | undefined;
  readonly resolve: (source: Reading['source']) => Resolved;
}

/** Number of a candle that nobody has. */
const NOWHERE = -1;

/**
 * A condition over whole columns, candle by candle what `evaluate` says of it (a test holds the two against each other): with each candle only what had closed by its end counts. It finds the
 * candles worth looking at; what they are worth is then said by `evaluate` alone.
 */
export function truthsOf(condition: Condition, world: TruthWorld): Uint8Array {
  return new Columns(world).truths(condition);
}

class Columns {
  readonly #length: number;
  readonly #values = new Map<string, Float64Array>();

  constructor(private readonly world: TruthWorld) {
    this.#length = world.own.length;
  }

  truths(condition: Condition): Uint8Array {
    switch (condition.kind) {
      case 'group': return condition.conditions.map((each) => this.truths(each)).reduce((one, other) => joined(one, other, condition.operator === 'and' ? FALSE : TRUE));
      case 'not': return this.truths(condition.condition).map((truth) => (truth === UNKNOWN ? UNKNOWN : 1 - truth));
      case 'compare': case 'cross': case 'between': case 'trend': case 'holds': return this.#comparison(condition);
    }
  }

  #comparison(comparison: Comparison): Uint8Array {
    const steps = stepsOf(comparison);
    const [now = { back: 0 }, before = now] = steps;
    switch (comparison.kind) {
      case 'compare': return ordered(this.#value(comparison.left, now), comparison.operator, this.#value(comparison.right, now));
      case 'between': {
        const value = this.#value(comparison.value, now);
        return joined(ordered(this.#value(comparison.low, now), '<=', value), ordered(value, '<=', this.#value(comparison.high, now)), FALSE);
      }
      case 'trend': {
        const values = steps.map((step) => this.#value(comparison.value, step));
        return values.slice(1).map((earlier, index) => ordered(values[index] ?? earlier, comparison.direction === 'rising' ? '>' : '<', earlier)).reduce((one, other) => joined(one, other, FALSE));
      }
      case 'cross': {
        const [left, right, leftBefore, rightBefore] = [this.#value(comparison.left, now), this.#value(comparison.right, now), this.#value(comparison.left, before), this.#value(comparison.right, before)];
        const above = joined(ordered(leftBefore, '<=', rightBefore), ordered(left, '>', right), FALSE);
        const below = joined(ordered(leftBefore, '>=', rightBefore), ordered(left, '<', right), FALSE);
        if (comparison.direction === 'either') return joined(above, below, TRUE);
        return comparison.direction === 'above' ? above : below;
      }
      case 'holds': {
        const { column, read } = this.#reading(comparison.reading, now);
        return Uint8Array.from(column, (value) => {
          const held = Number.isNaN(value) ? undefined : read(value);
          return typeof held === 'boolean' ? Number(held) : UNKNOWN;
        });
      }
    }
  }

  #value(value: Value, step: Step): Float64Array {
    switch (value.kind) {
      case 'number': case 'percent': return new Float64Array(this.#length).fill(value.value);
      case 'reading': return this.#numbers(value, step);
      case 'portion': return this.#value(value.of, step).map((of) => (value.percent / 100) * of);
      case 'negate': return this.#value(value.value, step).map((inner) => -inner);
      case 'arithmetic': {
        const left = this.#value(value.left, step);
        const right = this.#value(value.right, step);
        const ofLeft = value.right.kind === 'percent';
        return left.map((one, index) => {
          const other = right[index] ?? NaN;
          const result = calculate(value.operator, one, ofLeft ? (one * other) / 100 : other);
          return Number.isFinite(result) ? result : NaN;
        });
      }
    }
  }

  /** Finite numbers; what is true or false is none. */
  #numbers(reading: Reading, step: Step): Float64Array {
    const { text } = lookupOf(reading, step);
    const known = this.#values.get(text);
    if (known !== undefined) return known;
    const { column, read } = this.#reading(reading, step);
    const made = column.map((value) => {
      const number = Number.isNaN(value) ? value : read(value);
      return typeof number === 'number' && Number.isFinite(number) ? number : NaN;
    });
    this.#values.set(text, made);
    return made;
  }

  #reading(reading: Reading, step: Step): { readonly column: Float64Array; readonly read: (value: number) => number | boolean } {
    const { source, offset, timeframe, asOf } = lookupOf(reading, step);
    const what = this.world.resolve(source);
    const frame = timeframe === undefined ? this.world.own : this.world.frame(timeframe);
    const asIs = (value: number): number => value;
    if (what.kind === 'field' || frame === undefined) return { column: new Float64Array(this.#length).fill(NaN), read: asIs };
    const values = what.kind === 'price' ? sourceColumn(frame.columns, what.price) : frame.study(what)[what.output] ?? new Float64Array(frame.length).fill(NaN);
    const read = what.kind === 'price' ? asIs : (value: number): number | boolean => what.read(value);
    if (asOf === undefined && timeframe === undefined) return { column: shifted(values, offset), read };
    const moments = asOf === undefined ? this.world.own.ends : this.#momentsAgo(asOf.candles, asOf.timeframe);
    return { column: moments === undefined ? new Float64Array(this.#length).fill(NaN) : seenAt(values, frame.ends, moments, offset), read };
  }

  /** When the candle closed that was the newest so many candles before each of our own; NaN where there was none. */
  #momentsAgo(candles: number, timeframe: string | undefined): Float64Array | undefined {
    const { own } = this.world;
    if (timeframe === undefined) return shifted(own.ends, candles);
    const frame = this.world.frame(timeframe);
    return frame === undefined ? undefined : seenAt(frame.ends, frame.ends, own.ends, candles);
  }
}

/** The value of the candle so many before the newest one that had ended at each moment; moments never go back. */
function seenAt(values: Float64Array, ends: Float64Array, moments: Float64Array, offset: number): Float64Array {
  const seen = new Float64Array(moments.length).fill(NaN);
  let newest = NOWHERE;
  for (let index = 0; index < moments.length; index += 1) {
    const moment = moments[index] ?? NaN;
    if (Number.isNaN(moment)) continue;
    while ((ends[newest + 1] ?? Infinity) <= moment) newest += 1;
    seen[index] = values[newest - offset] ?? NaN;
  }
  return seen;
}

function shifted(values: Float64Array, offset: number): Float64Array {
  if (offset === 0) return values;
  const moved = new Float64Array(values.length).fill(NaN, 0, Math.min(offset, values.length));
  if (offset < values.length) moved.set(values.subarray(0, values.length - offset), offset);
  return moved;
}

/** Kleene: one that `decides` decides, an unknown counts only where none does. */
function joined(one: Uint8Array, other: Uint8Array, decides: typeof FALSE | typeof TRUE): Uint8Array {
  return one.map((truth, index) => {
    const second = other[index] ?? UNKNOWN;
    if (truth === decides || second === decides) return decides;
    return truth === UNKNOWN || second === UNKNOWN ? UNKNOWN : 1 - decides;
  });
}

function ordered(left: Float64Array, operator: CompareOperator, right: Float64Array): Uint8Array {
  const truths = new Uint8Array(left.length);
  for (let index = 0; index < left.length; index += 1) {
    const one = left[index] ?? NaN;
    const other = right[index] ?? NaN;
    truths[index] = Number.isNaN(one) || Number.isNaN(other) ? UNKNOWN : Number(holds(one, operator, other));
  }
  return truths;
}

function holds(one: number, operator: CompareOperator, other: number): boolean {
  switch (operator) {
    case '<': return one < other;
    case '<=': return one <= other;
    case '>': return one > other;
    case '>=': return one >= other;
    case '=': return one === other;
    case '!=': return one !== other;
  }
}
