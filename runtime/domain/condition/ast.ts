/** An argument of a function: a number, or the text of a duration (`15m`) or of a word (`hl2`). */
export type Argument = number | string;

/**
 * Where a value comes from. `function`: a price or an indicator, in the vocabulary's spelling; `field`: a dotted path of the item;
 * `pattern`: a candlestick pattern by its words.
 */
export type Source =
  | { readonly kind: 'function'; readonly name: string; readonly args: readonly Argument[]; readonly output?: string }
  | { readonly kind: 'field'; readonly path: string }
  | { readonly kind: 'pattern'; readonly name: string };

/** One value of a source, `offset` candles back. Candles are those of `timeframe`, or of the flow where none is given. */
export interface Reading {
  readonly kind: 'reading';
  readonly source: Source;
  /** Candles back, 0 for the newest closed one; counted in the reading's own timeframe. */
  readonly offset: number;
  /** Canonical text such as `15m`, `1h`, `1d`. */
  readonly timeframe?: string;
}

/**
 * A number. `percent` stands to the right of `+` and `-` (`close + 2%` is close × 1.02) or is compared with something that is itself in percent;
 * `portion` is `2% of close`.
 */
export type Value =
  | Reading
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'percent'; readonly value: number }
  | { readonly kind: 'portion'; readonly percent: number; readonly of: Value }
  | { readonly kind: 'negate'; readonly value: Value }
  | { readonly kind: 'arithmetic'; readonly operator: ArithmeticOperator; readonly left: Value; readonly right: Value };

export const ARITHMETIC_OPERATORS = ['+', '-', '*', '/'] as const;
export type ArithmeticOperator = (typeof ARITHMETIC_OPERATORS)[number];

export const COMPARE_OPERATORS = ['<', '<=', '>', '>=', '=', '!='] as const;
export type CompareOperator = (typeof COMPARE_OPERATORS)[number];

export type CrossDirection = 'above' | 'below' | 'either';
export type TrendDirection = 'rising' | 'falling';

/** What is true, false or unknown by itself. `=` and `!=` compare exactly; `between` includes both ends. */
export type Comparison =
  | { readonly kind: 'compare'; readonly operator: CompareOperator; readonly left: Value; readonly right: Value }
  /** On the other side one step ago, on this side now; equality a step ago counts as the other side, equality now does not count as a crossing. */
  | { readonly kind: 'cross'; readonly direction: CrossDirection; readonly left: Value; readonly right: Value }
  | { readonly kind: 'between'; readonly value: Value; readonly low: Value; readonly high: Value }
  /** Strictly higher (lower) at each of the last `candles` steps: needs `candles` + 1 values. */
  | { readonly kind: 'trend'; readonly direction: TrendDirection; readonly value: Value; readonly candles: number }
  /** A pattern, or a source whose value is true or false. */
  | { readonly kind: 'holds'; readonly reading: Reading };

/** A condition as plain JSON. A group has at least two members; a group within a group of the same operator stays one. */
export type Condition =
  | Comparison
  | { readonly kind: 'group'; readonly operator: 'and' | 'or'; readonly conditions: readonly Condition[] }
  | { readonly kind: 'not'; readonly condition: Condition };
