import type { Exchange, Instrument } from '../market';
import type { Product } from '../order';
import { indiaMidnight, type TradingCalendar, type TradingSession } from '../session';
import { MINUTE_MS, type EpochMs } from '../time';
import type { AccountSafety } from './safety';

const EQUITY_EXCHANGES: readonly Exchange[] = ['NSE', 'BSE', 'NFO', 'BFO'];
const EQUITY_TIME_MS = (15 * 60 + 5) * MINUTE_MS;
const EQUITY_MINUTES = 10;
const OTHER_MINUTES = 25;

/**
 * From when on positions of an instrument and product are closed in the session that is open at `now`; undefined where nothing is squared off: another product
 * than MIS, a closed or unknown market, or `squareOffMinutes` 0. A session that is shorter than that (muhurat) is squared off in its second half.
 */
export function squareOffAt({ squareOffMinutes }: Pick<AccountSafety, 'squareOffMinutes'>, calendar: Pick<TradingCalendar, 'sessionAt'>, instrument: Pick<Instrument, 'exchange' | 'base'>, product: Product, now: EpochMs): EpochMs | undefined {
  if (product !== 'MIS' || squareOffMinutes === 0) return undefined;
  const session = calendar.sessionAt(instrument, now);
  if (session === undefined) return undefined;
  const at = squareOffMinutes === undefined ? usualTime(instrument, session) : session.until - squareOffMinutes * MINUTE_MS;
  return Math.max(at, (session.from + session.until) / 2);
}

/** Midnight is remembered where a time of day would be read anew for every order. */
function usualTime({ exchange }: Pick<Instrument, 'exchange'>, { from, until }: TradingSession): EpochMs {
  if (!EQUITY_EXCHANGES.includes(exchange)) return until - OTHER_MINUTES * MINUTE_MS;
  return Math.min(until - EQUITY_MINUTES * MINUTE_MS, indiaMidnight(from) + EQUITY_TIME_MS);
}
