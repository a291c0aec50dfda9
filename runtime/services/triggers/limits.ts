import { MINUTE_MS, SECOND_MS } from '../../domain/time';

/** Longest single wait of a schedule: a stepped clock or a sleeping machine is noticed within it. */
export const LONGEST_WAIT_MS = 5 * SECOND_MS;
/** A wait that took this much longer than asked was no delay of the event loop: the machine slept, or its clock was set forward. */
export const SLEPT_MS = 30 * SECOND_MS;
/** A clock that goes back by less is being corrected as clocks are; by more, somebody is told. */
export const STEPPED_BACK_MS = 2 * SECOND_MS;
/** A last planned time further in the future than this was made by a clock that was wrong. */
export const AHEAD_MS = MINUTE_MS;
/** How far a schedule looks back for what it slept through. */
export const LOOK_BACK_MS = 7 * 24 * 60 * MINUTE_MS;
/** Missed times that are worked off without a breath for others. */
export const WAKES_AT_ONCE = 100;
/** Waits in a row after which the clock has not moved: then waiting is pointless, and looking at it would never end. */
export const STANDSTILL_LIMIT = 1_000;
/** How often the journal is asked from when on a schedule counts, before it is given up. */
export const RESUME_TRIES = 5;

/** Flows that one trigger's passing signals (ticks) may run at the same time. */
export const PASSING_CONCURRENCY = 8;
/** Instruments of which one trigger keeps a newest tick waiting. */
export const MAX_LANES = 5_000;

/** How often the journal is asked how a signal ended that another process took. */
export const LOOK_ELSEWHERE_MS = 5 * SECOND_MS;
/** Entries of a node that are looked through for one that another process took. */
export const LOOKED_THROUGH = 200;

/** Waits between the tries to journal what a trigger said: an exit that is due now must not be lost to a disk that is busy for a moment. */
export const JOURNAL_AGAIN_MS = [SECOND_MS, 4 * SECOND_MS, 15 * SECOND_MS] as const;
