import type { Comparison, CompareOperator, Condition } from './ast';
import { evaluateValue, Witness, type Missing, type Used } from './evaluateValue';
import { formatCondition } from './format';
import { stepsOf, type Step } from './lookup';
import type { Series } from './series';
import { allOf, anyOf, not, truthOf, type Truth } from './truth';

/** How one comparison came out, with every value that it asked for. `missing` is never empty when it is unknown. */
export interface Reason {
  /** The comparison's canonical text. */
  readonly text: string;
  readonly truth: Truth;
  readonly values: readonly Used[];
  readonly missing: readonly Missing[];
}

/** A verdict and one reason for each comparison, in the order of the text. Plain JSON. */
export interface Evaluation {
  readonly truth: Truth;
  readonly reasons: readonly Reason[];
}

/**
 * Evaluates a condition as of the series' moment. Every comparison is looked at, also where the verdict is clear already: the reasons are complete.
 * A comparison with a missing value is unknown; and, or, not follow Kleene, so an unknown stays one only where it matters.
 */
export function evaluate(condition: Condition, series: Series): Evaluation {
  const reasons: Reason[] = [];
  const truth = judge(condition, series, reasons);
  return { truth, reasons };
}

function judge(condition: Condition, series: Series, reasons: Reason[]): Truth {
  switch (condition.kind) {
    case 'group': {
      const truths = condition.conditions.map((each) => judge(each, series, reasons));
      return condition.operator === 'and' ? allOf(truths) : anyOf(truths);
    }
    case 'not': return not(judge(condition.condition, series, reasons));
    case 'compare': case 'cross': case 'between': case 'trend': case 'holds': {
      const witness = new Witness(series);
      const truth = compare(condition, witness);
      reasons.push({ text: formatCondition(condition), truth, values: witness.used, missing: witness.missing });
      return truth;
    }
  }
}

function compare(comparison: Comparison, witness: Witness): Truth {
  const steps = stepsOf(comparison);
  const [now, before] = steps;
  if (now === undefined) throw new Error(`A ${comparison.kind} looks at no moment.`);
  switch (comparison.kind) {
    case 'compare': return ordered(evaluateValue(comparison.left, now, witness), comparison.operator, evaluateValue(comparison.right, now, witness));
    case 'between': {
      const value = evaluateValue(comparison.value, now, witness);
      const low = evaluateValue(comparison.low, now, witness);
      const high = evaluateValue(comparison.high, now, witness);
      return allOf([ordered(low, '<=', value), ordered(value, '<=', high)]);
    }
    case 'trend': return trend(comparison, steps, witness);
    case 'cross': return before === undefined ? 'unknown' : cross(comparison, now, before, witness);
    case 'holds': {
      const value = witness.boolean(comparison.reading, now);
      return value === undefined ? 'unknown' : truthOf(value);
    }
  }
}

function trend({ direction, value }: Comparison & { readonly kind: 'trend' }, steps: readonly Step[], witness: Witness): Truth {
  const values = steps.map((step) => evaluateValue(value, step, witness));
  return allOf(values.slice(1).map((earlier, index) => ordered(values[index], direction === 'rising' ? '>' : '<', earlier)));
}

function cross({ direction, left, right }: Comparison & { readonly kind: 'cross' }, now: Step, before: Step, witness: Witness): Truth {
  const [leftNow, rightNow] = [evaluateValue(left, now, witness), evaluateValue(right, now, witness)];
  const [leftBefore, rightBefore] = [evaluateValue(left, before, witness), evaluateValue(right, before, witness)];
  const above = allOf([ordered(leftBefore, '<=', rightBefore), ordered(leftNow, '>', rightNow)]);
  const below = allOf([ordered(leftBefore, '>=', rightBefore), ordered(leftNow, '<', rightNow)]);
  if (direction === 'either') return anyOf([above, below]);
  return direction === 'above' ? above : below;
}

/** Compares two numbers exactly: no tolerance, no rounding to a tick. */
function ordered(left: number | undefined, operator: CompareOperator, right: number | undefined): Truth {
  if (left === undefined || right === undefined) return 'unknown';
  switch (operator) {
    case '<': return truthOf(left < right);
    case '<=': return truthOf(left <= right);
    case '>': return truthOf(left > right);
    case '>=': return truthOf(left >= right);
    case '=': return truthOf(left === right);
    case '!=': return truthOf(left !== right);
  }
}
