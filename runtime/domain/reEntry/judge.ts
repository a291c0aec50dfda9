import type { Money } from '../money';
import type { Action } from '../order';
import type { EpochMs } from '../time';
import type { ReEntryTerms, ReEntryUse } from './reEntry';

/** What the group's rule says to one more entry. */
export type TouchVerdict = { readonly kind: 'free' } | { readonly kind: 'cooling'; readonly passedMs: number } | { readonly kind: 'spent' };

/** An entry that is the group's first of the day is no re-entry. */
export function judgeTouch({ maximum, cooldownMs }: Pick<ReEntryTerms, 'maximum' | 'cooldownMs'>, { entries, lastAt }: ReEntryUse, now: EpochMs): TouchVerdict {
  if (entries === 0) return { kind: 'free' };
  if (entries > maximum) return { kind: 'spent' };
  const passedMs = lastAt === undefined ? Infinity : now - lastAt;
  return passedMs < cooldownMs ? { kind: 'cooling', passedMs } : { kind: 'free' };
}

/** True where the price is worse than the entry: a return from there is one through the entry in its own direction. */
export function isOnLosingSide(action: Action, entryPrice: Money, price: Money): boolean {
  return action === 'BUY' ? price < entryPrice : price > entryPrice;
}

export function isBack(action: Action, entryPrice: Money, price: Money): boolean {
  return !isOnLosingSide(action, entryPrice, price);
}
