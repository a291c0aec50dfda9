import { explained, type Outcome } from '../runtime/domain/denial';

/** The value, or an error whose message says what was refused and what to do about it: the command could not be carried out (exit code 1). */
export function allowed<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new Error(explained(outcome.denial));
}
