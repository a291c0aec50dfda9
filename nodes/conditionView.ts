import { explain, formatCondition, type Condition, type Evaluation } from '../runtime/domain/condition';
import type { ConditionView } from '../runtime/domain/envelope';

/** How a condition came out, as items carry it. `alsoMissing` comes before what the comparisons missed. */
export function conditionView(asked: Condition, evaluation: Evaluation, alsoMissing: readonly string[] = []): ConditionView {
  const missing = evaluation.reasons.flatMap((reason) => reason.missing.map(({ text, why }) => `${text}: ${why}`));
  return { text: formatCondition(asked), result: evaluation.truth, why: explain(evaluation).split('\n').slice(1), missing: [...alsoMissing, ...new Set(missing)] };
}
