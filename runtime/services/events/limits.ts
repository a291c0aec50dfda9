import { MINUTE_MS } from '../../domain/time';

/** Events that are read at once. */
export const PAGE = 200;
/** Events of one reader that may be at work; more wait in the journal. */
export const MAX_AT_WORK = 500;
/** Events that a reader passes over, because they are not its own, before it says so to the journal. */
export const PASSED_OVER = 1_000;
/** A reader says at least so often that it is there, whether it has read anything or not: one that does not for 90 days is forgotten. */
export const SAYS_EVERY_MS = 24 * 60 * MINUTE_MS;
