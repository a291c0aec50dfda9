import type { Sessions } from '../ports';
import { createTradingCalendar, type CalendarOptions } from './createTradingCalendar';
import { indiaDate } from './days';
import type { TradingCalendar } from './tradingCalendar';

export interface SessionOptions extends CalendarOptions {
  /** The calendar to ask; default: one of the other options. */
  readonly calendar?: TradingCalendar;
}

/** Whether instruments are in continuous trading, by the calendar. A day that the calendar does not know is closed. */
export function createSessions({ calendar, ...options }: SessionOptions = {}): Sessions {
  const days = calendar ?? createTradingCalendar(options);
  return {
    isOpen: (instrument, at) => days.sessionAt(instrument, at) !== undefined,
    tradingDay: indiaDate,
  };
}

/** A market that never closes, for demos and tests. Its days are India's all the same. */
export const ALWAYS_OPEN: Sessions = { isOpen: () => true, tradingDay: indiaDate };
