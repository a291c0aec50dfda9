import { SECOND_MS } from '../../domain/time';

/** How long a lease lasts: an owner that died without a word is followed after this, one whose process is known to be gone at once. */
export const LEASE_MS = 15 * SECOND_MS;
/** What cannot be done now (a cancel, a move, a store that is busy) is asked for again after this. */
export const ASK_AGAIN_MS = 3 * SECOND_MS;
/** Prices that may wait for the journal; more are dropped unless they change the state. */
export const MAX_WAITING_EVENTS = 1_000;
/** The same trouble is told once in this time. */
export const TELL_AGAIN_MS = 3_600 * SECOND_MS;
