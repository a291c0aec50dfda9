import type { Traded, TradingCalendar } from '../session/tradingCalendar';
import { DAY_MS, INDIA_ZONE, type EpochMs } from '../time';

/** When the session opens and closes to which a candle that starts at `time` belongs; undefined outside of every session. */
export type SessionAt = (time: EpochMs) => { readonly opens: EpochMs; readonly closes: EpochMs } | undefined;

const INDIAN_DAY = new Intl.DateTimeFormat('sv-SE', { timeZone: INDIA_ZONE, dateStyle: 'short' });
/** India keeps one time all year, so a day there is a whole number of hours and minutes from UTC. */

/**
 * Sessions as the candles themselves show them, where no calendar is at hand: each day in India is one, open from its first candle on.
 * When it closes is not known before the next one opens. Candles must be asked for in order.
 */
export function sessionsOfDays(): SessionAt {
  let day = '';
  let until = -Infinity;
  let session = { opens: NaN, closes: Infinity };
  return (time) => {
    if (time < until && time >= session.opens) return session;
    const today = INDIAN_DAY.format(time);
    if (today !== day) {
      day = today;
      session = { opens: time, closes: Infinity };
    }
    until = Date.parse(`${today}T00:00:00+05:30`) + DAY_MS;
    return session;
  };
}

/** One session that began with the first candle and never ends: for candles without times. */
export const ONE_SESSION: SessionAt = () => ({ opens: 0, closes: Infinity });

/** Sessions of an instrument or of a market as its calendar knows them; a candle that starts outside of them has none. */
export function sessionsOfCalendar(calendar: Pick<TradingCalendar, 'sessionAt'>, of: Traded): SessionAt {
  return (time) => {
    const session = calendar.sessionAt(of, time);
    return session === undefined ? undefined : { opens: session.from, closes: session.until };
  };
}
