import type { Protection, ProtectionStep } from './protection';

/** Ended steps without a fill that are kept: a late fill of one that is forgotten is the reconciliation's business. */
const MAX_ENDED = 20;
/** Orders of one round: the freeze quantity bounds each. */
const MAX_ORDERS_A_ROUND = 100;

/** Adds orders for `quantity`, each at most as large as one order may be. */
export function withSteps(protection: Protection, quantity: number, { maxOrderQuantity }: { readonly maxOrderQuantity: number }, make: (step: number, quantity: number) => ProtectionStep): Protection {
  const steps: ProtectionStep[] = [];
  for (let rest = quantity; rest > 0 && steps.length < MAX_ORDERS_A_ROUND; rest -= maxOrderQuantity) steps.push(make(protection.lastStep + steps.length + 1, Math.min(rest, maxOrderQuantity)));
  return { ...protection, steps: [...protection.steps, ...steps], lastStep: protection.lastStep + steps.length };
}

/** Marks open steps to be cancelled. One that was never sent is sent first: nobody knows better that it was not. */
export function takeBack(protection: Protection, which: (step: ProtectionStep) => boolean): Protection {
  const isMarked = (step: ProtectionStep): boolean => step.state !== 'ENDED' && step.cancelWanted !== true && which(step);
  if (!protection.steps.some(isMarked)) return protection;
  return { ...protection, steps: protection.steps.map((step) => (isMarked(step) ? { ...step, cancelWanted: true } : step)) };
}

/** Forgets refused steps that never were orders: their numbers stay used. */
export function prune(protection: Protection): Protection {
  const { steps } = forgetOld(protection);
  const kept = steps.filter(({ state, orderId, filled }) => state !== 'ENDED' || orderId !== undefined || filled > 0);
  return kept.length === protection.steps.length ? protection : { ...protection, steps: kept };
}

/** Forgets all but the newest of those that ended without a fill. */
export function forgetOld(protection: Protection): Protection {
  const old = new Set(protection.steps.filter(({ state, filled }) => state === 'ENDED' && filled === 0).slice(0, -MAX_ENDED));
  return old.size === 0 ? protection : { ...protection, steps: protection.steps.filter((step) => !old.has(step)) };
}

/** Units of an order that have not filled. */
export function restOf({ quantity, filled }: Pick<ProtectionStep, 'quantity' | 'filled'>): number {
  return Math.max(0, quantity - filled);
}
