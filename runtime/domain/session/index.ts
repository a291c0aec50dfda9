export { isExpected, isTradingDay, tradingDayOnOrBefore } from './calendar';
export type { CalendarData, DayRule, HoursRow, MarketFilter, SessionSpan } from './calendarData';
export { CALENDAR_FILE, readCalendarFile } from './calendarFile';
export { createAlwaysOpenCalendar, createTradingCalendar, type CalendarOptions } from './createTradingCalendar';
export { addDays, indiaDate, indiaMidnight, indiaTime, weekdayOf } from './days';
export { marketOf, marketsOf, SESSION_GROUPS, type SessionGroup } from './sessionGroup';
export { ALWAYS_OPEN, createSessions, type SessionOptions } from './sessions';
export { LOOK_AHEAD_DAYS, MAX_RANGE_DAYS, type CalendarDay, type SessionKind, type Traded, type TradedMarket, type TradingCalendar, type TradingSession } from './tradingCalendar';
