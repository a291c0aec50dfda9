export { createCandleBook, type CandleBookOptions, type OpenCandleBook } from './createCandleBook';
export { CANDLE_LIMITS, type CandleLimits } from './limits';
