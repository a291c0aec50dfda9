import type { DenialCode } from '../denial';
import { SECOND_MS, type EpochMs } from '../time';
import { netClosed, remainingQuantity, type Protection, type ProtectionStep } from './protection';
import { prune, restOf, takeBack, withSteps } from './steps';

/** A stop that made way for another order, or found no room, rests again after this: whoever it made way for has placed its order by then. */
export const REST_AGAIN_MS = 5 * SECOND_MS;

/** Between two stops that are added while an entry fills. */
const GROW_MS = 10 * SECOND_MS;
/** Stops that may be added to as few as would do. */
const MOST_ADDED = 2;
/** The longest wait after a stop that was not taken. */
const MAX_REST_AGAIN_MS = 300 * SECOND_MS;
/** So many in a row that were not taken are told. */
export const MOST_UNRESTED = 3;

/** Twice as long after each stop in a row that was not taken. */
export function restAgainAfter(unrested: number): number {
  return Math.min(MAX_REST_AGAIN_MS, REST_AGAIN_MS * 2 ** unrested);
}

/** What of a position a protection may count on, as it was when `filled` of its entry and `closed` by its own orders were known. */
export interface StopRoom {
  /** Units of the position that are this protection's to close. */
  readonly open: number;
  /** Those of them that no other order is about to close: what a stop may rest with. */
  readonly room: number;
  readonly filled: number;
  readonly closed: number;
}

/**
 * Shares a position out among the protections of it, the oldest first: their stops together never rest with more than is open and nobody else is about to close.
 * `held`: units in the protected direction; `closing`: units that other open orders are about to close; `all`: every live protection of the position, this one included.
 */
export function stopRoom(protection: Protection, { all, held, closing }: { readonly all: readonly Protection[]; readonly held: number; readonly closing: number }): StopRoom {
  let [open, room] = [Math.max(0, held), Math.max(0, held - closing)];
  const need = remainingQuantity(protection);
  for (const other of all.filter(({ id }) => id !== protection.id).filter((known) => isOlder(known, protection))) {
    const share = remainingQuantity(other);
    open = Math.max(0, open - share);
    room = Math.max(0, room - share);
  }
  return { open: Math.min(need, open), room: Math.min(need, room), filled: protection.filled, closed: netClosed(protection) };
}

function isOlder(a: Protection, b: Protection): boolean {
  return a.createdAt < b.createdAt || (a.createdAt === b.createdAt && a.id < b.id);
}

/** Its stops that rest, or are about to. */
export function openHolds({ steps }: Pick<Protection, 'steps'>): readonly ProtectionStep[] {
  return steps.filter(({ purpose, state }) => purpose === 'hold' && state !== 'ENDED');
}

/** Keeps the stop at the broker where it belongs, and as large as its room: more is added as an order of its own, because a resting order can only be made smaller. */
export function rest(protection: Protection, now: EpochMs, rules: { readonly marketOpen: boolean; readonly maxOrderQuantity: number }): Protection {
  const { stopLevel, held, room, restAgainAt } = protection;
  const holds = openHolds(protection);
  if (!held || !rules.marketOpen || stopLevel === undefined || room === undefined) return protection;
  // What is on its way is moved once it has arrived.
  if (holds.some(({ state }) => state === 'WANTED')) return protection;
  const wanted = Math.min(remainingQuantity(protection), room);
  const covered = holds.reduce((sum, hold) => sum + restOf(hold), 0);
  const changed = changedHolds(holds, stopLevel, Math.max(0, covered - wanted));
  const next = changed.size === 0 ? protection : { ...protection, steps: protection.steps.map((step) => changed.get(step) ?? step) };
  if (covered >= wanted || (restAgainAt !== undefined && now < restAgainAt) || isFilling(protection, holds, now)) return next;
  // Too many small ones become one: each is an order that is moved, and paid for, by itself.
  if (holds.length > Math.ceil(wanted / rules.maxOrderQuantity) + MOST_ADDED) return takeBack(next, ({ purpose }) => purpose === 'hold');
  return withSteps(prune(next), wanted - covered, rules, (step, quantity) => ({ step, purpose: 'hold', quantity, filled: 0, state: 'WANTED', wantedAt: now, triggerPrice: stopLevel }));
}

/** While an entry fills, and something of it is covered, more is covered from time to time: the runtime closes what is not, when the stop is met. */
function isFilling({ entryEnded }: Protection, holds: readonly ProtectionStep[], now: EpochMs): boolean {
  const newest = holds.at(-1);
  return !entryEnded && newest !== undefined && now - newest.wantedAt < GROW_MS;
}

/** Stops at another level, or `less` smaller together: the newest first, and taken back where nothing would be left of one. What is on its way out counts until that is proven: it may fill. */
function changedHolds(holds: readonly ProtectionStep[], triggerPrice: NonNullable<ProtectionStep['triggerPrice']>, less: number): ReadonlyMap<ProtectionStep, ProtectionStep> {
  const changed = new Map<ProtectionStep, ProtectionStep>();
  const leaving = holds.filter(({ cancelWanted }) => cancelWanted === true);
  let over = less - leaving.reduce((sum, hold) => sum + restOf(hold), 0);
  for (const hold of holds.toReversed()) {
    if (leaving.includes(hold)) continue;
    const cut = Math.max(0, Math.min(over, restOf(hold)));
    over -= cut;
    if (cut === 0 && hold.triggerPrice === triggerPrice) continue;
    changed.set(hold, cut === restOf(hold) ? { ...hold, cancelWanted: true } : { ...hold, triggerPrice, quantity: hold.quantity - cut });
  }
  return changed;
}

/** Refusals of an order that was to rest which say nothing against its resting: there was no room for it, or no time. */
const PASSING: ReadonlySet<DenialCode> = new Set<DenialCode>(['NO_POSITION', 'WOULD_REVERSE', 'RATE_LIMITED', 'TOO_MANY_REQUESTS', 'BROKER_PAUSED', 'MARKET_CLOSED', 'LEASE_LOST', 'SESSION_EXPIRED', 'NOT_READY']);

/** How a stop ended that was not taken back by its own protection: `away`, it rests again a little later; `lost`, the broker does not want it, so that the runtime watches. */
export function endOfHold({ denial, gone }: { readonly denial?: { readonly code: DenialCode }; readonly gone?: boolean }, isMarketOpen: boolean): 'away' | 'lost' {
  return gone === true || !isMarketOpen || (denial !== undefined && PASSING.has(denial.code)) ? 'away' : 'lost';
}
