/** Bounds of one condition. Anything larger is refused with its measure; nothing is cut. */
export const LIMITS = {
  /** Characters of a text. */
  length: 4_000,
  /** Levels of a condition, the values inside included. */
  depth: 32,
  /** Parts of a condition: groups, comparisons, values. */
  nodes: 300,
  /** Open parentheses, minus signs and nots at one place of a text. */
  nesting: 100,
  /** Candles that `[n]` may look back. */
  offset: 500,
  /** Candles of `is rising for n`. */
  trend: 100,
} as const;
