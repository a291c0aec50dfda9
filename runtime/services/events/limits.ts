/** Events that are read at once. */
export const PAGE = 200;
/** Events of one reader that may be at work; more wait in the journal. */
export const MAX_AT_WORK = 500;
/** Events that a reader passes over, because they are not its own, before it says so to the journal. */
export const PASSED_OVER = 1_000;
