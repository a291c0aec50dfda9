import type { EpochMs } from '../time';
import type { BudgetState, Slot } from './budget';

/** Exits and cancels go first; entries have what is not kept for them. */
export type Lane = 'exits' | 'entries';

/** At most `most` calls in any `ms` milliseconds, of which entries may have all but `keptForExits`. */
export interface RateWindow {
  readonly ms: number;
  readonly most: number;
  /** 0 to `most`. */
  readonly keptForExits: number;
}

export type Draw =
  | { readonly granted: true; readonly state: BudgetState }
  /** `retryAt`: when it can be granted at the earliest, if nobody else comes first. */
  | { readonly granted: false; readonly state: BudgetState; readonly retryAt: EpochMs; readonly because: 'spent' | 'drained' | 'exitsFirst' };

/** A window is counted in so many slots. A slot counts until its last moment is out of the window, so that no window is ever exceeded: a place comes free late by a slot at most. */
const SLOTS = 20;
/** An exit that had to wait is given this long to come back before entries are let through again. */
const EXIT_RETURNS_MS = 250;
/** A clock that is behind by less is waited for; by more it was set back, and what was counted moves with it. */
const CLOCK_TOLERANCE_MS = 1_000;
/** After a 429 entries keep still for as long as the broker says, exits ask again after this. */
const EXITS_ASK_AGAIN_MS = 2_000;
/** No broker's silence is kept for longer, whatever it says. */
const LONGEST_DRAIN_MS = 10 * 60_000;

/** Takes one call out of a budget: all windows must have room. Refused, it says when to come back. */
export function draw({ state, windows, lane, now: clockNow }: { readonly state: BudgetState | undefined; readonly windows: readonly RateWindow[]; readonly lane: Lane; readonly now: EpochMs }): Draw {
  const { state: before, now } = settled(state, clockNow);
  const kept = windows.map((window) => ({ window, slots: counting(before, window, now) }));
  const current: BudgetState = { ...before, at: now, windows: Object.fromEntries(kept.map(({ window, slots }) => [window.ms, slots])) };
  const drainedUntil = (lane === 'exits' ? before.exitsDrainedUntil : before.entriesDrainedUntil) ?? now;
  if (drainedUntil > now) return { granted: false, state: current, retryAt: drainedUntil, because: 'drained' };
  const freeAt = Math.max(now, ...kept.map(({ window, slots }) => roomAt(window, slots, lane, now)));
  if (freeAt > now) {
    const waits = lane === 'exits' ? { exitsWaitUntil: Math.max(before.exitsWaitUntil ?? now, freeAt + EXIT_RETURNS_MS) } : {};
    return { granted: false, state: { ...current, ...waits }, retryAt: freeAt, because: 'spent' };
  }
  const exitsWaitUntil = before.exitsWaitUntil ?? now;
  if (lane === 'entries' && exitsWaitUntil > now) return { granted: false, state: current, retryAt: exitsWaitUntil, because: 'exitsFirst' };
  return { granted: true, state: { ...current, windows: Object.fromEntries(kept.map(({ window, slots }) => [window.ms, spent(window, slots, lane, now)])) } };
}

/** A broker said 429: both lanes keep still, entries for as long as it asked for. */
export function drained(state: BudgetState | undefined, retryAfterMs: number, clockNow: EpochMs): BudgetState {
  const { state: before, now } = settled(state, clockNow);
  const silence = Math.min(Math.max(0, retryAfterMs), LONGEST_DRAIN_MS);
  return {
    ...before, at: now,
    entriesDrainedUntil: Math.max(before.entriesDrainedUntil ?? now, now + silence),
    exitsDrainedUntil: Math.max(before.exitsDrainedUntil ?? now, now + Math.min(silence, EXITS_ASK_AGAIN_MS)),
  };
}

/** How many calls count in a window now, for people. */
export function used(state: BudgetState | undefined, window: RateWindow, now: EpochMs): number {
  return state === undefined ? 0 : counting(state, window, now).reduce((sum, slot) => sum + slot.exits + slot.entries, 0);
}

/** The budget in the time of the clock as it goes now. */
function settled(state: BudgetState | undefined, now: EpochMs): { readonly state: BudgetState; readonly now: EpochMs } {
  if (state === undefined) return { state: { at: now, windows: {} }, now };
  const behind = state.at - now;
  if (behind <= 0) return { state, now };
  return behind <= CLOCK_TOLERANCE_MS ? { state, now: state.at } : { state: moved(state, -behind), now };
}

function moved({ windows, at, exitsWaitUntil, entriesDrainedUntil, exitsDrainedUntil }: BudgetState, ms: number): BudgetState {
  return {
    at: at + ms,
    windows: Object.fromEntries(Object.entries(windows).map(([name, slots]) => [name, slots.map((slot) => ({ ...slot, at: slot.at + ms }))])),
    ...(exitsWaitUntil === undefined ? {} : { exitsWaitUntil: exitsWaitUntil + ms }),
    ...(entriesDrainedUntil === undefined ? {} : { entriesDrainedUntil: entriesDrainedUntil + ms }),
    ...(exitsDrainedUntil === undefined ? {} : { exitsDrainedUntil: exitsDrainedUntil + ms }),
  };
}

function slotMs({ ms }: RateWindow): number {
  return Math.max(1, Math.ceil(ms / SLOTS));
}

/** When a slot stops to count. */
function endOf(slot: Slot, window: RateWindow): EpochMs {
  return slot.at + slotMs(window) + window.ms;
}

function counting(state: BudgetState, window: RateWindow, now: EpochMs): Slot[] {
  return (state.windows[window.ms] ?? []).filter((slot) => endOf(slot, window) > now);
}

/** When the lane has room for one more: now, or when enough of the oldest slots have ended. */
function roomAt(window: RateWindow, slots: readonly Slot[], lane: Lane, now: EpochMs): EpochMs {
  let all = slots.reduce((sum, slot) => sum + slot.exits + slot.entries, 0);
  let entries = slots.reduce((sum, slot) => sum + slot.entries, 0);
  const hasRoom = (): boolean => all < window.most && (lane === 'exits' || entries < window.most - window.keptForExits);
  let at = now;
  for (const slot of slots) {
    if (hasRoom()) return at;
    all -= slot.exits + slot.entries;
    entries -= slot.entries;
    at = endOf(slot, window);
  }
  // A window that lets nothing through has no better answer than its own length.
  return hasRoom() ? at : now + window.ms;
}

function spent(window: RateWindow, slots: readonly Slot[], lane: Lane, now: EpochMs): Slot[] {
  const newest = slots.at(-1);
  const isOpen = newest !== undefined && now < newest.at + slotMs(window);
  const slot = isOpen ? newest : { at: now, exits: 0, entries: 0 };
  return [...(isOpen ? slots.slice(0, -1) : slots), { ...slot, [lane]: slot[lane] + 1 }];
}
