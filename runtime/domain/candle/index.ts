export { CandleSchema, type Candle } from './candle';
export { CandleRing } from './candleRing';
export { higherColumns, minutesOfTicks, type CandleColumns, type TickColumns } from './columns';
export { HigherCandles, higherCandlesOf, type HigherCandlesOptions } from './higherCandles';
export { DEFAULT_LATE_MS, MinuteBuilder, type BuilderSession, type LeftOut, type MinuteBuilderOptions } from './minuteBuilder';
export { isCandleTimeframe, isOfDays, MAX_CANDLE_DAYS, minuteOf, reachBack, slotsOf, type CandleCalendar, type Slot, type SlotOf } from './slot';
export { Spans, type Span } from './spans';
