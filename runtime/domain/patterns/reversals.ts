import type { Pattern } from './pattern';

/** How far a counter-attack must reach into the body before it: half for two candles, three tenths for a star (TA-Lib's defaults). */
const HALF = 0.5;
const STAR = 0.3;

/** A body that covers the opposite one before it; 80 where they share an end. TA-Lib's CDLENGULFING. */
export const engulfing: Pattern = {
  name: 'engulfing', title: 'Engulfing', begin: 2,
  look: (c) => {
    const color = c.color(0);
    if (color === c.color(1) || c.top(0) < c.top(1) || c.bottom(0) > c.bottom(1)) return 0;
    const [top, bottom] = [c.top(0) > c.top(1), c.bottom(0) < c.bottom(1)];
    if (top && bottom) return 100 * color;
    return top || bottom ? 80 * color : 0;
  },
};

/** A short body within the long one before it; 80 where they share an end. TA-Lib's CDLHARAMI. */
export const harami: Pattern = {
  name: 'harami', title: 'Harami', begin: 11,
  look: (c) => {
    if (c.body(1) <= c.averageBody(1) || c.body(0) > c.averageBody(0)) return 0;
    if (c.top(0) < c.top(1) && c.bottom(0) > c.bottom(1)) return -100 * c.color(1);
    return c.top(0) <= c.top(1) && c.bottom(0) >= c.bottom(1) ? -80 * c.color(1) : 0;
  },
};

/** After a long black candle a long white one from below its low to above its middle. TA-Lib's CDLPIERCING. */
export const piercing: Pattern = {
  name: 'piercing', title: 'Piercing', begin: 11,
  look: (c) => (c.color(1) === -1 && c.body(1) > c.averageBody(1) && c.color(0) === 1 && c.body(0) > c.averageBody(0)
    && c.open(0) < c.low(1) && c.close(0) < c.open(1) && c.close(0) > c.close(1) + c.body(1) * HALF ? 100 : 0),
};

/** After a long white candle a black one from above its high to below its middle. TA-Lib's CDLDARKCLOUDCOVER. */
export const darkCloudCover: Pattern = {
  name: 'darkCloudCover', title: 'Dark cloud cover', begin: 11,
  look: (c) => (c.color(1) === 1 && c.body(1) > c.averageBody(1) && c.color(0) === -1
    && c.open(0) > c.high(1) && c.close(0) > c.open(1) && c.close(0) < c.close(1) - c.body(1) * HALF ? -100 : 0),
};

/** Long black, short body below it, white that closes well within the first. TA-Lib's CDLMORNINGSTAR. */
export const morningStar: Pattern = {
  name: 'morningStar', title: 'Morning star', begin: 12,
  look: (c) => (c.body(2) > c.averageBody(2) && c.color(2) === -1 && c.body(1) <= c.averageBody(1) && c.gapsDown(1)
    && c.body(0) > c.averageBody(0) && c.color(0) === 1 && c.close(0) > c.close(2) + c.body(2) * STAR ? 100 : 0),
};

/** Long white, short body above it, black that closes well within the first. TA-Lib's CDLEVENINGSTAR. */
export const eveningStar: Pattern = {
  name: 'eveningStar', title: 'Evening star', begin: 12,
  look: (c) => (c.body(2) > c.averageBody(2) && c.color(2) === 1 && c.body(1) <= c.averageBody(1) && c.gapsUp(1)
    && c.body(0) > c.averageBody(0) && c.color(0) === -1 && c.close(0) < c.close(2) - c.body(2) * STAR ? -100 : 0),
};
