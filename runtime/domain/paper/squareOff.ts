import type { Exchange, Instrument } from '../market';
import type { Product } from '../order';
import { indiaMidnight, type TradingCalendar, type TradingSession } from '../session';
import { MINUTE_MS, type EpochMs } from '../time';

const EQUITY_EXCHANGES: readonly Exchange[] = ['NSE', 'BSE', 'NFO', 'BFO'];
/** Brokers in India square intraday positions off between about 15:15 and 15:25. */
const EQUITY_TIME_MS = (15 * 60 + 20) * MINUTE_MS;
/** Shares with derivatives leave continuous trading at 15:15 since August 2026: the broker is out before. */
const EQUITY_MINUTES = 5;
const OTHER_MINUTES = 15;

/**
 * When the simulated broker squares MIS positions off by itself, in the session that was open at `at`: 15:20 for shares and their derivatives, at the latest 5 minutes before
 * continuous trading ends; 15 minutes before the end elsewhere. A session that is shorter than that is squared off in its second half. Undefined for other products and where no session was.
 * Accounts square off earlier by themselves (`safety.squareOffMinutes`): this is for what is still open then.
 */
export function brokerSquareOffAt(calendar: Pick<TradingCalendar, 'sessionAt'>, instrument: Pick<Instrument, 'exchange' | 'base'>, product: Product, at: EpochMs): EpochMs | undefined {
  if (product !== 'MIS') return undefined;
  const session = calendar.sessionAt(instrument, at);
  return session === undefined ? undefined : Math.max(usualTime(instrument.exchange, session), (session.from + session.until) / 2);
}

/** Midnight is remembered where a time of day would be read anew for every order. */
function usualTime(exchange: Exchange, { from, until }: TradingSession): EpochMs {
  if (!EQUITY_EXCHANGES.includes(exchange)) return until - OTHER_MINUTES * MINUTE_MS;
  return Math.min(until - EQUITY_MINUTES * MINUTE_MS, indiaMidnight(from) + EQUITY_TIME_MS);
}
