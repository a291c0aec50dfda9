import type { Candle } from '../candle/candle';
import type { EpochMs } from '../time';
import type { Resolved } from './resolve';

/** A closed candle as indicators and look-ups need it. */
export interface FrameCandle {
  readonly candle: Candle;
  /** When its session opened; undefined outside of every session. */
  readonly session: EpochMs | undefined;
  /** From when on it is known to be closed. */
  readonly until: EpochMs;
  /** Ticks of it were missed: what is made of it is unknown. */
  readonly incomplete: boolean;
}

/** Why a value is not known. */
export type Unknown = 'no value yet' | 'incomplete candle';

/**
 * The closed candles of one timeframe by position, and what indicators make of them. Positions grow with time, without gaps; those below the
 * first kept one are gone.
 */
export interface Frame {
  /** Position of the newest candle that is known to be closed at `at`; undefined where none is kept. */
  newest(at: EpochMs): number | undefined;
  /** From when on the candle at a position is closed; undefined for one that is not kept. */
  until(position: number): EpochMs | undefined;
  value(position: number, what: Resolved): number | boolean | undefined;
  /** Why `value` gave nothing. */
  why(position: number, what: Resolved): Unknown;
}

/** Keeps the position of the newest incomplete candle up to each one, in candles and in sessions: what is tainted by it is a subtraction. */
export class Taint {
  #position = -Infinity;
  #session = -Infinity;
  #sessions = 0;
  #current: EpochMs | undefined;

  /** Takes the next candle; the answer is how far away the newest incomplete one is then: 0 for the candle itself, Infinity for none. */
  next(position: number, { session, incomplete }: FrameCandle): { readonly candles: number; readonly sessions: number } {
    if (session !== this.#current) {
      this.#current = session;
      this.#sessions += 1;
    }
    if (incomplete) {
      this.#position = position;
      this.#session = this.#sessions;
    }
    return { candles: position - this.#position, sessions: this.#sessions - this.#session };
  }
}
