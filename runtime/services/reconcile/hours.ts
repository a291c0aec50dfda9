import type { AccountConfig } from '../../domain/account';
import type { TradedMarket, TradingCalendar } from '../../domain/session';
import { MINUTE_MS, type EpochMs } from '../../domain/time';

const MARKETS: readonly TradedMarket[] = [
  { exchange: 'NSE', group: 'cash' }, { exchange: 'NFO', group: 'equityDerivatives' }, { exchange: 'CDS', group: 'currency' }, { exchange: 'MCX', group: 'commodity' },
];
/** Square-offs and late reports come after the close. */
const AFTER_CLOSE_MS = 30 * MINUTE_MS;

/** While any exchange trades. */
export function isTradingTime(calendar: Pick<TradingCalendar, 'sessionAt'>): (at: EpochMs) => boolean {
  return (at) => MARKETS.some((market) => calendar.sessionAt(market, at) !== undefined);
}

/** While any exchange trades, and for a while after it has closed. */
export function reconcileHours(calendar: TradingCalendar): (account: AccountConfig, now: EpochMs) => boolean {
  const isOpen = isTradingTime(calendar);
  return ({ marketHours }, now) => marketHours === 'always' || [now, now - AFTER_CLOSE_MS].some(isOpen);
}
