import type { Exchange } from '../market';
import type { IsoDate } from '../time';
import type { SessionGroup } from './sessionGroup';
import type { SessionKind, TradedMarket } from './tradingCalendar';

/** Which markets a fact is about; what is left out is no restriction. */
export interface MarketFilter {
  readonly exchanges?: readonly Exchange[];
  readonly groups?: readonly SessionGroup[];
}

/** `HH:mm` in India. Without `close` until the usual close. */
export interface SessionSpan {
  readonly open: string;
  readonly close?: string;
  /** Default 'special'. */
  readonly kind?: SessionKind;
}

/** What happens on one day to some markets. 'usual': the usual hours, though the day would rest. */
export interface DayRule extends MarketFilter {
  readonly date: IsoDate;
  readonly reason: string;
  readonly then: 'closed' | 'unknown' | 'usual' | readonly SessionSpan[];
  /** Muhurat trading: a day that counts for nothing but its hour. Default false. */
  readonly ceremonial?: boolean;
}

/** Continuous trading on the days from `from` to `until` inclusive. `summerClose` holds while New York keeps daylight time. */
export interface HoursRow extends MarketFilter {
  readonly from?: IsoDate;
  readonly until?: IsoDate;
  /** A text instead of hours says why nobody knows them. */
  readonly hours: { readonly open: string; readonly close: string; readonly summerClose?: string } | string;
}

/** Everything a calendar is made of. Of several rules or rows that fit, the last one holds. */
export interface CalendarData {
  /** Years whose days are all known: on a weekday without a rule there is trading, on a weekend there is not. */
  readonly years: readonly number[];
  readonly days: readonly DayRule[];
  readonly hours: readonly HoursRow[];
}

export function concerns({ exchanges, groups }: MarketFilter, market: TradedMarket): boolean {
  return (exchanges?.includes(market.exchange) ?? true) && (groups?.includes(market.group) ?? true);
}
