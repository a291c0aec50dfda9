import type { ArithmeticOperator, Reading, Value } from './ast';
import { formatValue } from './format';
import { lookupOf, type Step } from './lookup';
import type { Series } from './series';

/** A value that a comparison used: null where it is missing. `text` is what was asked: `ema(9)[1]`. */
export interface Used {
  readonly text: string;
  readonly value: number | boolean | null;
}

/** What made a comparison unknown: a value that nobody has, one made of a candle with missed ticks, one of the wrong type, or an impossible division. */
export interface Missing {
  readonly text: string;
  readonly why: 'no value yet' | 'incomplete candle' | 'not a number' | 'not true or false' | 'division by zero' | 'too large';
}

/** Collects, over one comparison, the values used and those missing; each question is asked once. */
export class Witness {
  readonly #used = new Map<string, Used>();
  readonly #missing = new Map<string, Missing>();

  constructor(private readonly series: Series) {}

  get used(): readonly Used[] {
    return [...this.#used.values()];
  }

  get missing(): readonly Missing[] {
    return [...this.#missing.values()];
  }

  /** The finite number of a reading at a step. */
  number(reading: Reading, step: Step): number | undefined {
    const { text, value } = this.#ask(reading, step);
    if (typeof value === 'number') return value;
    this.lacks(text, value === null ? this.#why(reading, step) : 'not a number');
    return undefined;
  }

  boolean(reading: Reading, step: Step): boolean | undefined {
    const { text, value } = this.#ask(reading, step);
    if (typeof value === 'boolean') return value;
    this.lacks(text, value === null ? this.#why(reading, step) : 'not true or false');
    return undefined;
  }

  /** Notes what is missing, once. */
  lacks(text: string, why: Missing['why']): void {
    if (!this.#missing.has(text)) this.#missing.set(text, { text, why });
  }

  #why(reading: Reading, step: Step): Missing['why'] {
    const { source, offset, timeframe, asOf } = lookupOf(reading, step);
    return this.series.why?.(source, offset, timeframe, asOf) ?? 'no value yet';
  }

  #ask(reading: Reading, step: Step): Used {
    const { text, source, offset, timeframe, asOf } = lookupOf(reading, step);
    const known = this.#used.get(text);
    if (known !== undefined) return known;
    const value = this.series.value(source, offset, timeframe, asOf);
    // Not finite is not a value: it would neither compare nor survive JSON.
    const used: Used = { text, value: value === undefined || (typeof value === 'number' && !Number.isFinite(value)) ? null : value };
    this.#used.set(text, used);
    return used;
  }
}

/** The number of a value at a step; undefined when something in it is missing, with the reason left with the witness. */
export function evaluateValue(value: Value, step: Step, witness: Witness): number | undefined {
  switch (value.kind) {
    case 'number': case 'percent': return value.value;
    case 'reading': return witness.number(value, step);
    case 'portion': return map(evaluateValue(value.of, step, witness), (of) => (value.percent / 100) * of);
    case 'negate': return map(evaluateValue(value.value, step, witness), (inner) => -inner);
    case 'arithmetic': return evaluateArithmetic(value, step, witness);
  }
}

function evaluateArithmetic(value: Value & { readonly kind: 'arithmetic' }, step: Step, witness: Witness): number | undefined {
  const left = evaluateValue(value.left, step, witness);
  const right = evaluateValue(value.right, step, witness);
  if (left === undefined || right === undefined) return undefined;
  const amount = value.right.kind === 'percent' ? (left * right) / 100 : right;
  const result = calculate(value.operator, left, amount);
  if (Number.isFinite(result)) return result;
  witness.lacks(formatValue(value), amount === 0 ? 'division by zero' : 'too large');
  return undefined;
}

/** One step of arithmetic; a division by zero is not finite. */
export function calculate(operator: ArithmeticOperator, left: number, right: number): number {
  switch (operator) {
    case '+': return left + right;
    case '-': return left - right;
    case '*': return left * right;
    case '/': return left / right;
  }
}

function map(value: number | undefined, change: (value: number) => number): number | undefined {
  return value === undefined ? undefined : change(value);
}
