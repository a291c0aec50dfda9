import { evaluate, explain, formatValue, type Series } from '../../runtime/domain/condition';
import { evaluateValue, Witness } from '../../runtime/domain/condition/evaluateValue';
import { stepsOf } from '../../runtime/domain/condition/lookup';
import { formatExpression, overTime, type Expression } from './expressions';
import type { Result } from './rows';

/** A result now and before; `earlier` newest first. Null is not known, and `why` says so. */
interface Computed {
  readonly value: number | boolean | null;
  readonly earlier: readonly (number | boolean | null)[];
  readonly why?: string;
}

/** The results as an item carries them: by name, those of several outputs one level deeper. */
export interface Values {
  readonly indicators: Readonly<Record<string, unknown>>;
  readonly indicatorsMissing: Readonly<Record<string, string>>;
}

/** Computes every result as of the series' moment, and its `previous` earlier values. */
export function valuesOf(results: readonly Result[], series: Series, previous: number): Values {
  return collect(results, previous, ({ expression }) => compute(expression, series, previous));
}

/** The results of an instrument of which nothing is known. */
export function unknownValues(results: readonly Result[], why: string, previous: number): Values {
  return collect(results, previous, () => ({ value: null, earlier: [], why }));
}

function collect(results: readonly Result[], previous: number, of: (result: Result) => Computed): Values {
  const indicators: Record<string, unknown> = {};
  const before: Record<string, unknown> = {};
  const missing: Record<string, string> = {};
  for (const result of results) {
    const { value, earlier, why } = of(result);
    put(indicators, result.path, value);
    put(before, result.path, earlier);
    if (why !== undefined) missing[result.path.join('.')] = why;
  }
  return { indicators: previous === 0 ? indicators : { ...indicators, previous: before }, indicatorsMissing: missing };
}

function put(into: Record<string, unknown>, [name, output]: Result['path'], value: unknown): void {
  if (output === undefined) { into[name] = value; return; }
  const inner = into[name];
  into[name] = { ...(typeof inner === 'object' ? inner : {}), [output]: value };
}

function compute(expression: Expression, series: Series, previous: number): Computed {
  if (expression.kind === 'condition') {
    const evaluation = evaluate(expression.condition, series);
    if (evaluation.truth !== 'unknown') return { value: evaluation.truth === 'true', earlier: [] };
    return { value: null, earlier: [], why: explain(evaluation).split('\n').slice(1).join('; ') };
  }
  const { value } = expression;
  const [now, ...before] = stepsOf(overTime(value, previous)).map((step) => {
    const witness = new Witness(series);
    return { value: evaluateValue(value, step, witness) ?? null, missing: witness.missing };
  });
  const reasons = (now?.missing ?? []).map(({ text, why }) => `${text}: ${why}`);
  return {
    value: now?.value ?? null, earlier: before.map((each) => each.value),
    ...(now?.value === null ? { why: reasons.length === 0 ? `${formatValue(value)}: no value yet` : reasons.join('; ') } : {}),
  };
}

/** For people: `fast = ema(9)`. */
export function describeResult({ path, expression }: Result): string {
  return `${path.join('.')} = ${formatExpression(expression)}`;
}
