export { isTradingDay, tradingDayOnOrBefore } from './calendar';
export { addDays, indiaDate, indiaTime } from './days';
export { ALWAYS_OPEN, createSessions, hoursOn, type SessionOptions, type TradingHours } from './sessions';
