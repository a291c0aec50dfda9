import type { Bar } from '../core/bar';

/**
 * Follows the session keys of candles. The session in which the first candle ever comes counts as whole only if that candle stands at
 * its opening: what is made of half a session would be a wrong number, so it stays unknown.
 */
export class SessionWatch {
  /** When the current session opens; NaN where it is not known. */
  session = NaN;
  /** Whether the current session has been followed from its opening. */
  whole = false;
  private known = false;

  /** Takes a candle; true for the first of its session. */
  next(bar: Bar): boolean {
    return this.step(bar.time, bar.session ?? NaN);
  }

  /** A candle by its start and session. */
  step(time: number, session: number): boolean {
    if (session === this.session) return false;
    this.session = session;
    this.whole = !Number.isNaN(session) && (this.known || time <= session);
    this.known = !Number.isNaN(session);
    return this.known;
  }
}
