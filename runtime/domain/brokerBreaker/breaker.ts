import type { EpochMs } from '../time';

/** What was asked of a broker: to do something, or to tell something. */
export type CallKind = 'command' | 'read';

/** closed: all goes. open: entries wait. Once `until` is over it is half-open: one entry at a time tries. */
export type Breaker =
  | { readonly state: 'closed'; readonly failures: Readonly<Record<CallKind, number>> }
  | { readonly state: 'open'; readonly since: EpochMs; readonly until: EpochMs; readonly cooldownMs: number; readonly because: CallKind };

export const CLOSED: Breaker = { state: 'closed', failures: { command: 0, read: 0 } };

/** Failures of one kind in a row that open it. A command that worked says nothing of reads, nor the other way round. */
export const FAILURES_TO_OPEN = 5;
/** How long entries wait before the first of them tries; doubled each time it fails. */
export const FIRST_COOLDOWN_MS = 15_000;
export const LONGEST_COOLDOWN_MS = 120_000;

/** After a call that nobody knows the outcome of, or that brought no answer: timeouts, resets, 5xx. A refusal in the broker's own words is an answer. */
export function afterFailure(breaker: Breaker, kind: CallKind, now: EpochMs): Breaker {
  if (breaker.state === 'closed') {
    const failures = { ...breaker.failures, [kind]: breaker.failures[kind] + 1 };
    return failures[kind] < FAILURES_TO_OPEN ? { state: 'closed', failures } : { state: 'open', since: now, until: now + FIRST_COOLDOWN_MS, cooldownMs: FIRST_COOLDOWN_MS, because: kind };
  }
  // Exits and reads go on while it is open; what they meet moves nothing. Only a trial that failed makes the wait longer.
  if (now < breaker.until) return breaker;
  const cooldownMs = Math.min(LONGEST_COOLDOWN_MS, breaker.cooldownMs * 2);
  return { ...breaker, until: now + cooldownMs, cooldownMs };
}

/** After an answer. A command's closes it at any time: an exit that went through has tried it. A read's does where reads had failed. */
export function afterSuccess(breaker: Breaker, kind: CallKind): Breaker {
  if (breaker.state === 'closed') return breaker.failures[kind] === 0 ? breaker : { state: 'closed', failures: { ...breaker.failures, [kind]: 0 } };
  return kind === 'command' || breaker.because === 'read' ? CLOSED : breaker;
}

/** True while entries have to wait. */
export function isHolding(breaker: Breaker, now: EpochMs): boolean {
  return breaker.state === 'open' && now < breaker.until;
}
