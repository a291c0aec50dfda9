import type { Denial } from '../../domain/denial';
import { cooldownLock, LOCK_SCOPES, lockName } from '../../domain/lockNames';
import type { Admission, AdmissionState, LockRequest } from '../../domain/ports';
import type { IntentDraft } from '../../domain/order';
import { isHeldStop } from '../../domain/protection';
import type { GateFacts, GateInput } from './facts';
import { lossLimitOf, RULES } from './rules';
import { resolveSize } from './size';

/**
 * The gate: resolves the size and asks every rule in order. Pure; the store calls it inside the admitting transaction,
 * so that what it saw can not change before the order is reserved. A rule that throws denies.
 */
export function decideAdmission(input: GateInput, state: AdmissionState): Admission {
  try {
    return judged(input, isHeldStop(input.draft) ? seenByStop(state) : state);
  } catch (error) {
    return unreadable(input, error);
  }
}

function judged(input: GateInput, state: AdmissionState): Admission {
  const size = resolveSize(input.draft.size, state);
  if (size.kind === 'satisfied') return { kind: 'satisfied' };
  const { action, quantity, reduces } = size;
  if (input.draft.purpose === 'exit' && !reduces) return { kind: 'deny', action, quantity, denial: wouldReverse(quantity, state) };
  const facts: GateFacts = { ...input, state, action, quantity, reduces };
  const denial = firstRefusal(facts);
  if (denial !== undefined) return { kind: 'deny', action, quantity, denial, latchLoss: reachesAccountLoss(facts, denial) };
  const lock = entryLock(facts);
  return { kind: 'admit', action, quantity, ...(lock === undefined ? {} : { lock }) };
}

/** Whatever could not be worked out is refused. */
function unreadable({ draft: { size } }: GateInput, error: unknown): Admission {
  const denial: Denial = { code: 'RISK_UNREADABLE', message: `The risk gate could not decide: ${reasonOf(error)}`, rule: 'gate readable' };
  return { kind: 'deny', action: size.kind === 'fixed' ? size.action : 'SELL', quantity: 0, denial };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function firstRefusal(facts: GateFacts): Denial | undefined {
  for (const rule of RULES) {
    if (rule.entriesOnly && facts.reduces) continue;
    try {
      const denial = rule.check(facts);
      if (denial !== undefined) return { ...denial, rule: rule.name };
    } catch (error) {
      return { code: 'RISK_UNREADABLE', message: `The rule "${rule.name}" could not be evaluated: ${reasonOf(error)}`, rule: rule.name };
    }
  }
  return undefined;
}

/** A flow's own, tighter limit refuses that flow; only the account's own stops the account. */
function reachesAccountLoss(facts: GateFacts, { code, value }: Denial): boolean {
  if (code !== 'MAX_DAILY_LOSS' || facts.state.lossLatchedAt !== undefined || typeof value !== 'number') return false;
  return value >= lossLimitOf(facts, facts.account.limits);
}

function wouldReverse(quantity: number, state: AdmissionState): Denial {
  const value = Math.abs(state.position.quantity);
  return { code: 'WOULD_REVERSE', message: `An exit of ${quantity} would go through zero; ${value} is held.`, rule: 'exit only', limit: value, value: quantity };
}

/** An admitted entry starts the repeat cool-down of its strategy and instrument. */
function entryLock({ draft, limits, reduces, now }: GateFacts): LockRequest | undefined {
  if (reduces || limits.cooldownMs === 0) return undefined;
  return { account: draft.account, name: cooldownLock(draft), owner: draft.signalId, until: now + limits.cooldownMs, reason: 'repeat cool-down' };
}

/** The locks that stop an entry of this draft. */
export function locksOf(draft: IntentDraft): readonly string[] {
  return LOCK_SCOPES.map((scope) => lockName(scope, draft));
}

/** True where stops that wait at the broker would close more of the position, together with an order that is to be admitted, than there is: they have to make way first. */
export function areStopsInTheWay(draft: IntentDraft, { position, pending, stops }: AdmissionState, { action, quantity }: Extract<Admission, { kind: 'admit' }>): boolean {
  if (stops === undefined || isHeldStop(draft)) return false;
  const [held, working, waiting] = action === 'SELL' ? [position.quantity, pending.sell, stops.sell] : [-position.quantity, pending.buy, stops.buy];
  return waiting > 0 && quantity > held - working - waiting;
}

/** A stop that is to rest at the broker finds no room where another one waits. */
function seenByStop(state: AdmissionState): AdmissionState {
  const { pending, stops = { buy: 0, sell: 0 } } = state;
  return { ...state, pending: { buy: pending.buy + stops.buy, sell: pending.sell + stops.sell } };
}
