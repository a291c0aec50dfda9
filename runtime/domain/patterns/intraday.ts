import type { Pattern } from './pattern';

/** Share of the range that a strong candle's body exceeds, and the outer share in which it closes. */
const STRONG_BODY = 0.6;
const EXTREME = 0.25;

/** A candle within the range of the one before it, its ends allowed to touch. 100 says that it is one, not that it is bullish. */
export const insideBar: Pattern = {
  name: 'insideBar', title: 'Inside bar', begin: 1,
  look: (c) => (c.high(0) <= c.high(1) && c.low(0) >= c.low(1) ? 100 : 0),
};

/** A body of more than 60 % of the range that closes in its outer quarter: 100 up, -100 down. */
export const strongCandle: Pattern = {
  name: 'strongCandle', title: 'Strong candle', begin: 0,
  look: (c) => {
    if (c.body(0) <= STRONG_BODY * c.range(0)) return 0;
    const rest = c.color(0) === 1 ? c.upperShadow(0) : c.lowerShadow(0);
    return rest <= EXTREME * c.range(0) ? 100 * c.color(0) : 0;
  },
};
