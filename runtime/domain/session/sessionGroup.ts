import type { Exchange } from '../market';
import type { Traded, TradedMarket } from './tradingCalendar';

/** Instruments that trade the same hours. Shares with derivatives leave continuous trading for the closing auction. */
export const SESSION_GROUPS = ['cash', 'cashWithDerivatives', 'equityDerivatives', 'currency', 'commodity'] as const;
export type SessionGroup = (typeof SESSION_GROUPS)[number];

const GROUP_OF_EXCHANGE: Readonly<Record<Exchange, SessionGroup>> = {
  NSE: 'cash', BSE: 'cash', NSE_INDEX: 'cash', BSE_INDEX: 'cash',
  NFO: 'equityDerivatives', BFO: 'equityDerivatives',
  CDS: 'currency', BCD: 'currency',
  MCX: 'commodity', MCX_INDEX: 'commodity',
};

/** The market that an instrument trades in. Indices are quoted while their shares trade. */
export function groupOf(of: Traded, hasDerivatives: (base: string) => boolean): SessionGroup {
  if ('group' in of) return of.group;
  const isShare = of.exchange === 'NSE' || of.exchange === 'BSE';
  return isShare && hasDerivatives(of.base) ? 'cashWithDerivatives' : GROUP_OF_EXCHANGE[of.exchange];
}

/** Every group of an exchange; more than one only where shares with and without derivatives keep different hours. */
export function marketsOf(exchange: Exchange): readonly TradedMarket[] {
  const market: TradedMarket = { exchange, group: GROUP_OF_EXCHANGE[exchange] };
  return exchange === 'NSE' || exchange === 'BSE' ? [market, { exchange, group: 'cashWithDerivatives' }] : [market];
}

/**
 * The market of an exchange whose hours all of its instruments share: for NSE and BSE the hours of shares with derivatives,
 * which are the first to close, so that what is planned before the close is in time for every share.
 */
export function marketOf(exchange: Exchange): TradedMarket {
  return marketsOf(exchange).at(-1) ?? { exchange, group: GROUP_OF_EXCHANGE[exchange] };
}
