import type { Comparison, Condition } from './ast';
import { lookupOf, readingsOf, stepsOf, valuesOf, type Lookup } from './lookup';

/** The comparisons of a condition, in the order of its text. */
export function comparisonsOf(condition: Condition): readonly Comparison[] {
  switch (condition.kind) {
    case 'group': return condition.conditions.flatMap(comparisonsOf);
    case 'not': return comparisonsOf(condition.condition);
    case 'compare': case 'cross': case 'between': case 'trend': case 'holds': return [condition];
  }
}

/**
 * Every question that evaluating the condition will ask, each once, in the order of the text: what to subscribe to, and how far to warm up.
 * Evaluation asks these and nothing else.
 */
export function plan(condition: Condition): readonly Lookup[] {
  const lookups = new Map<string, Lookup>();
  for (const comparison of comparisonsOf(condition)) {
    const readings = valuesOf(comparison).flatMap(readingsOf);
    for (const step of stepsOf(comparison)) {
      for (const reading of readings) {
        const lookup = lookupOf(reading, step);
        lookups.set(lookup.text, lookup);
      }
    }
  }
  return [...lookups.values()];
}
