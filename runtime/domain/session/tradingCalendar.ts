import type { Exchange, Instrument } from '../market';
import type { EpochMs, IsoDate } from '../time';
import type { SessionGroup } from './sessionGroup';

/** An exchange and one of its groups of instruments, where no single instrument is meant. See `marketOf`. */
export interface TradedMarket {
  readonly exchange: Exchange;
  readonly group: SessionGroup;
}

/** Whose hours are asked for: an instrument's, or those of everything in a group. */
export type Traded = Pick<Instrument, 'exchange' | 'base'> | TradedMarket;

/**
 * regular: the usual hours. special: other hours than usual (muhurat, a test of the disaster site, an outage made up for).
 * evening: what is left of a commodity day when the morning is a holiday.
 */
export type SessionKind = 'regular' | 'special' | 'evening';

/** Continuous trading without a break: open at `from`, closed again at `until`. Pre-open and auctions are outside. */
export interface TradingSession {
  /** The day in India that it belongs to; none goes past midnight. */
  readonly date: IsoDate;
  readonly from: EpochMs;
  readonly until: EpochMs;
  readonly kind: SessionKind;
}

/** What is known of a market's day. Nothing is guessed: where the calendar does not reach, the day is unknown, and nobody may trade on it. */
export type CalendarDay =
  | {
    readonly kind: 'open';
    readonly date: IsoDate;
    /** At least one, in order, without overlap. */
    readonly sessions: readonly TradingSession[];
    /** True for muhurat trading: contracts do not expire on such a day. */
    readonly ceremonial: boolean;
    /** Why the day is off the weekly pattern, where it is. */
    readonly reason?: string;
  }
  | {
    readonly kind: 'closed';
    readonly date: IsoDate;
    readonly reason: string;
    /** True for a holiday of a fixed date in a year whose list is not known. */
    readonly expected?: true;
  }
  | { readonly kind: 'unknown'; readonly date: IsoDate; readonly reason: string };

/**
 * When markets trade, in India's time wherever the machine stands. Pure and without a clock; asking again about the same day costs nothing,
 * so it may be asked for every tick. A day that is unknown has no session for any of these questions; `day` says which it is.
 */
export interface TradingCalendar {
  /** The whole day with all its sessions, past or future. Throws RangeError for a text that is no date. */
  day(of: Traded, date: IsoDate): CalendarDay;
  /** The day in India that `at` falls on. */
  dayAt(of: Traded, at: EpochMs): CalendarDay;
  /** The session that is open at `at`. */
  sessionAt(of: Traded, at: EpochMs): TradingSession | undefined;
  /** The session that is open at `at`, else the next one. Undefined when none begins within `LOOK_AHEAD_DAYS`. */
  sessionOnOrAfter(of: Traded, at: EpochMs): TradingSession | undefined;
  /** The newest session that had ended at `at`. Undefined when none did within `LOOK_AHEAD_DAYS`. */
  sessionBefore(of: Traded, at: EpochMs): TradingSession | undefined;
  /** The days with a session from `from` to `until`, both included, oldest first. Unknown days are left out. Throws RangeError over `MAX_RANGE_DAYS`. */
  tradingDays(of: Traded, from: IsoDate, until: IsoDate): readonly IsoDate[];
}

/** No market of India rests for half as long. */
export const LOOK_AHEAD_DAYS = 31;
/** Forty years: longer ranges are mistakes. */
export const MAX_RANGE_DAYS = 14_610;
